"""The script that takes the pictures of the documentation still finds its way through the page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.starting import clean_environment

DOCS = Path(__file__).parents[2] / "docs"
OF_THE_NATIONAL_FILE = {"charts.png", "explore.png"}
BY_HAND = {"qgis.png"}
_PNG = b"\x89PNG\r\n"

pytestmark = pytest.mark.long


@pytest.mark.usefixtures("browser")
def test_all_pictures_can_be_taken_again(tmp_path: Path):
    environment = {**clean_environment(), "PYTHONPATH": str(DOCS.parent)}
    environment.pop("NID_FILE", None)

    done = subprocess.run(
        [sys.executable, DOCS / "screenshots.py", tmp_path],
        env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    taken = {one.name for one in tmp_path.glob("*.png")}
    shown = {one.name for one in DOCS.glob("*.png")}
    assert taken == shown - OF_THE_NATIONAL_FILE - BY_HAND
    assert all((tmp_path / name).read_bytes().startswith(_PNG) for name in taken)
