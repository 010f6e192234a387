"""What a person is asked about the columns of a file, and what they answer."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dam_inventory.database.inventory import Inventory
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.session.importing import Importing
from dam_inventory.session.store import DamStore
from dam_inventory.views.transfer.columns import Columns
from tests.turns import Page

FILE = "Name of dam,Height,Storage,Lat,Lon,Remark\nUpper,12,100,40.5,-110.5,old\n"


@pytest.fixture
def opened(
    inventory: Inventory,
    feed: ChangeFeed,
    wait_until: Callable[[Callable[[], Any]], None],
) -> Iterator[Callable[..., Columns]]:
    """Read a file that has questions, and return its columns."""
    page = Page(wait_until)
    store = DamStore(inventory, feed, schedule=page.schedule)

    def opened(text: str = FILE) -> Columns:
        content = text.encode()
        store.importing.begin("dams.csv", len(content))
        store.importing.take(0, base64.b64encode(content).decode())
        while store.importing.step != "columns":
            page.answer()
        columns = Columns(store.importing)
        columns.follow()
        return columns

    yield opened
    store.close()


def row(columns: Columns, heading: str) -> dict[str, Any]:
    columns.is_all = True
    return next(one for one in columns.as_dict()["rows"] if one["heading"] == heading)


def taken(columns: Columns) -> dict[str, tuple[str | None, str, str]]:
    importing: Importing = columns._importing
    assert importing.mapping is not None
    return {
        one.heading: (one.field, one.unit, one.decimal_mark)
        for one in importing.mapping.columns
        if not one.question
    }


def test_a_unit_that_the_file_does_not_say_is_asked_for(opened: Callable[..., Columns]):
    columns = opened()
    assert columns.unanswered == 2
    assert row(columns, "Height")["unit"] == ""
    assert "m" in row(columns, "Height")["units"]
    assert "Height" not in taken(columns)

    columns.set_unit("Height", "m")

    assert columns.unanswered == 1
    assert taken(columns)["Height"][1] == "m"
    assert row(columns, "Height")["unit"] == "m"


def test_another_field_with_an_unknown_unit_counts_only_with_its_unit(
    opened: Callable[..., Columns],
):
    columns = opened()
    before = taken(columns)
    columns.take("Remark", "nid_height_ft")

    assert taken(columns) == before
    assert row(columns, "Remark")["field"] == "nid_height_ft"
    assert columns.unanswered == 3
    columns.set_unit("Remark", "ft")

    assert taken(columns)["Remark"] == ("nid_height_ft", "ft", "")
    assert columns.unanswered == 2


def test_a_question_is_answered_by_another_fact(opened: Callable[..., Columns]):
    columns = opened()

    columns.take("Height", None)

    assert taken(columns)["Height"] == (None, "", "")
    assert columns.unanswered == 1


def test_an_unclear_decimal_mark_is_asked_for_after_the_unit(opened: Callable[..., Columns]):
    columns = opened("Name of dam;Height;Lat;Lon\nUpper;1.234;40.5;-110.5\n".replace(".5", ""))
    question = row(columns, "Height")
    assert "decimal mark" in question["question"]
    assert question["mark"] == ""

    columns.set_unit("Height", "m")
    assert "Height" not in taken(columns)
    columns.set_mark("Height", ",")

    assert taken(columns)["Height"][1:] == ("m", ",")


@pytest.mark.parametrize(
    "forged",
    [
        lambda columns: columns.take("Remark", "added_by"),
        lambda columns: columns.take("no such heading", "owner"),
        lambda columns: columns.set_unit("Height", "parsecs"),
        lambda columns: columns.set_mark("Height", ";"),
        lambda columns: columns.set_unit("Lat", "EPSG:1"),
        lambda columns: columns.confirm("no such heading"),
    ],
)
def test_what_no_page_answers_changes_nothing(
    opened: Callable[..., Columns], forged: Callable[[Columns], None]
):
    columns = opened()
    before = taken(columns)

    forged(columns)

    assert taken(columns) == before


def test_columns_that_were_asked_for_stay_where_they_are(opened: Callable[..., Columns]):
    columns = opened()
    shown = [one["heading"] for one in columns.as_dict()["rows"]]

    columns.set_unit("Height", "m")

    assert [one["heading"] for one in columns.as_dict()["rows"]] == shown == ["Height", "Storage"]


def test_a_doubtful_column_is_confirmed(opened: Callable[..., Columns]):
    columns = opened("Name of dam,Year,Lat,Lon\nUpper,1950,40.5,-110.5\n")
    assert row(columns, "Year")["question"] == "Does this column contain Date built?"
    assert row(columns, "Year")["is_yes"]
    assert "Year" not in taken(columns)

    columns.confirm("Year")

    assert taken(columns)["Year"][0] == "date_built"
    assert columns.unanswered == 0
    assert not row(columns, "Year")["is_yes"]


def test_the_columns_of_an_export_that_are_not_imported_are_not_shown(
    opened: Callable[..., Columns],
):
    columns = opened(
        "id,dam_name,has_hydrograph,added_by,added_at,capacity\n1,A,No,,2026-11-27T00:00:00Z,12\n"
    )
    columns.is_all = True
    assert [one["heading"] for one in columns.as_dict()["rows"]] == ["dam_name", "capacity"]
