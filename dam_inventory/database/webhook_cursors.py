"""How far the log has been delivered to each webhook, and which process delivers.

A process that delivers writes a new `beat` every few seconds. Others that see the same beat for
long enough may take over: so the clocks of several machines do not matter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, insert, select, update

from .inventory import Inventory
from .models import WebhookCursorRow as Row

_CURSORS = Row.__table__


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last change that was delivered; the process that delivers, "" for none; its beat."""

    epoch: str
    seq: int
    holder: str
    beat: int


class WebhookCursors:
    """The cursors of all webhooks. Each method is one transaction.

    url: the URL of a webhook. All methods raise DatabaseUnavailable.
    """

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory

    def read(self, url: str) -> Cursor | None:
        """Return the cursor of a webhook, None if it has none."""
        columns = (_CURSORS.c[name] for name in ("epoch", "seq", "holder", "beat"))
        with self._inventory.reading() as connection:
            row = connection.execute(select(*columns).where(_is_of(url))).one_or_none()
        return None if row is None else Cursor(*row)

    def start(self, url: str, cursor: Cursor) -> bool:
        """Give a webhook its first cursor; return False if another process was faster."""
        with self._inventory.writing() as connection:
            if connection.execute(select(Row.url).where(_is_of(url))).first():
                return False
            values = {"epoch": cursor.epoch, "seq": cursor.seq, "holder": cursor.holder}
            connection.execute(insert(Row), {"url": _key(url), **values, "beat": cursor.beat})
            return True

    def take(self, url: str, seen: Cursor, holder: str) -> bool:
        """Make a process the one that delivers, if the cursor is still as that process has seen."""
        is_seen = (Row.holder == seen.holder) & (Row.beat == seen.beat)
        return self._update(_is_of(url) & is_seen, holder=holder)

    def keep(self, url: str, holder: str, epoch: str, seq: int) -> bool:
        """Write how far a process has delivered, and its beat; return False if it is another's."""
        is_its = _is_of(url) & (Row.holder == holder)
        return self._update(is_its, epoch=epoch, seq=seq)

    def release(self, url: str, holder: str) -> None:
        """Let another process deliver at once."""
        self._update(_is_of(url) & (Row.holder == holder), holder="")

    def forget_others(self, urls: Collection[str]) -> None:
        """Remove the cursors of all other webhooks."""
        is_other = Row.url.not_in([_key(url) for url in urls])
        with self._inventory.reading() as connection:
            if not connection.execute(select(Row.url).where(is_other)).first():
                return
        with self._inventory.writing() as connection:
            connection.execute(delete(Row).where(is_other))

    def _update(self, which: ColumnElement[bool], **values: object) -> bool:
        with self._inventory.writing() as connection:
            statement = update(Row).where(which).values(beat=Row.beat + 1, **values)
            return connection.execute(statement).rowcount == 1


def _is_of(url: str) -> ColumnElement[bool]:
    return Row.url == _key(url)


def _key(url: str) -> str:
    """Return what stands for a URL, which may contain a secret."""
    return hashlib.sha256(url.encode()).hexdigest()
