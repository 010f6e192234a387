"""Work lists lead to the dams that need work; what is watched comes first in the news."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from dam_inventory.server.auth import passwords
from tests.ui.conftest import OpenPage
from tests.ui.dashboard_page import DashboardPage
from tests.ui.filters_on_page import FiltersOnPage
from tests.ui.lists_on_page import ListsOnPage
from tests.ui.server import Server
from tests.ui.tasks import Keyboard, expect_shared
from tests.ui.test_links import query_of
from tests.visitor import SAFE, WITH_PASSWORDS

NO_PLAN = "High hazard without an emergency action plan"
RISKY = {"hazard_potential": "High", "eap_prepared": "No"}


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server]) -> Server:
    server = serve("--warm", anonymous="administer")
    server.add_dam("Risky", state="Utah", **RISKY)
    server.add_dam("Safe", state="Utah", hazard_potential="High", eap_prepared="Yes")
    server.add_dam("Late", last_inspection_date="2001", inspection_frequency_years=5.0)
    return server


def test_a_list_becomes_the_filter_and_a_filter_a_list_that_outlives_the_page(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    lists, filters = ListsOnPage(page), FiltersOnPage(page)
    lists.open()
    lists.expect_list(NO_PLAN, "1")
    lists.expect_list("Inspection overdue", "1")
    lists.expect_list("High hazard, poor or unsatisfactory", "no data")

    lists.choose("Inspection overdue")
    filters.expect_chips("Inspection overdue")
    page.table.expect_column(0, ["Late"])
    lists.choose(NO_PLAN)
    filters.expect_chips("Hazard potential: High", "EAP prepared: No")
    page.table.expect_column(0, ["Risky"])
    lists.expect_list(NO_PLAN, "1", is_chosen=True)

    filters.remove("EAP prepared: No")
    lists.save("<i>Mine</i> & all")
    lists.expect_list("<i>Mine</i> & all", "2", is_chosen=True)
    lists.more("<i>Mine</i> & all", "Rename")
    lists.name_field.fill(NO_PLAN)
    page.press("Save")
    expect(lists.part).to_contain_text("There is already a list")
    lists.name_field.fill("Ours")
    page.page.keyboard.press("Enter")
    expect(lists.row("Ours").locator(".choose")).to_be_focused()
    lists.more("Ours", "Remove")
    lists.expect_own()
    page.page.keyboard.press("Enter")  # The focus is on "Undo".
    lists.expect_own("Ours")
    page.settle()

    page.page.reload()
    page.wait_until_open()
    page.press("Clear all")
    lists.open()
    lists.choose("Ours")

    filters.expect_summary("2 of 5 dams")


def test_a_link_to_a_list_opens_it_and_offers_to_keep_it(
    server: Server, open_page: OpenPage
) -> None:
    sender = open_page(server)
    sender.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    lists = ListsOnPage(sender)
    FiltersOnPage(sender).open()
    FiltersOnPage(sender).choose("State", "Utah")
    lists.open()
    lists.save("Ours & <b>yours</b>")
    lists.more("Ours & <b>yours</b>", "Copy link")
    query = expect_shared(sender)

    reader = open_page(server, query=query, viewport=(390, 844))
    FiltersOnPage(reader).expect_summary("2 of 5 dams")
    expect(ListsOnPage(reader).keep).to_have_text('Keep list "Ours & <b>yours</b>"')
    assert "list=" in query_of(reader)
    ListsOnPage(reader).keep.click()

    expect(ListsOnPage(reader).keep).to_be_hidden()
    assert "list=" not in query_of(reader)
    ListsOnPage(reader).open()
    ListsOnPage(reader).expect_list("Ours & <b>yours</b>", "2", is_chosen=True)


def watching_page(server: Server, open_page: OpenPage) -> tuple[DashboardPage, ListsOnPage]:
    """Open a page that watches one list of everybody and the filter "Nevada"."""
    page = open_page(server)
    lists = ListsOnPage(page)
    FiltersOnPage(page).open()
    FiltersOnPage(page).choose("State", "Nevada")
    lists.open()
    lists.watch(NO_PLAN)
    page.press("Watch this filter")
    lists.expect_watched("Nevada")
    page.settle()
    return page, lists


def test_what_is_watched_leads_the_toast_and_the_badge_counts_it(
    serve: Callable[..., Server], open_page: OpenPage
) -> None:
    server = serve("--warm", anonymous="administer")
    moved = server.add_dam("In Nevada", state="Nevada")
    page, lists = watching_page(server, open_page)
    other = open_page(server)

    server.add_dam("Elsewhere", state="Utah")
    page.expect_toast('A new dam has been added: "Elsewhere". Reload to see it.')
    server.add_dam("Near Reno", state="Nevada", **RISKY)
    led = (
        f'1 of 2 new dams matches "Nevada".\n1 of 2 new dams matches "{NO_PLAN}".\n'
        "2 new dams have been added. Reload to see them."
    )
    page.expect_toast(led)
    other.expect_toast("2 new dams have been added. Reload to see them.")
    page.nevermind()
    page.expect_badge("1 / 2 new changes")
    other.nevermind()
    other.expect_badge("2 new changes")

    page.click(lists.quiet)
    expect(lists.quiet).to_be_checked()
    page.settle()
    server.add_dam("Quiet", state="Utah")
    page.expect_badge("1 / 3 new changes")
    other.expect_toast(
        'A new dam has been added: "Quiet". Reload to see it.\n2 earlier changes wait, too.'
    )
    server.inventory.edit(moved, {"state": "Utah"}, server.inventory.snapshot().mark)
    page.expect_toast(
        'The change concerns "Nevada": 1 dam no longer matches.\n'
        '"In Nevada" has been edited. Reload to see it.\n3 earlier changes wait, too.'
    )
    # Nobody was told in vain, or told first and led afterwards.
    assert led in page.toasts_seen
    assert not [one for one in page.toasts_seen if "Quiet" in one]
    assert 'A new dam has been added: "Near Reno". Reload to see it.' not in page.toasts_seen

    page.page.reload()
    page.wait_until_open()
    lists.open()
    lists.expect_watched("Nevada")
    page.settle()
    server.add_dam("Unheard", state="Utah")
    page.expect_badge("0 / 1 new change")
    server.add_dam("Heard", state="Nevada")
    page.expect_toast(
        'The new dam matches "Nevada".\nA new dam has been added: "Heard". Reload to see it.\n'
        "1 earlier change waits, too."
    )


def test_a_login_finds_its_lists_in_another_browser_and_nobody_else_does(
    serve: Callable[..., Server],
    open_page: OpenPage,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("lists") / "passwords.json"
    logins = {name: (name, f"the password of {name}") for name in ("ann", "otto")}
    for login in logins.values():
        passwords.set_password(path, *login)
    server = serve("--warm", *WITH_PASSWORDS, environment=SAFE, passwords_file=path)
    here = open_page(server, login=logins["ann"])
    here.table.search("provo")
    lists = ListsOnPage(here)
    lists.open()
    lists.save("Provo")
    expect(lists.row("Provo").locator(".choose")).to_be_focused()
    lists.watch("Provo")
    here.settle()
    assert here.page.evaluate("localStorage.getItem('dam_inventory.lists')") is None

    there = open_page(server, login=logins["ann"])
    otto = open_page(server, login=logins["otto"])
    server.add_dam("Provo 2")
    there.expect_toast(
        'The new dam matches "Provo".\nA new dam has been added: "Provo 2". Reload to see it.'
    )
    otto.expect_toast('A new dam has been added: "Provo 2". Reload to see it.')
    ListsOnPage(there).open()
    ListsOnPage(there).expect_watched("Provo")
    ListsOnPage(otto).open()
    ListsOnPage(otto).expect_own()


def test_lists_work_by_keyboard_and_at_400_percent(server: Server, open_page: OpenPage) -> None:
    page = open_page(server, viewport=(320, 480))
    keys, lists = Keyboard(page), ListsOnPage(page)
    page.press("Filters")
    keys.go_to("Work lists")
    keys.press("Enter")
    expect(lists.part.locator("summary")).to_be_focused()
    lists.expect_list("Inspection overdue", "1")

    keys.go_to("Watch Inspection overdue")
    keys.press(" ")
    lists.expect_watched("Inspection overdue")
    keys.press("Shift+Tab", "Enter")
    lists.expect_list("Inspection overdue", "1", is_chosen=True)

    assert page.page.evaluate("tests.misplaced()") == []
    keys.press("Escape")
    expect(lists.part).to_be_hidden()
    expect(page.button("Filters")).to_be_focused()
