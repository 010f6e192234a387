"""How long statements take the database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from dam_inventory.database.statements import time_statements
from dam_inventory.runtime import Runtime


def test_each_statement_is_timed_by_its_kind(engine: Engine):
    seen: list[tuple[str, float]] = []
    time_statements(engine, lambda kind, seconds: seen.append((kind, seconds)))

    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))

    assert "select" in [kind for kind, _ in seen]
    assert all(seconds >= 0 for _, seconds in seen)


def test_a_statement_that_fails_is_timed_too(engine: Engine):
    seen: list[str] = []
    time_statements(engine, lambda kind, _: seen.append(kind))

    with engine.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text("SELECT nothing FROM nowhere"))

    assert seen[-1] == "select"


def test_somebody_may_begin_to_listen_while_other_threads_are_at_work(runtime: Runtime):
    seen: list[str] = []
    with ThreadPoolExecutor(4) as threads:
        readings = [threads.submit(runtime.inventory.history, most=1) for _ in range(200)]
        runtime.time_statements(lambda kind, _: seen.append(kind))
        readings += [threads.submit(runtime.inventory.history, most=1) for _ in range(20)]

    assert all(one.exception() is None for one in readings)
    assert "select" in seen
