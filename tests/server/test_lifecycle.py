"""The end of a process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
