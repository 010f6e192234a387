"""The table, without a browser: sorted, searched and turned page by page, on the server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.mercator import Extent, to_mercator
from dam_inventory.domain.permissions import User
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.live.pubsub import PubSub
from dam_inventory.session import store as store_module
from dam_inventory.session.store import DamStore
from dam_inventory.snapshot.criteria import UNKNOWN
from dam_inventory.views.table.table import DamTable
from tests.conftest import SilentRelay
from tests.importing import import_all
from tests.turns import Page
from tests.ui import many

Wait = Callable[[Callable[[], Any]], None]

COLUMNS = ("dam_name", "date_built", "river", "owner")


@pytest.fixture
def engine(database_url: str, opened: Callable[..., Engine]) -> Engine:
    many.fill(database_url)
    return opened(database_url)


@pytest.fixture
def table(store: DamStore, inventory: Inventory) -> DamTable:
    """The table of 2,000 dams."""
    assert inventory.count() == 2_000
    return DamTable(store)


def shown(table: DamTable, column: int = 0) -> list[str]:
    """Return the texts of a column on the page that is shown."""
    return [row[3 + column] for row in json.loads(table.content)["rows"]]


def told(table: DamTable, *names: str) -> list[Any]:
    content = json.loads(table.content)
    return [content[name] for name in names]


@pytest.mark.parametrize(
    ("permissions", "sentence"),
    [({"add_dams"}, "No dams yet. Add one, or import a file."), (set(), "No dams yet.")],
)
def test_an_empty_inventory_says_what_to_do(
    opened: Callable[..., Engine], tmp_path: Path, permissions: set[str], sentence: str
):
    engine = opened(f"sqlite:///{tmp_path / 'empty.db'}", example_dams=False)
    inventory = Inventory(engine)
    feed = ChangeFeed(inventory, PubSub(), SilentRelay(), heartbeat=3600)
    store = DamStore(inventory, feed, user=User("vi", frozenset(permissions)))

    assert told(DamTable(store), "reason") == [sentence]
    store.close()
    feed.close()


def test_the_page_knows_where_its_dams_are(
    table: DamTable, store: DamStore, inventory: Inventory, feed: ChangeFeed
):
    import_all(inventory, [{"dam_name": "Dam 0000 A"}], source="a test")
    feed.catch_up()
    store.reload()

    places = told(table, "places")[0]

    assert shown(table)[:3] == ["Dam 0000", "Dam 0000 A", "Dam 0001"]
    draft = many.draft(0)
    x, y = to_mercator(draft.longitude, draft.latitude)
    assert places[0] == pytest.approx([x, y], abs=0.5)
    assert places[1] is None
    assert len(places) == 10


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("number", range(len(COLUMNS)))
def test_it_sorts_by_each_column_both_ways_with_the_unknown_last(
    table: DamTable, number: int, descending: bool
):
    rows = [one for one in map(many.draft, range(2_000)) if "57" in str(one.dam_name)]
    values = [getattr(row, COLUMNS[number]) for row in rows]
    known = sorted((value for value in values if value is not None), reverse=descending)

    table.param.update(page_size=50, search="57")
    table.sort = f"{'-' if descending else ''}{COLUMNS[number]}"

    assert told(table, "summary") == [f"{len(rows)} of 2,000 dams"]
    assert shown(table, number) == known + [""] * values.count(None)
    assert told(table, "columns")[0][number]["sort"] == (-1 if descending else 1)


@pytest.mark.parametrize("size", [10, 25, 50, 100])
def test_it_has_pages_of_10_to_100_rows(table: DamTable, size: int):
    table.page_size = size
    assert shown(table) == [f"Dam {number:04}" for number in range(size)]
    assert told(table, "first", "last", "count") == [1, size, 2_000]

    table.page = 1
    assert shown(table) == [f"Dam {number:04}" for number in range(size, 2 * size)]
    assert told(table, "first", "last", "pages") == [size + 1, 2 * size, 2_000 // size]

    table.page = 0
    assert told(table, "first", "page") == [1, 0]


def test_a_search_begins_at_its_first_page_and_has_pages_too(table: DamTable):
    table.param.update(page_size=50, page=7)

    table.search = "rio grande"
    assert told(table, "first", "last", "count", "page", "pages") == [1, 50, 100, 0, 2]
    table.page = 1
    assert told(table, "first", "last", "page") == [51, 100, 1]
    table.page = 2
    assert told(table, "first", "last", "page") == [51, 100, 1], "there is no third page"


def test_a_filter_that_is_set_elsewhere_begins_at_the_first_page_but_a_pan_does_not(
    table: DamTable, store: DamStore
):
    store.filter.in_view = True
    table.page = 3

    store.filter.view = Extent(-2e7, -2e7, 2e7, 2e7)
    assert told(table, "page") == [3]

    store.filter.toggle("state", UNKNOWN)
    assert told(table, "page") == [0]


def test_what_is_sorted_anew_begins_at_its_first_page(table: DamTable):
    table.page = 3

    table.sort = "-dam_name"

    assert told(table, "page") == [0]
    assert shown(table)[0] == "Dam 1999"


@pytest.fixture
def turns(wait_until: Wait) -> Page:
    return Page(wait_until)


@pytest.fixture
def many_dams(
    inventory: Inventory, feed: ChangeFeed, turns: Page, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DamTable]:
    """The table of a page with so many dams that sorting and searching them needs workers."""
    monkeypatch.setattr(store_module, "MAX_AT_ONCE", 0)
    store = DamStore(inventory, feed, schedule=turns.schedule)
    yield DamTable(store)
    store.close()


def test_a_page_of_many_dams_stays_until_its_search_is_answered(many_dams: DamTable, turns: Page):
    many_dams.page = 7
    before = many_dams.content

    many_dams.search = "rio grande"
    assert many_dams.content == before
    turns.answer()
    assert many_dams.content == before, "the dams that were found have no order yet"
    turns.answer()

    assert told(many_dams, "search", "first", "count") == ["rio grande", 1, 100]


def test_many_dams_are_sorted_by_a_worker_once(many_dams: DamTable, turns: Page):
    before = many_dams.content

    many_dams.sort = "owner"
    assert many_dams.content == before
    turns.answer()
    assert told(many_dams, "sort", "page") == ["owner", 0]

    many_dams.sort = "-owner"
    assert told(many_dams, "sort") == ["-owner"]
    assert turns.is_idle


def test_many_dams_are_sorted_by_several_columns_in_a_worker(many_dams: DamTable, turns: Page):
    before = many_dams.content

    many_dams.sort = "-river,date_built,owner"
    assert many_dams.content == before
    turns.answer()

    drafts = [many.draft(number) for number in range(2_000)]
    drafts.sort(key=lambda one: (one.owner is None, one.owner or ""))
    drafts.sort(key=lambda one: str(one.date_built))
    drafts.sort(key=lambda one: str(one.river), reverse=True)
    assert shown(many_dams) == [one.dam_name for one in drafts[:10]]
    assert [one["place"] for one in told(many_dams, "columns")[0]] == [0, 2, 1, 3]

    many_dams.page = 1
    assert turns.is_idle, "the order is kept"
    assert shown(many_dams) == [one.dam_name for one in drafts[10:20]]


def test_a_dam_that_is_selected_is_on_the_page_also_with_several_columns(
    table: DamTable, store: DamStore
):
    table.sort = "river,-dam_name"
    rows = store.snapshot.rows()
    wanted = rows[store.snapshot.names(rows).index("Dam 0057")]

    store.selected = int(store.snapshot.ids(np.array([wanted]))[0])

    assert "Dam 0057" in shown(table)
    assert told(table, "page") == [199], "the Snake River comes last, and Dam 0057 at its end"


def test_with_a_filter_the_page_follows_only_a_selected_dam_that_is_found(
    table: DamTable, store: DamStore
):
    table.search = "rio grande"
    rows = store.snapshot.rows()
    names = store.snapshot.names(rows)

    def select(name: str) -> None:
        store.selected = int(store.snapshot.ids(rows[[names.index(name)]])[0])

    found = sorted(f"Dam {number:04}" for number in many.RIO_GRANDE)
    select(found[25])
    assert told(table, "page") == [2]
    assert found[25] in shown(table)

    select(next(one for one in names if one not in found))
    assert told(table, "page") == [2]
