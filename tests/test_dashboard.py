"""The page's script, in a real `panel serve`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.server import serving
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


def test_a_process_that_can_not_reach_its_database_yet_says_so_and_goes_on(tmp_path: Path):
    """As one without a rehearsal."""
    url = f"sqlite:///{tmp_path / 'later' / 'dams.db'}"
    with serving(tmp_path, database_url=url) as server:
        start = server.mark
        with session(server) as page:
            page.send('{"msgid":"1","msgtype":"PULL-DOC-REQ"}')
            page.send("{}")
            page.send("{}")
            wait_for_message(page, "Thedatabaseisnotrespondingatthemoment.")
        server.expect_complaint(
            "A page could not be opened: The database .* can't be opened", start
        )

        (tmp_path / "later").mkdir()
        fetch(server)
        server.expect_log(r"Session \d+ subscribed", start)
        server.expect_no_trouble()
