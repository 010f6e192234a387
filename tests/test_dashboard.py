"""The page's script, in a real `panel serve`."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from sqlalchemy import text

from dam_inventory.database.engine import open_database
from tests.servers import PATIENCE
from tests.starting import wait_until
from tests.ui.server import Server, serving
from tests.ui.sessions import fetch, session, wait_for_message

pytestmark = pytest.mark.slow

DASHBOARD = Path(__file__).parent.parent / "dashboard.py"


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("MAX_DAM", "3", "Did you mean DAM_INVENTORY_MAX_DAMS?"),
        ("DATABASE_URL", "sqlite:////nowhere/at/all.db", "can't be opened"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_a_sentence(
    variable: str, value: str, sentence: str, tmp_path: Path
):
    expect_refusal(tmp_path, sentence, **{f"DAM_INVENTORY_{variable}": value})


@pytest.mark.parametrize("number", ["2", "0"])
def test_processes_that_would_share_a_port_are_refused(number: str, tmp_path: Path):
    options = ("--num-procs", number, "--plugins", "dam_inventory.server.plugin")
    expect_refusal(tmp_path, f"--num-procs {number} is not supported", *options)


def expect_refusal(folder: Path, sentence: str, *options: str, **variables: str) -> None:
    command = [sys.executable, "-m", "panel", "serve", str(DASHBOARD), "--warm", "--port", "0"]
    path = os.pathsep.join([str(DASHBOARD.parent), os.environ.get("PYTHONPATH", "")])
    server = subprocess.run(
        [*command, *options], cwd=folder, env={**os.environ, "PYTHONPATH": path, **variables},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip

    assert server.returncode == 1
    assert sentence in server.stderr
    assert "Traceback" not in server.stderr


def test_a_page_that_waits_for_its_database_keeps_nobody_waiting(tmp_path: Path):
    """A silent database, which only fails after many seconds."""
    engine = open_database(f"sqlite:///{tmp_path / 'dams.db'}")
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / "dams.db")) as silent, serving(tmp_path) as server:
        silent.execute("PRAGMA locking_mode = EXCLUSIVE")
        silent.execute("BEGIN EXCLUSIVE")
        start = server.mark
        expect_apology(server, "Theinventoryisbeingopened.")
        with pytest.raises(HTTPError, match="503"):
            urlopen(server.origin + "/health", timeout=PATIENCE)
        expect_apology(server, "Theinventoryisbeingopened.")
        server.forgive()

        silent.close()
        wait_until(lambda: is_healthy(server), "the database")
        fetch(server)
        server.expect_log(r"Session \d+ subscribed", start)


def is_healthy(server: Server) -> bool:
    try:
        with urlopen(server.origin + "/health", timeout=PATIENCE) as answer:
            return answer.status == 200
    except HTTPError:
        return False
    finally:
        server.forgive()


def test_a_server_that_is_older_than_its_database_says_so_without_its_address(tmp_path: Path):
    engine = open_database(f"sqlite:///{tmp_path / 'dams.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'of the future'"))
    engine.dispose()
    with serving(tmp_path) as server:
        start = server.mark
        told = expect_apology(server, "Thisserverisolderthanitsdatabase.")
        assert "dams.db" not in told
        server.expect_complaint("A page could not be opened: ", start)


def expect_apology(server: Server, sentence: str) -> str:
    with session(server) as page:
        page.send('{"msgid":"1","msgtype":"PULL-DOC-REQ"}')
        page.send("{}")
        page.send("{}")
        return wait_for_message(page, sentence)


def test_a_process_that_can_not_reach_its_database_yet_says_so_and_goes_on(tmp_path: Path):
    """As one without a rehearsal."""
    url = f"sqlite:///{tmp_path / 'later' / 'dams.db'}"
    with serving(tmp_path, database_url=url) as server:
        start = server.mark
        expect_apology(server, "Thedatabaseisnotrespondingatthemoment.")
        server.expect_complaint(
            "A page could not be opened: The database .* can't be opened", start
        )

        (tmp_path / "later").mkdir()
        fetch(server)
        server.expect_log(r"Session \d+ subscribed", start)
        server.expect_no_trouble()


def test_run_as_a_program_it_says_how_to_start_a_server(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, str(DASHBOARD)],
        cwd=tmp_path, capture_output=True, text=True, timeout=120,
    )  # fmt: skip

    assert done.returncode == 1
    assert "panel serve dashboard.py --warm" in done.stderr
    assert not list(tmp_path.iterdir())
