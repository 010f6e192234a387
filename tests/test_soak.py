"""Ten seconds of benchmarks/soak.py, which is meant for half an hour."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.starting import ROOT, clean_environment

pytestmark = [pytest.mark.slow, pytest.mark.long]

SOAK = ROOT / "benchmarks" / "soak.py"


def test_pages_that_come_and_go_miss_nothing_and_cause_no_error():
    done = subprocess.run(
        [sys.executable, str(SOAK), "--quick"],
        env=clean_environment(), capture_output=True, text=True, timeout=300,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    header, _, row = (line for line in done.stdout.splitlines() if line.startswith("|"))
    told = dict(zip(_cells(header), _cells(row), strict=True))
    assert (told["missed"], told["errors"]) == ("0", "0")
    assert int(told["pages opened"]) >= 5


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]
