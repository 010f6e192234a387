"""Findings of `check`: what is well, and what is wrong, with what to do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal, NamedTuple

from ..domain.visible import escaped
from .terminal import LEVELS, colored

Level = Literal["ok", "warning", "error"]


class Finding(NamedTuple):
    """What was found.

    name: what was looked at. message: one or more sentences: what is found, and what to do.
    """

    name: str
    level: Level
    message: str

    def line(self, width: int) -> str:
        """Return the line for people. width: the length of the longest name."""
        space = " " * (max(map(len, LEVELS)) - len(self.level))
        lines = [escaped(one.strip()) for one in self.message.split("\n")]
        return f"{colored(self.level)}{space}  {self.name:{width}}  {' '.join(lines)}"


def worst(findings: Sequence[Finding]) -> Level:
    """Return the worst level of some findings."""
    return max((one.level for one in findings), key=[*LEVELS].index, default="ok")


def show(findings: Sequence[Finding], *, as_json: bool) -> None:
    """Print findings, and how many of them are bad."""
    if as_json:
        found = [one._asdict() for one in findings]
        print(json.dumps({"status": worst(findings), "findings": found}, indent=2))
        return
    width = max(len(one.name) for one in findings)
    for one in findings:
        print(one.line(width))
    counts = [_count(findings, level) for level in ("error", "warning")]
    print(f"{' and '.join(filter(None, counts)) or 'Nothing is wrong'}.")


def _count(findings: Sequence[Finding], level: Level) -> str:
    number = sum(one.level == level for one in findings)
    return f"{number} {level}{'' if number == 1 else 's'}" if number else ""
