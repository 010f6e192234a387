"""The table and the map show what a search finds; see also `tests/test_table.py`."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.ui import many
from tests.ui.conftest import OpenPage
from tests.ui.server import Server


def test_a_search_narrows_the_table_and_the_map(large_server: Server, open_page: OpenPage) -> None:
    page = open_page(large_server)
    expect(page.table.rows).to_have_count(10)
    expect(page.button("Previous page")).to_be_disabled()
    page.table.show_rows(50)
    page.table.expect_range(1, 50, of=2_000)
    page.table.next_page()
    page.table.expect_range(51, 100, of=2_000)
    page.table.previous_page()
    page.table.expect_column(0, [f"Dam {number:04}" for number in range(50)])
    page.table.show_rows(10)
    page.table.expect_range(1, 10, of=2_000)
    page.table.next_page()
    page.table.expect_range(11, 20, of=2_000)

    page.table.search("SNAKE")

    page.table.expect_text("10 of 2,000 dams")
    page.table.expect_range(1, 10, of=10)
    expect(page.button("Next page")).to_be_disabled()
    names = {f"Dam {number:04}" for number in many.SNAKE_RIVER}
    page.map.expect_dams(names)

    page.table.search("no such dam")
    page.table.expect_text("0 of 2,000 dams")
    page.table.expect_text("No dams match the search.")
    page.map.expect_dams(())

    page.table.search("")
    page.table.expect_text("2,000 dams")
    page.map.expect(lambda: len(page.map.dams()) == 2_000, "all dams are on the map again")
