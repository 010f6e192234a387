"""A process of this version beside one of the next, on one database: both hear everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from dam_inventory.database.engine import open_database
from dam_inventory.errors import DamInventoryError
from tests.members import Member

pytestmark = [pytest.mark.slow, pytest.mark.databases("sqlite", "postgresql")]

WaitUntil = Callable[[Callable[[], object]], None]
Start = Callable[..., Member]


@pytest.fixture
def start(tmp_path: Path, database_url: str, wait_until: WaitUntil) -> Iterator[Start]:
    """Start a process of this version or the next, and return it when it listens."""
    with ExitStack() as stack:

        def start(name: str, **options: Any) -> Member:
            log = tmp_path / name
            member = Member(log, database_url=database_url, heartbeat_seconds=3600, **options)
            stack.enter_context(closing(member))
            wait_until(lambda: member.is_connected)
            return member

        yield start


def test_processes_of_two_versions_hear_all_that_either_writes(
    start: Start, database_url: str, wait_until: WaitUntil
):
    old = start("old")
    old.add(["Before the upgrade"])
    assert old.added() == ([3], [])
    new = start("new", is_next=True)

    new.add(["By the new one"])
    assert new.added() == ([4], [])
    old.add(["By the old one"])
    assert old.added() == ([5], [])
    new.rate(1)
    wait_until(lambda: new.heard == [4, 5, 6] and old.heard == [3, 4, 5, 6])
    old.add(["After a change of an unknown kind"])
    assert old.added() == ([7], [])
    wait_until(lambda: new.heard == [4, 5, 6, 7] and old.heard == [3, 4, 5, 6, 7])

    engine = create_engine(database_url)
    with engine.connect() as connection:
        ratings = connection.execute(text("SELECT rating FROM dams ORDER BY id")).scalars().all()
    engine.dispose()
    assert ratings == [5, 0, 0, 0, 0, 0]
    assert "this version does not know (latest: seq 6)" in old.log
    assert "does not know" not in new.log


def test_an_old_process_refuses_to_start_after_the_upgrade(start: Start, database_url: str):
    start("new", is_next=True)

    with pytest.raises(DamInventoryError, match=r"(newer|another) version"):
        open_database(database_url)
