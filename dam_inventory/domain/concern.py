"""Concern: what changes mean for a watched list, in numbers and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .messages import dams

MAX_TOLD = 3
"""So many lists are named in a toast."""


@dataclass(frozen=True, slots=True)
class Concern:
    """Numbers of dams that changed, for one list: by what they were, and are now.

    added: new, and match. joined: did not match, but do now. edited: match as before.
    left: do not match any more. removed: matched, and are not in the inventory any more.
    """

    name: str
    added: int = 0
    joined: int = 0
    edited: int = 0
    left: int = 0
    removed: int = 0

    @property
    def count(self) -> int:
        """The number of dams that concern the list."""
        return self.added + self.joined + self.edited + self.left + self.removed


def sentences(concerns: Sequence[Concern], total: int, added: int) -> list[str]:
    """Say what changes mean for the lists that they concern.

    total: the number of all changes. added: that of new dams among them.
    """
    told = [_sentence(one, total, total == added) for one in concerns[:MAX_TOLD]]
    if others := len(concerns) - len(told):
        lists = "list is" if others == 1 else "lists are"
        told.append(f"{others} other watched {lists} concerned, too.")
    return told


def sentences_of_missed(concerns: Sequence[Concern]) -> list[str]:
    """Say how many of the dams that changed while a page was away match each list now."""
    return [
        f'Of these, {dams(one.count)} {"matches" if one.count == 1 else "match"} "{one.name}".'
        for one in concerns[:MAX_TOLD]
    ]


def _sentence(one: Concern, total: int, are_new: bool) -> str:
    number, many = one.count, max(total, one.count)
    what = "new dam" if are_new else "change"
    if many == 1:
        who, is_one = f"The {what}", True
    elif number == many:
        who, is_one = f"All {many:,} {what}s", False
    else:
        who, is_one = f"{number:,} of {many:,} {what}s", number == 1
    if are_new:
        return f'{who} {"matches" if is_one else "match"} "{one.name}".'
    parts = [
        f"{dams(count)} {happened}"
        for count, happened in (
            (one.added, "added"),
            (one.joined, "now matches" if one.joined == 1 else "now match"),
            (one.edited, "edited"),
            (one.left, "no longer matches" if one.left == 1 else "no longer match"),
            (one.removed, "removed"),
        )
        if count
    ]
    return f'{who} {"concerns" if is_one else "concern"} "{one.name}": {", ".join(parts)}.'
