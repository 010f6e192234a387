"""What docs/api.md shows is done as it says, against a server that is running."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from dam_inventory.live.signed_post import signature
from tests.pages import DOCS, blocks
from tests.servers import missing
from tests.ui.server import Server, clean_environment, dam, serving

PAGE = "api.md"
_IN_THE_PAGE = "http://localhost:5006"
_PLACES = {"Heron": (40.4, -111.5), "Ouzel": (40.5, -111.6), "Far away": (37.1, -113.5)}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with three dams of high hazard in Utah, and one without any fact."""
    folder = tmp_path_factory.mktemp("api_page")
    with serving(folder, "--warm", example_dams=False) as server:
        for name, (latitude, longitude) in _PLACES.items():
            server.inventory.add(
                dam(
                    name, state="Utah", county="Wasatch", hazard_potential="High",
                    nid_storage_acre_ft=100.5, latitude=latitude, longitude=longitude,
                )
            )  # fmt: skip
        server.add_dams("Elsewhere")
        yield server


def run(server: Server, folder: Path, language: str, heading: str, number: int = 0) -> str:
    """Run one block of the page in an empty folder, and return what it says."""
    return run_code(server, folder, language, blocks(PAGE, language)[heading][number])


def run_code(server: Server, folder: Path, language: str, code: str) -> str:
    """Run code for the server of the page in an empty folder, and return what it says."""
    block = code.replace(_IN_THE_PAGE, server.origin)
    program = {"python": [sys.executable, "-c"], "sh": ["sh", "-ec"], "r": ["Rscript", "-e"]}
    environment = {
        **clean_environment(),
        "DAM_INVENTORY_DATABASE_URL": server.database_url,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    done = subprocess.run(
        [*program[language], block], cwd=folder, env=environment,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_block_of_the_page_is_run_by_a_test():
    assert {heading: len(some) for heading, some in blocks(PAGE, "sh").items()} == {
        "curl": 2, "Follow the changes": 1, "Tokens": 1,
    }  # fmt: skip
    assert {heading: len(some) for heading, some in blocks(PAGE, "python").items()} == {
        "QGIS": 1, "Python": 1, "Follow the changes": 1, "Webhooks": 1,
    }  # fmt: skip
    assert [*blocks(PAGE, "r")] == ["R"]
    assert [*blocks(PAGE, "text")] == ["Excel"]


def test_the_server_knows_every_filter_of_the_page(server: Server):
    text = (DOCS / PAGE).read_text("utf-8").split("## Filters")[1].split("\n## ")[0]
    filters = re.findall(r"`([a-z_]+=[^`]+)`", text)
    assert len(filters) >= 15
    for one in filters:
        with urlopen(f"{server.origin}/api/collections/dams/items?{one}", timeout=60) as answer:
            assert json.load(answer)["type"] == "FeatureCollection", one


def test_gdal_reads_the_collection_and_a_part_of_it(server: Server, tmp_path: Path):
    assert run(server, tmp_path, "python", "QGIS") == "4\n3 dams near Salt Lake City\n"


def test_a_spreadsheet_reads_the_address_for_excel(server: Server, tmp_path: Path):
    from python_calamine import load_workbook

    [[address]] = blocks(PAGE, "text").values()
    file = tmp_path / "dams.xlsx"
    with urlopen(address.strip().replace(_IN_THE_PAGE, server.origin), timeout=60) as answer:
        file.write_bytes(answer.read())
    header, *rows = load_workbook(str(file)).get_sheet_by_index(0).to_python()
    assert [row[header.index("dam_name")] for row in rows] == [*_PLACES]
    assert {row[header.index("nid_storage_acre_ft")] for row in rows} == {100.5}


def test_r_reads_a_table(server: Server, tmp_path: Path):
    if not shutil.which("Rscript"):
        missing("There is no R. On Debian and Ubuntu: apt-get install r-base-core")
    said = run(server, tmp_path, "r", "R").split()
    assert said == ["county", "nid_storage_acre_ft", "1", "Wasatch", "301.5"]


def test_pandas_reads_a_table(server: Server, tmp_path: Path):
    assert "Wasatch    301.5" in run(server, tmp_path, "python", "Python")


def test_curl_gets_the_dams_around_a_place(server: Server, tmp_path: Path):
    run(server, tmp_path, "sh", "curl")
    features = json.loads((tmp_path / "dams.geojson").read_text("utf-8"))["features"]
    names = [feature["properties"]["dam_name"] for feature in features]
    assert names == ["Heron", "Ouzel", "Elsewhere"]


def test_curl_gets_nothing_anew_while_nothing_has_changed(server: Server, tmp_path: Path):
    assert run(server, tmp_path, "sh", "curl", 1) == "304\n"
    with (tmp_path / "dams.csv").open(encoding="utf-8", newline="") as file:
        assert [row["dam_name"] for row in csv.DictReader(file)] == [*_PLACES, "Elsewhere"]


def test_a_program_follows_the_changes(server: Server, tmp_path: Path):
    *lines, last = run(server, tmp_path, "python", "Follow the changes").splitlines()
    assert [line.split()[0] for line in lines] == ["1", "2", "3", "4"]
    assert lines[0].endswith(' None DamAdded A new dam has been added: "Heron".')
    assert re.fullmatch(r"Keep for the next time: \w+ 4-\w+", last)


def test_changes_are_streamed(server: Server, tmp_path: Path):
    said = run(server, tmp_path, "sh", "Follow the changes")
    lines = said.splitlines()
    assert len([line for line in lines if line.startswith("data:")]) == 4
    assert not [line for line in lines if line.startswith("event:")]


def test_the_example_for_webhooks_tells_a_forged_body_from_ours():
    known: dict[str, object] = {}
    exec(blocks(PAGE, "python")["Webhooks"][0], known)  # it is our own page
    is_ours = known["is_ours"]
    assert callable(is_ours)
    now = int(time.time())
    header = signature(b'{"seq": 1}', "secret", now)
    assert is_ours(b'{"seq": 1}', header, "secret")
    assert not is_ours(b'{"seq": 2}', header, "secret")
    assert not is_ours(b'{"seq": 1}', header, "another")
    assert not is_ours(b'{"seq": 1}', signature(b'{"seq": 1}', "secret", now - 400), "secret")


def in_short(program: str) -> str:
    """Return the line that the page gives for a program before all else."""
    page = (DOCS / PAGE).read_text("utf-8")
    [line] = re.findall(rf"^- \*\*{program}\*\*: `([^`]+)`$", page, re.MULTILINE)
    return str(line)


def test_the_lines_at_the_top_read_the_dams(server: Server, tmp_path: Path):
    python = f"import pandas\nprint(len({in_short('Python')}))"
    assert run_code(server, tmp_path, "python", python) == "3\n"
    run_code(server, tmp_path, "sh", in_short("curl"))
    assert len(json.loads((tmp_path / "dams.geojson").read_text("utf-8"))["features"]) == 3
    if not shutil.which("Rscript"):
        missing("There is no R. On Debian and Ubuntu: apt-get install r-base-core")
    assert run_code(server, tmp_path, "r", f"cat(nrow({in_short('R')}))") == "3"


def test_a_token_is_made(server: Server, tmp_path: Path):
    assert run(server, tmp_path, "sh", "Tokens").startswith("dam_")
