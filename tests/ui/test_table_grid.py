"""The table by mouse and by keyboard: its columns, its order, and ticked dams."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.ui.conftest import OpenPage
from tests.ui.dashboard_page import DashboardPage
from tests.ui.server import Server

USUAL = ("Name", "Date built", "River", "Owner")


def expect_address(page: DashboardPage, **arguments: str) -> None:
    """Wait until the address has these parts."""
    page.page.wait_for_url(
        lambda url: {
            name: parse_qs(urlsplit(url).query).get(name, [""])[0] for name in arguments
        } == arguments
    )  # fmt: skip


def press(page: DashboardPage, *keys: str) -> None:
    for key in keys:
        page.page.keyboard.press(key)


def test_by_mouse_the_table_is_sorted_by_several_columns_also_for_who_gets_the_link(
    large_server: Server, open_page: OpenPage
) -> None:
    page = open_page(large_server)

    page.table.sort_by("River")
    page.table.sort_by("River")
    heading = page.table.heading("Date built")
    heading.get_by_role("button").click(modifiers=["Shift"])
    expect(heading).to_have_attribute("aria-sort", "ascending")
    heading.get_by_role("button").click(modifiers=["Shift"])

    expect(heading).to_have_attribute("aria-sort", "descending")
    page.table.expect_column(2, ["Snake River"] * 10)
    dates = [str(1850 + number % 150) for number in range(57, 2_000, 200)]
    page.table.expect_column(1, sorted(dates, reverse=True))
    expect_address(page, sort="-river,-date_built")

    receiver = open_page(large_server, query="?sort=-river,-date_built")
    receiver.table.expect_column(1, sorted(dates, reverse=True))
    assert receiver.table.order("River") == "descending"
    assert receiver.table.order("Name") == "none"


def test_by_mouse_columns_are_chosen_moved_and_widened_and_remembered(
    large_server: Server, open_page: OpenPage
) -> None:
    page = open_page(large_server)
    page.table.expect_headings(*USUAL)
    page.press("Columns")
    chooser = page.page.get_by_role("dialog", name="Columns")

    chooser.get_by_label("Owner", exact=True).uncheck()
    page.table.expect_headings(*USUAL[:3])
    chooser.get_by_label("Latitude", exact=True).check()
    page.table.expect_headings(*USUAL[:3], "Latitude")
    chooser.get_by_label("Move River up").click()
    page.table.expect_headings("Name", "River", "Date built", "Latitude")
    chooser.get_by_role("button", name="Close").click()
    expect(chooser).to_be_hidden()

    heading = page.table.heading("River")
    edge = heading.locator(".edge").bounding_box()
    before = heading.bounding_box()
    assert edge is not None
    assert before is not None
    page.page.mouse.move(edge["x"] + 4, edge["y"] + 10)
    page.page.mouse.down()
    page.page.mouse.move(edge["x"] + 64, edge["y"] + 10, steps=4)
    page.page.mouse.up()
    width = round(before["width"] + 60)
    columns = f"dam_name,river:{width},date_built,latitude"
    expect_address(page, columns=columns)
    assert page.table.order("River") == "none", "the drag does not sort"

    page.page.goto(large_server.url)
    page.wait_until_open()
    page.table.expect_headings("Name", "River", "Date built", "Latitude")
    assert heading.bounding_box()["width"] == pytest.approx(width, abs=1)  # type: ignore[index]

    page.page.goto(f"{large_server.url}?columns=owner")
    page.wait_until_open()
    page.table.expect_headings("Name", "Owner")

    page.press("Columns")
    chooser.get_by_role("button", name="Default").click()
    page.table.expect_headings(*USUAL)
    page.page.goto(large_server.url)
    page.wait_until_open()
    page.table.expect_headings(*USUAL)


def test_by_mouse_dams_are_ticked_one_by_one_in_stretches_and_all_at_once(
    large_server: Server, open_page: OpenPage
) -> None:
    page = open_page(large_server)

    page.table.tick("Dam 0001")
    page.table.tick("Dam 0004", modifiers=["Shift"])
    page.table.expect_ticked("Dam 0001", "Dam 0002", "Dam 0003", "Dam 0004")
    page.table.expect_text("4 selected")
    page.table.expect_selected()

    page.table.search("snake")
    page.table.expect_range(1, 10, of=10)
    page.page.get_by_label("Select all 10 dams").click()
    page.table.expect_text("14 selected")
    page.press("Clear")
    expect(page.table.ticked).to_have_count(0)


def test_by_keyboard_the_table_is_one_tab_stop_that_sorts_turns_ticks_and_opens(
    large_server: Server, open_page: OpenPage
) -> None:
    page = open_page(large_server)
    page.button("Columns").focus()

    press(page, "Tab")
    expect(page.table.cell("Dam 0000")).to_be_focused()
    press(page, "ArrowDown", "ArrowDown", "Space")
    page.table.expect_ticked("Dam 0002")
    expect(page.table.cell("Dam 0002")).to_be_focused()
    press(page, "ArrowDown", "ArrowDown", "Shift+Space")
    page.table.expect_ticked("Dam 0002", "Dam 0003", "Dam 0004")

    # As fast as one can.
    press(page, *(["ArrowDown", "Space"] * 5))
    page.table.expect_ticked(*(f"Dam {number:04}" for number in range(2, 10)))
    press(page, *(["Space", "ArrowUp"] * 5))
    page.table.expect_ticked("Dam 0002", "Dam 0003", "Dam 0004")

    press(page, "PageDown")
    page.table.expect_range(11, 20, of=2_000)
    expect(page.table.cell("Dam 0014")).to_be_focused()
    press(page, "End")
    expect(page.table.row("Dam 0014").locator("td.text").last).to_be_focused()
    press(page, "Home", "ArrowRight", "PageUp")
    page.table.expect_range(1, 10, of=2_000)
    expect(page.table.cell("Dam 0004")).to_be_focused()
    press(page, "Enter")
    page.table.expect_selected("Dam 0004")
    page.details.expect_open("Dam 0004")

    page.table.cell("Dam 0000").focus()
    press(page, "Control+Home", "ArrowRight", "ArrowRight", "Enter")
    expect(page.table.heading("River")).to_have_attribute("aria-sort", "ascending")
    press(page, "ArrowLeft", "Shift+Enter", "Shift+Enter")
    expect_address(page, sort="river,-date_built")
    width = page.table.heading("Date built").evaluate("one => one.offsetWidth")
    press(page, "Alt+ArrowRight")
    expect_address(page, columns=f"dam_name,date_built:{width + 16},river,owner")
    expect(page.table.heading("Date built").get_by_role("button")).to_be_focused()

    press(page, "Tab")
    expect(page.page.get_by_label("Rows per page")).to_be_focused()
    press(page, "Shift+Tab")
    expect(page.table.heading("Date built").get_by_role("button")).to_be_focused()


def test_by_keyboard_columns_are_chosen_and_moved(
    large_server: Server, open_page: OpenPage
) -> None:
    page = open_page(large_server)
    page.button("Columns").focus()

    press(page, "Enter")
    chooser = page.page.get_by_role("dialog", name="Columns")
    expect(chooser.get_by_label("Find a column")).to_be_focused()
    page.page.keyboard.type("own")
    expect(chooser.get_by_label("Owner", exact=True)).to_be_visible()
    expect(chooser.get_by_label("River")).to_have_count(0)
    press(page, "Tab", "Tab", "Tab", "Space")
    page.table.expect_headings("Name", "Date built", "River")
    expect(chooser.get_by_label("Owner", exact=True)).to_be_focused()
    press(page, "Space")
    page.table.expect_headings("Name", "Date built", "River", "Owner")
    press(page, "Tab", "Enter")
    page.table.expect_headings("Name", "Date built", "Owner", "River")
    expect(chooser.get_by_label("Move Owner up")).to_be_focused()
    press(page, "Enter")
    page.table.expect_headings("Name", "Owner", "Date built", "River")
    expect(chooser.get_by_label("Move Owner down")).to_be_focused()

    press(page, "Escape")
    expect(chooser).to_be_hidden()
    expect(page.button("Columns")).to_be_focused()


def test_on_a_tablet_the_columns_scroll_in_the_table_and_the_name_stays(
    large_server: Server, open_page: OpenPage
) -> None:
    columns = "?columns=owner:400,river:400,latitude"
    page = open_page(large_server, viewport=(820, 1180), query=columns)
    page.table.expect_headings("Name", "Owner", "River", "Latitude")
    cell = page.table.row("Dam 0000").locator("td.number")

    page.bring(cell)

    expect(cell).to_be_in_viewport(ratio=0.9)
    expect(page.table.cell("Dam 0000")).to_be_in_viewport(ratio=0.9)
    page.expect_nothing_wider_than(820)


def test_the_head_stays_while_the_rows_scroll(large_server: Server, open_page: OpenPage) -> None:
    page = open_page(large_server, query="?rows=100")
    page.table.expect_range(1, 100, of=2_000)

    page.bring(page.table.cell("Dam 0099"))

    expect(page.table.cell("Dam 0099")).to_be_in_viewport()
    expect(page.table.heading("River").get_by_role("button")).to_be_in_viewport()
    assert page.table.heading("River").evaluate("element => tests.isAtHand(element)")


def test_by_mouse_ticked_dams_are_removed_together_and_restored_together(
    server: Server, open_page: OpenPage
) -> None:
    for name in ("Doomed one", "Doomed two", "Doomed three"):
        server.add_dam(name)
    page, other = open_page(server), open_page(server)
    page.table.search("doomed")
    page.table.expect_range(1, 3, of=3)
    page.table.tick("Doomed one")
    page.table.tick("Doomed two")

    page.press("Remove")
    question = page.page.get_by_role("alertdialog", name="Remove dams")
    expect(question).to_contain_text(
        'Remove 2 dams and their hydrographs? "Doomed one" and "Doomed two"', use_inner_text=True
    )
    expect(page.button("Keep")).to_be_focused()
    page.press("Yes, remove")

    page.expect_toast("2 dams have been removed.")
    page.table.expect_column(0, ["Doomed three"])
    expect(question).to_be_hidden()
    other.expect_toast("2 dams have been removed. Reload to update the page.")
    page.toast.get_by_role("button", name="Close").click()
    [removal] = server.inventory.history(most=1)
    server.inventory.undo(removal.seq)
    page.expect_toast("2 dams have been restored. Reload to see them.")
    page.reload()
    page.table.expect_range(1, 3, of=3)


def test_by_keyboard_a_removal_is_asked_and_given_up(server: Server, open_page: OpenPage) -> None:
    server.add_dam("Kept in the end")
    page = open_page(server)
    page.table.search("kept in the end")
    page.table.expect_range(1, 1, of=1)
    page.table.cell("Kept in the end").focus()

    press(page, "Space")
    expect(page.button("Remove")).to_be_visible()
    page.button("Remove").focus()
    press(page, "Enter")
    expect(page.button("Keep")).to_be_focused()
    press(page, "Escape")

    expect(page.page.get_by_role("alertdialog")).to_be_hidden()
    expect(page.button("Remove")).to_be_focused()
    page.table.expect_ticked("Kept in the end")
