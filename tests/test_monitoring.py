"""What docs/monitoring.md says is done as it says, with a server that is running."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.pages import DOCS, blocks
from tests.servers import PATIENCE
from tests.ui.server import Server, serving

PAGE = "monitoring.md"
TEXT = (DOCS / PAGE).read_text("utf-8")
_IN_THE_PAGE = "http://localhost:5006"
_SUFFIXES = r"_(?:total|sum|count|bucket)$"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("monitoring")
    with serving(folder, "--warm", log_format="json") as server:
        (folder / "dams.log").symlink_to("log")
        yield server
        server.forgive()


def do(server: Server, heading: str, number: int = 0) -> str:
    """Run one block, and return what it says."""
    commands = blocks(PAGE, "sh")[heading][number].replace(_IN_THE_PAGE, server.origin)
    done = subprocess.run(
        ["sh", "-ec", commands], cwd=server.database.parent, capture_output=True, text=True,
        timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def status(url: str) -> int:
    try:
        with urlopen(url, timeout=PATIENCE) as answer:
            return answer.status
    except HTTPError as error:
        return error.code


def test_every_block_of_the_page_is_run_by_a_test():
    assert {heading: len(found) for heading, found in blocks(PAGE, "sh").items()} == {
        "Metrics": 2,
        "Logs as JSON": 1,
    }


def test_the_table_names_all_metrics_with_their_types(server: Server):
    families = text_string_to_metric_families(do(server, "Metrics"))
    told = {one.name: one.type for one in families if one.name.startswith("dam_inventory")}

    rows = re.findall(r"^\| `(dam_inventory_\w+)` \| (\w+) \|", TEXT, re.MULTILINE)

    assert {name.removesuffix("_total"): kind for name, kind in rows} == told
    named = {re.sub(_SUFFIXES, "", name) for name in re.findall(r"\bdam_inventory_\w+", TEXT)}
    assert named == set(told)


def test_the_lag_is_found(server: Server):
    assert do(server, "Metrics", 1) == "dam_inventory_unpublished_changes 0.0\n"


def test_kubernetes_keeps_a_process_that_has_lost_its_database(server: Server):
    [block] = blocks(PAGE, "yaml")["Probes of Kubernetes"]
    probes: dict[str, Any] = yaml.safe_load(block)
    urls = {name: server.origin + probe["httpGet"]["path"] for name, probe in probes.items()}
    assert {name: status(url) for name, url in urls.items()} == dict.fromkeys(urls, 200)

    with closing(sqlite3.connect(server.database)) as database:
        database.execute("ALTER TABLE changes RENAME TO gone")
        without = {name: status(url) for name, url in urls.items()}
        database.execute("ALTER TABLE gone RENAME TO changes")

    assert without == {"startupProbe": 503, "readinessProbe": 503, "livenessProbe": 200}


def test_warnings_are_found_in_a_log_of_objects(server: Server):
    status(server.origin + "/api/dams/0/history.csv")

    lines = do(server, "Logs as JSON").splitlines()

    [example] = blocks(PAGE, "json")["Logs as JSON"]
    assert {json.loads(line)["level"] for line in lines} <= {"WARNING", "ERROR"}
    assert any("404 GET /api/dams/0/history.csv" in line for line in lines)
    assert json.loads(example).keys() - {"exception"} == json.loads(lines[0]).keys()
