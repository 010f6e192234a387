"""Hiding passwords in URLs."""

from __future__ import annotations

import pytest

from dam_inventory.config.redaction import shown


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql+psycopg://anna:secret@db:5432/dams", "postgresql+psycopg://anna:***@db:5432/dams"),
        ("redis://:secret@db", "redis://:***@db"),
        ("redis://anna:se/c@re:t@db:port/0", "redis://anna:***@db:port/0"),
        ("redis://db:6379/0?password=se@cret&username=anna", "redis://db:6379/0?password=***&username=anna"),
        ("postgresql+psycopg://db/dams?user=anna&sslpassword=secret", "postgresql+psycopg://db/dams?user=anna&sslpassword=***"),
        ("postgresql+psycopg://anna:sec\nret@db/dams", "postgresql+psycopg://anna:***@db/dams"),
        ("/api/dams.csv?state=Utah&token=dam_12&f=1", "/api/dams.csv?state=Utah&token=***&f=1"),
        ("x?API_KEY=1 y?secret=2", "x?API_KEY=*** y?secret=***"),
        ("/api/dam_" + 64 * "a", "/api/dam_***"),
    ],
)  # fmt: skip
def test_it_hides_passwords(url: str, expected: str):
    assert shown(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///dams.db",
        "sqlite:////srv/a:b@c.db",
        "redis://anna@db:6379/0",
        "dams.db",
        "/dam_inventory_of_the_whole_united_states_of_america_and_its_territories",
        "x@y",
        "",
    ],
)
def test_it_changes_nothing_else(url: str):
    assert shown(url) == url
