"""How far a command has come."""

from __future__ import annotations

import pytest

from dam_inventory.cli import progress as module
from dam_inventory.cli.progress import progress


def test_without_a_terminal_a_line_says_now_and_then_how_far_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    times = iter((0.0, 4.0, 9.0, 11.0, 11.0, 15.0, 22.0, 22.0))
    monkeypatch.setattr(module.time, "monotonic", lambda: next(times))
    with progress("Writing", " dams", 3_000) as done:
        for _ in range(5):
            done(500)

    assert capsys.readouterr().err == "Writing: 1,500 of 3,000 dams\nWriting: 2,500 of 3,000 dams\n"


def test_a_short_command_says_nothing(capsys: pytest.CaptureFixture[str]):
    with progress("Reading", "B", None) as done:
        done(10)

    assert capsys.readouterr().err == ""
