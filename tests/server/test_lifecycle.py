"""The end of a process."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from bokeh.application import Application

from dam_inventory.server.lifecycle import look_after
from tests.servers import PATIENCE

CODE = """
import threading
from pathlib import Path
from dam_inventory.formats import scratch
from dam_inventory.server import lifecycle
one = scratch.folder()
Path(one.name, "dams.gpkg").write_text("the inventory")
"""


@pytest.mark.parametrize(
    "end", ["lifecycle._leave()", "lifecycle._end_within(0.01); threading.Event().wait()"]
)
def test_a_process_leaves_no_temporary_file_however_it_ends(tmp_path: Path, end: str):
    ended = subprocess.run(
        [sys.executable, "-c", CODE + end],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        timeout=4 * PATIENCE,
        check=False,
    )
    assert ended.returncode == 0
    assert [*tmp_path.iterdir()] == []


def test_a_process_that_begins_to_serve_removes_what_a_killed_one_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait_until: Callable[..., None]
):
    subprocess.run(
        [sys.executable, "-c", f"{CODE}\nimport os; os.kill(os.getpid(), 9)"],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        timeout=4 * PATIENCE,
        check=False,
    )
    assert len([*tmp_path.iterdir()]) == 1
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    look_after(Application())

    wait_until(lambda: not [*tmp_path.iterdir()])
