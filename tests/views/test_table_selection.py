"""The dams that are ticked in the table."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from dam_inventory.database.inventory import Inventory
from dam_inventory.session.store import NONE_CHOSEN, DamStore
from dam_inventory.views.table.table import DamTable
from tests.ui import many


@pytest.fixture
def engine(database_url: str, opened: Callable[..., Engine]) -> Engine:
    many.fill(database_url)
    return opened(database_url)


@pytest.fixture
def table(store: DamStore) -> DamTable:
    return DamTable(store)


class Person:
    """Somebody who ticks dams by their names."""

    def __init__(self, table: DamTable, store: DamStore) -> None:
        self._table, self._store, self._turn = table, store, 0

    def tick(self, **request: Any) -> None:
        self._turn += 1
        self._table.ticked = json.dumps([{**request, "turn": self._turn}])

    @property
    def chosen(self) -> list[str]:
        snapshot = self._store.snapshot
        return [snapshot.name(snapshot.row_of(one)) for one in self._store.chosen.tolist()]

    def id_of(self, name: str) -> int:
        rows = self._store.snapshot.rows()
        return int(rows[self._store.snapshot.names(rows).index(name)]) + 1


@pytest.fixture
def person(table: DamTable, store: DamStore) -> Person:
    person = Person(table, store)
    assert store.snapshot.name(store.snapshot.row_of(person.id_of("Dam 0007"))) == "Dam 0007"
    return person


def told(table: DamTable, *names: str) -> list[Any]:
    content = json.loads(table.content)
    return [content[name] for name in names]


def ticked(table: DamTable) -> list[str]:
    return [row[3] for row in json.loads(table.content)["rows"] if row[1]]


def test_a_dam_is_ticked_and_no_longer(table: DamTable, person: Person):
    person.tick(on=True, dam=person.id_of("Dam 0003"))
    person.tick(on=True, dam=person.id_of("Dam 0001"))
    assert person.chosen == ["Dam 0001", "Dam 0003"] == ticked(table)
    assert told(table, "ticked", "isWhole") == ["2", False]

    person.tick(on=False, dam=person.id_of("Dam 0003"))
    assert person.chosen == ["Dam 0001"] == ticked(table)
    person.tick(clear=True)
    assert person.chosen == [] == ticked(table)
    assert told(table, "ticked") == [""]


def test_what_was_answered_already_is_not_taken_again(
    table: DamTable, person: Person, store: DamStore
):
    """Of several changes within a moment a browser sends only the last."""
    ids = [person.id_of(f"Dam 000{number}") for number in range(3)]
    requests = [{"on": True, "dam": one, "turn": turn} for turn, one in enumerate(ids, 5)]

    table.ticked = json.dumps(requests[:2])
    assert store.chosen.tolist() == ids[:2]
    assert told(table, "turn") == [6]
    store.chosen = NONE_CHOSEN
    table.ticked = json.dumps(requests)

    assert store.chosen.tolist() == ids[2:]
    assert told(table, "turn") == [7]


@pytest.mark.parametrize("sort", ["-dam_name", "river,-dam_name"])
def test_a_stretch_follows_the_order_of_the_table_over_its_pages(
    table: DamTable, person: Person, sort: str
):
    table.sort = sort
    last = [f"Dam {number:04}" for number in range(1985, 2000)]

    person.tick(on=True, dam=person.id_of("Dam 1985"))
    table.page = 1
    person.tick(on=True, dam=person.id_of("Dam 1999"), **{"from": person.id_of("Dam 1985")})

    assert person.chosen == [one for one in last if sort == "-dam_name" or int(one[4:]) != 0]


def test_all_of_the_filter_are_ticked_and_stay_so_when_the_filter_changes(
    table: DamTable, person: Person
):
    table.search = "snake"
    person.tick(on=True, all=True)
    assert person.chosen == [f"Dam {number:04}" for number in many.SNAKE_RIVER]
    assert told(table, "ticked", "isWhole") == ["10", True]

    table.search = ""
    assert told(table, "ticked", "isWhole") == ["10", False]
    person.tick(on=True, all=True)
    assert told(table, "ticked", "isWhole") == ["2,000", True]
    table.search = "snake"
    person.tick(on=False, all=True)
    assert told(table, "ticked", "isWhole") == ["1,990", False]


def test_a_dam_that_is_removed_is_no_longer_ticked(
    table: DamTable, person: Person, store: DamStore, inventory: Inventory
):
    doomed, edited = (person.id_of(name) for name in ("Dam 0003", "Dam 0004"))
    for one in (doomed, edited):
        person.tick(on=True, dam=one)

    store.edit(edited, {"river": "Ebro"}, store.snapshot.mark)
    store.remove(doomed)

    assert store.chosen.tolist() == [edited]
    assert ticked(table) == ["Dam 0004"]


@pytest.mark.parametrize(
    "requests",
    [
        "", "[", "7", "null", '"all"', "[1]", "{}", "[" * 19_000, '[{"clear": true}]',
        *(
            f'[{{"turn": 9, {one}}}]'
            for one in (
                '"on": 1, "dam": 1', '"on": true', '"on": true, "dam": "1"',
                '"on": true, "dam": true', '"on": true, "dam": 1.0', '"on": true, "dam": -1',
                '"on": true, "dam": 99999', '"on": true, "dam": null', '"on": true, "dam": NaN',
                '"on": true, "dam": 9223372036854775808', '"on": true, "all": "yes"',
                '"clear": 1', f'"clear": true, "junk": "{"x" * 20_000}"',
            )
        ),
        '[{"turn": "9", "clear": true}]', '[{"turn": true, "clear": true}]',
        '[{"turn": 0, "clear": true}]',
    ],
)  # fmt: skip
def test_what_is_no_valid_request_changes_nothing(table: DamTable, person: Person, requests: str):
    person.tick(on=True, dam=person.id_of("Dam 0002"))

    table.ticked = requests

    assert person.chosen == ["Dam 0002"]


def test_a_stretch_from_a_dam_that_is_not_shown_is_one_dam(table: DamTable, person: Person):
    first, last = person.id_of("Dam 0000"), person.id_of("Dam 0057")
    table.search = "snake"

    person.tick(on=True, dam=last, **{"from": first})
    person.tick(on=True, dam=person.id_of("Dam 0257"), **{"from": "0"})

    assert person.chosen == ["Dam 0057", "Dam 0257"]


def test_two_to_four_ticked_dams_are_compared_in_the_order_of_the_table(
    table: DamTable, person: Person, store: DamStore
):
    shown: list[tuple[int, ...]] = []
    table.param.watch(lambda _: shown.append(store.compared), "compare")
    table.sort = "-dam_name"
    ids = [person.id_of(name) for name in ("Dam 0001", "Dam 0003", "Dam 0002")]
    person.tick(on=True, dam=ids[0])
    person.tick(compare=True)
    assert told(table, "refusal") == ["Tick 2 to 4 dams to compare them: 1 is ticked."]

    for dam_id in ids[1:]:
        person.tick(on=True, dam=dam_id)
    assert told(table, "refusal") == [""]
    person.tick(compare=True)

    assert shown == [(ids[1], ids[2], ids[0])] == [store.compared]


def test_more_than_four_ticked_dams_are_refused_in_words(
    table: DamTable, person: Person, store: DamStore
):
    person.tick(on=True, all=True)
    person.tick(compare=True)

    assert told(table, "refusal") == ["Tick 2 to 4 dams to compare them: 2,000 are ticked."]
    assert store.compared == ()
