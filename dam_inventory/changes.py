"""The facts that the log of changes tells, and the sentences that people read of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class DamAdded:
    """Somebody added one dam."""

    seq: int
    at: dt.datetime
    by: str | None
    dam_id: int
    dam_name: str

    @property
    def count(self) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class DamsImported:
    """A file was imported: `count` dams, whose ids are `first_id` to `last_id`."""

    seq: int
    at: dt.datetime
    by: str | None
    first_id: int
    last_id: int
    count: int
    source: str


Fact = DamAdded | DamsImported


def fact(row: Mapping[Any, Any]) -> Fact:
    """Return the fact that a row of the table `changes` tells."""
    common = (row["seq"], row["at"], row["by"])
    if row["kind"] == "DamAdded":
        return DamAdded(*common, dam_id=row["dam_id"], dam_name=row["dam_name"])
    return DamsImported(*common, **row["details"])


def count(facts: Sequence[Fact]) -> int:
    """Return how many dams the facts are about."""
    return sum(one.count for one in facts)


def announcement(facts: Sequence[Fact]) -> str:
    """Return what a toast says of changes that this session does not show yet."""
    number = count(facts)
    if number == 1:
        return f"{_one_dam(facts)}. Reload to see it."
    return f"{number:,} new dams have been added. Reload to see them."


def confirmation(own: Fact, loaded_with_it: Sequence[Fact]) -> str:
    """Return what a toast says to the person whose own change was just loaded."""
    sentence = f'Your dam has been added: "{getattr(own, "dam_name", "")}".'
    number = count(loaded_with_it)
    if not number:
        return sentence
    others = "Another new dam was" if number == 1 else f"{number:,} other new dams were"
    return f"{sentence} {others} loaded with it."


def _one_dam(facts: Sequence[Fact]) -> str:
    one = next(f for f in facts if f.count)
    named = f': "{one.dam_name}"' if isinstance(one, DamAdded) else ""
    return f"A new dam has been added{named}"
