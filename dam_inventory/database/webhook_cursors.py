"""How far the log has been delivered to each webhook, and which process delivers.

A process that delivers writes a new `beat` every few seconds. Others that see the same beat for
long enough may take over: so the clocks of several machines do not matter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, fields

from sqlalchemy import ColumnElement, delete, insert, select, update

from .inventory import Inventory
from .models import WebhookCursorRow as Row

_CURSORS = Row.__table__


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last change that was delivered; the process that delivers, "" for none; its beat."""

    epoch: str
    seq: int
    token: str
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
        columns = (_CURSORS.c[field.name] for field in fields(Cursor))
        with self._inventory.reading() as connection:
            row = connection.execute(select(*columns).where(_is_of(url))).one_or_none()
        return None if row is None else Cursor(*row)

    def start(self, url: str, cursor: Cursor) -> bool:
        """Give a webhook its first cursor; return False if another process was faster."""
        with self._inventory.writing() as connection:
            if connection.execute(select(Row.url).where(_is_of(url))).first():
                return False
            connection.execute(insert(Row), {"url": _key(url), **asdict(cursor)})
            return True

    def take(self, url: str, seen: Cursor, holder: str) -> bool:
        """Make a process the one that delivers, if the cursor is still as that process has seen."""
        is_seen = (Row.holder == seen.holder) & (Row.beat == seen.beat)
        return self._update(_is_of(url) & is_seen, holder=holder)

    def keep(self, url: str, holder: str, epoch: str, seq: int, token: str) -> bool:
        """Write how far a process has delivered, and its beat; return False if it is another's."""
        is_its = _is_of(url) & (Row.holder == holder)
        return self._update(is_its, epoch=epoch, seq=seq, token=token)

    def release(self, url: str, holder: str) -> None:
        """Let another process deliver at once."""
        self._update(_is_of(url) & (Row.holder == holder), holder="")

    def forget_others(self, urls: Collection[str], is_dead: Callable[[str], bool]) -> None:
        """Remove the cursors of all other webhooks, but those that a process still holds.

        is_dead: whether a holder has ended for certain.
        """
        is_other = Row.url.not_in([_key(url) for url in urls])
        with self._inventory.reading() as connection:
            found = connection.execute(select(Row.url, Row.holder).where(is_other)).all()
        for key, holder in found:
            if not holder or is_dead(holder):
                with self._inventory.writing() as connection:
                    which = (Row.url == key) & (Row.holder == holder)
                    connection.execute(delete(Row).where(which))

    def _update(self, which: ColumnElement[bool], **values: object) -> bool:
        with self._inventory.writing() as connection:
            statement = update(Row).where(which).values(beat=Row.beat + 1, **values)
            return connection.execute(statement).rowcount == 1


def _is_of(url: str) -> ColumnElement[bool]:
    return Row.url == _key(url)


def _key(url: str) -> str:
    """Return what stands for a URL, which may contain a secret."""
    return hashlib.sha256(url.encode()).hexdigest()
