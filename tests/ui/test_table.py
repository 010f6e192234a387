"""The table: sorted, searched and turned page by page, on the server."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.ui import many
from tests.ui.conftest import OpenPage
from tests.ui.server import Server

COLUMNS = {"Name": "dam_name", "Owner": "owner", "River": "river", "Date built": "date_built"}


def test_it_sorts_by_each_column_both_ways_with_the_unknown_last(
    large_server: Server, open_page: OpenPage
) -> None:
    page = open_page(large_server)
    page.table.show_rows(50)
    page.table.search("57")
    rows = [one for one in map(many.draft, range(2000)) if "57" in str(one.dam_name)]
    page.table.expect_text(f"{len(rows)} of 2,000 dams")

    for number, (label, field) in enumerate(COLUMNS.items()):
        values = [getattr(row, field) for row in rows]
        known = sorted(value for value in values if value is not None)
        unknown = [""] * values.count(None)
        if label != "Name":  # By which it is sorted already.
            page.table.sort_by(label)
        assert page.table.order(label) == "ascending"
        page.table.expect_column(number, known + unknown)

        page.table.sort_by(label)
        assert page.table.order(label) == "descending"
        page.table.expect_column(number, known[::-1] + unknown)


def test_it_has_pages_of_10_25_and_50_rows(large_server: Server, open_page: OpenPage) -> None:
    page = open_page(large_server)
    expect(page.table.rows).to_have_count(10)
    page.table.expect_text("2,000 dams")
    page.table.expect_range(1, 10, of=2_000)
    expect(page.button("Previous page")).to_be_disabled()

    for rows in (25, 50):
        page.table.show_rows(rows)
        expect(page.table.rows).to_have_count(rows)
        page.table.expect_range(1, rows, of=2_000)
    page.table.next_page()
    page.table.expect_range(51, 100, of=2_000)
    page.table.expect_column(0, [f"Dam {number:04}" for number in range(50, 100)])
    page.table.previous_page()
    page.table.expect_column(0, [f"Dam {number:04}" for number in range(50)])

    page.table.search("rio grande")
    page.table.expect_range(1, 50, of=100)
    page.table.next_page()
    page.table.expect_range(51, 100, of=100)
    expect(page.button("Next page")).to_be_disabled()


def test_a_search_narrows_the_table_and_the_map(large_server: Server, open_page: OpenPage) -> None:
    page = open_page(large_server)
    page.table.next_page()
    page.table.expect_range(11, 20, of=2_000)

    page.table.search("SNAKE")

    page.table.expect_text("10 of 2,000 dams")
    page.table.expect_range(1, 10, of=10)
    names = {f"Dam {number:04}" for number in many.SNAKE_RIVER}
    page.map.expect(lambda: set(page.map.dams()) == names, "only those found are on the map")
    assert page.map.clusters() == []

    page.table.search("no such dam")
    page.table.expect_text("0 of 2,000 dams")
    page.table.expect_text("No dams match the search.")
    page.map.expect(lambda: page.map.dams() == {}, "the map is empty")

    page.table.search("")
    page.table.expect_text("2,000 dams")
    page.map.expect(lambda: page.map.clusters() != [], "all dams are on the map again")
