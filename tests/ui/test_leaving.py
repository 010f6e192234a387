"""Back, the title, and leaving the page: none of them loses what a person has begun."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Dialog, expect

from tests.ui.conftest import OpenPage
from tests.ui.dashboard_page import DashboardPage
from tests.ui.server import Server

WIDE, PHONE = (1280, 900), (390, 844)
DEPTH = "(depth) => (history.state?.layers ?? []).length === depth"


def expect_depth(page: DashboardPage, depth: int) -> None:
    """Wait until the history has entries for so many layers."""
    page.page.wait_for_function(DEPTH, arg=depth)


def go_back(page: DashboardPage, depth: int) -> None:
    """Press Back, and wait until so many layers are left."""
    page.page.go_back()
    expect_depth(page, depth)
    page.settle()


@contextmanager
def asked(page: DashboardPage, *, leaves: bool = False) -> Iterator[list[str]]:
    """Answer the browser's question whether to leave, and note that it was asked."""
    questions: list[str] = []

    def answer(dialog: Dialog) -> None:
        questions.append(dialog.type)
        dialog.accept() if leaves else dialog.dismiss()

    page.page.on("dialog", answer)
    yield questions
    page.page.remove_listener("dialog", answer)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=str)
def test_back_closes_the_form_then_the_card_and_keeps_the_draft(
    server: Server, open_page: OpenPage, size: tuple[int, int]
) -> None:
    page = open_page(server, viewport=size)
    page.mark()
    page.select("Jordanelle")
    expect_depth(page, 1)
    page.edit_form.open()
    expect_depth(page, 2)
    page.edit_form.fill(river="Green River")

    go_back(page, 1)
    page.edit_form.expect_closed()
    page.details.expect_open("Jordanelle")
    page.edit_form.open()
    expect(page.edit_form.field("River")).to_have_value("Green River")
    expect_depth(page, 2)
    page.edit_form.cancel()
    expect_depth(page, 1)

    go_back(page, 0)
    expect(page.page.locator(".side")).to_be_hidden()
    page.page.wait_for_url(lambda url: "selected=" not in url)
    assert page.is_marked, "The page was loaded anew."
    page.page.go_back()
    page.page.wait_for_url("about:blank")


def test_what_is_closed_otherwise_leaves_nothing_to_go_back_to(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    page.select("Jordanelle")
    expect_depth(page, 1)
    page.page.keyboard.press("Escape")
    expect(page.page.locator(".side")).to_be_hidden()
    expect_depth(page, 0)

    page.page.go_back()

    page.page.wait_for_url("about:blank")


def test_back_on_a_phone_closes_filters_list_drawer_and_panel(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server, viewport=PHONE)
    page.mark()
    rail = page.page.get_by_role("search", name="Filters")

    page.press("Filters")
    expect(rail).to_be_visible()
    expect_depth(page, 1)
    go_back(page, 0)
    expect(rail).to_be_hidden()

    page.press("Dams in view")
    dams = page.page.get_by_role("dialog")
    expect(dams).to_be_visible()
    expect_depth(page, 1)
    go_back(page, 0)
    expect(dams).to_be_hidden()

    page.open_sidebar()
    expect_depth(page, 1)
    go_back(page, 0)
    expect(page.page.get_by_role("heading", name="Layers")).to_be_hidden()

    page.press("Larger panel")
    expect_depth(page, 1)
    page.open_tab("Charts")
    expect_depth(page, 2)
    go_back(page, 1)
    expect(page.page.get_by_role("tab", name="Table")).to_have_attribute("aria-selected", "true")
    go_back(page, 0)
    expect(page.button("Larger panel")).to_be_enabled()
    assert page.is_marked


def test_after_a_reload_back_still_closes_the_card_first(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    page.select("Jordanelle")
    expect_depth(page, 1)
    page.page.wait_for_url("**selected=*")
    page.page.reload()
    page.wait_until_open()
    page.details.expect_open("Jordanelle")
    page.mark()

    go_back(page, 0)

    expect(page.page.locator(".side")).to_be_hidden()
    assert page.is_marked


def test_a_card_that_a_link_opened_is_no_step_of_ones_own(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server, query=f"?selected={server.id_of('Jordanelle')}")
    page.details.expect_open("Jordanelle")
    page.settle()

    page.page.go_back()

    page.page.wait_for_url("about:blank")


def test_an_entry_of_the_history_has_the_address_of_now(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    page.select("Jordanelle")
    expect_depth(page, 1)
    page.page.get_by_role("button", name="Zoom in").click()
    page.page.wait_for_url("**view=*")

    go_back(page, 0)

    expect(page.page.locator(".side")).to_be_hidden()
    page.page.wait_for_url(lambda url: "view=" in url and "selected=" not in url)


def test_the_title_shows_the_whole_map_and_loses_nothing(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    home = page.map.view
    page.table.search("e")
    page.open_form()
    page.form.fill(name="Heron Lake")
    page.mark()
    page.map.zoom(3)

    page.page.get_by_role("heading", level=1).click()

    page.page.wait_for_function("(home) => `${tests.map.range()}` === `${home}`", arg=list(home))
    expect(page.form.field("Name")).to_have_value("Heron Lake")
    expect(page.table.search_field).to_have_value("e")
    assert page.is_marked


@pytest.mark.long
@pytest.mark.parametrize("card", ["add", "edit"])
def test_the_browser_asks_before_a_draft_is_lost_also_one_that_is_hidden(
    server: Server, open_page: OpenPage, card: str
) -> None:
    page = open_page(server)
    if card == "add":
        page.open_form()
    else:
        page.select("Jordanelle")
        page.edit_form.open()
    with asked(page, leaves=True) as questions:
        page.page.reload()
    assert questions == [], "Nothing was typed yet."
    page.wait_until_open()
    if card == "add":
        page.open_form()
    else:
        page.details.expect_open("Jordanelle")
        page.edit_form.open()
    page.form.fill(name="Heron Lake")
    page.settle()
    page.mark()

    with asked(page) as questions:
        page.page.evaluate("location.reload()")
        go_back(page, 1 if card == "edit" else 0)
        page.form.expect_closed()
        page.page.evaluate("location.reload()")
        page.settle()
    assert questions == ["beforeunload"] * 2
    assert page.is_marked

    page.press("Add dam" if card == "add" else "Edit")
    page.form.wait_for()
    page.form.cancel()
    page.settle()
    assert page.page.evaluate("damInventory.drafts()") == [], "It would open again by itself."
    with asked(page, leaves=True) as questions:
        page.page.reload()
    assert questions == []
