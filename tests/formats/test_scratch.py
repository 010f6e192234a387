"""Temporary files do not outlive their process."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from dam_inventory.formats import scratch

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signal 0 is only sent on Unix")

MAKE = "import os; from dam_inventory.formats import scratch; one = scratch.folder(); {}"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def leave_one(folder: Path, how: str) -> None:
    environment = {**os.environ, "TMPDIR": str(folder)}
    subprocess.run([sys.executable, "-c", MAKE.format(how)], env=environment, check=False)


def test_what_a_killed_process_left_is_removed_but_nothing_of_those_at_work(folder: Path):
    leave_one(folder, "os.kill(os.getpid(), 9)")
    assert len([*folder.iterdir()]) == 1
    foreign = folder / "dam-inventory-of-somebody"
    foreign.mkdir()
    with scratch.folder() as own:
        scratch.remove_of_the_dead()
        assert {*folder.iterdir()} == {foreign, Path(own)}


def test_a_process_that_ends_at_once_removes_its_own(folder: Path):
    leave_one(folder, "scratch.remove_own(); os._exit(0)")
    assert [*folder.iterdir()] == []


def test_what_an_earlier_process_of_the_same_number_left_is_removed(folder: Path):
    with scratch.folder() as left:
        os.utime(left, (1, 1))
        scratch.remove_of_the_dead()
        assert [*folder.iterdir()] == []
