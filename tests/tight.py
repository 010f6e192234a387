"""For `panel serve --plugins tests.tight`: a disk that is full while there is a file "full"."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import Pool

_PLENTY = 1_000_000


def _limit(connection: Any, _record: Any, _proxy: Any) -> None:
    # SQLite goes down to the pages that the database has, and not below.
    pages = 1 if Path("full").exists() else _PLENTY
    connection.execute(f"PRAGMA max_page_count = {pages}")


event.listen(Pool, "checkout", _limit)

ROUTES: list[object] = []
