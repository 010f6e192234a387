"""Content of the toast: its text and buttons as JSON, written once for many sessions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache

from ...domain import messages
from ...domain.changes import Change
from ...domain.mark import Mark
from ...live.change_feed import Condition
from ..components.escape import as_json

WARNINGS = {
    Condition.CURRENT: "",
    Condition.UNAVAILABLE: messages.STALE,
    Condition.MISSING: messages.MISSING,
    Condition.OUTDATED: "A newer version of the dashboard has upgraded the database. What you see "
    "may be incomplete. Reload the page in a few minutes.",
    Condition.FAILED: "Changes can't be read because of an unexpected error. It has been "
    "logged. What you see may be out of date.",
}
"""What is said of each condition of the feed."""


def announcement(changes: Sequence[Change], earlier: int) -> str:
    """Return the sentence about new changes; see `messages.announcement`."""
    return _announcement(_Changes(changes), earlier)


def read(content: str) -> tuple[Mark | None, object, object]:
    """Return `seen`, `own` and `epoch` of a content that a browser has sent."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        return None, 0, ""
    return Mark.read(str(said.get("seen"))), said.get("own"), said.get("epoch")


class _Changes(tuple[Change, ...]):
    """A key of changes for a cache that hundreds of sessions use at once.

    Its hash is cheap: hashing every change would take longer than writing the sentence. Sessions
    share the same objects, so comparing them is fast.
    """

    def __hash__(self) -> int:
        return hash((len(self), self[-1].seq))


@lru_cache(maxsize=8)
def _announcement(changes: _Changes, earlier: int) -> str:
    return messages.announcement(changes, earlier)


@lru_cache(maxsize=8)
def written(
    text: str, reloads: bool, own: int, undoes: bool, seen: Mark, epoch: str, warning: str
) -> str:
    """Return the content of a toast. seen: the newest change in it. own: the `seq` of the own one.

    reloads: whether *Reload* is offered. undoes: whether the own change may be undone.
    """
    return as_json(
        {
            "text": text,
            "reloads": reloads,
            "own": own,
            "undoes": undoes,
            "seen": str(seen),
            "epoch": epoch,
            "warning": warning,
        }
    )
