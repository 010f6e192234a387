"""Where the focus goes, and what Escape closes; confirmations that leave by themselves."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.ui.conftest import OpenPage
from tests.ui.dashboard_page import DashboardPage
from tests.ui.server import Server


def card(page: DashboardPage):
    """What lies over the map."""
    return page.page.locator(".side")


def test_the_focus_goes_into_a_card_and_back_to_what_opened_it(
    server: Server, open_page: OpenPage
) -> None:
    server.add_dam("Focused")
    page = open_page(server)
    keys = page.page.keyboard
    page.table.search("focused")
    page.table.cell("Focused").focus()

    keys.press("Enter")
    expect(card(page)).to_be_focused()
    expect(card(page)).to_have_attribute("aria-label", "Focused")

    page.button("Edit").focus()
    keys.press("Enter")
    expect(page.edit_form.field("Name")).to_be_focused()
    keys.press("End")
    keys.type(" dam")
    keys.press("Escape")
    page.edit_form.expect_closed()
    expect(page.button("Edit")).to_be_focused()

    # The draft was kept; Cancel drops it.
    keys.press("Enter")
    expect(page.edit_form.field("Name")).to_be_focused()
    expect(page.edit_form.field("Name")).to_have_value("Focused dam")
    page.edit_form.cancel()
    expect(page.button("Edit")).to_be_focused()
    keys.press("Enter")
    expect(page.edit_form.field("Name")).to_have_value("Focused")
    page.edit_form.fill(river="Green River")
    page.edit_form.save()
    page.edit_form.expect_closed()
    expect(page.button("Edit")).to_be_focused()

    page.button("History").focus()
    keys.press("Enter")
    expect(page.history.title).to_have_text('History of "Focused"')
    expect(card(page)).to_be_focused()
    keys.press("Escape")
    expect(page.button("History")).to_be_focused()

    page.button("Remove").focus()
    keys.press("Enter")
    expect(page.button("Keep")).to_be_focused()
    keys.press("Escape")
    expect(page.button("Keep")).to_be_hidden()
    expect(page.button("Remove")).to_be_focused()

    keys.press("Escape")
    page.details.expect_closed()
    expect(page.table.cell("Focused")).to_be_focused()


def test_the_form_to_add_a_dam_has_the_focus_and_gives_it_back(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    keys = page.page.keyboard
    # The filters have opened, but not by this person.
    expect(page.page.get_by_role("search", name="Filters")).to_be_visible()
    assert page.page.evaluate("document.activeElement === document.body")

    page.press("Add dam")
    expect(page.form.field("Name")).to_be_focused()
    expect(page.form.field("Name")).to_have_attribute("required", "")
    page.press("Close")
    page.form.expect_closed()
    expect(page.button("Add dam")).to_be_focused()

    keys.press("Enter")
    expect(page.form.field("Name")).to_be_focused()
    page.form.fill(name="Given", river="Back", date_built="1950", latitude="40.5")
    page.form.add()
    page.form.expect_error("longitude", "Longitude is required; or click on the map.")
    expect(page.form.field("Longitude")).to_be_focused()
    # What is corrected is no longer wrong.
    page.form.field("Longitude").fill("-111.48")
    page.form.expect_errors({})
    expect(page.form.alert).to_have_count(0)
    page.form.add()
    page.details.expect_open("Given")
    expect(page.button("Add dam")).to_be_focused()

    # The row is gone: another one is near.
    page.table.click_on("Given")
    page.details.ask_to_remove()
    page.details.remove()
    page.details.expect_closed()
    expect(page.table.row("Given")).to_have_count(0)
    page.page.wait_for_function("tests.focused()?.closest('[role=grid]')")


def test_keys_lead_to_the_toast_and_back_and_escape_puts_news_aside(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    keys = page.page.keyboard
    page.select("Jordanelle")
    page.table.search_field.focus()
    server.add_dams("Announced")
    expect(page.toast).to_be_visible()

    keys.press("F6")
    expect(page.button("Reload")).to_be_focused()
    keys.press("Alt+t")
    expect(page.table.search_field).to_be_focused()
    keys.press("Alt+t")
    keys.press("Escape")
    expect(page.toast).to_be_hidden()
    page.expect_badge("1 new change")
    expect(page.table.search_field).to_be_focused()
    page.details.expect_open("Jordanelle")
    keys.press("Escape")
    page.details.expect_closed()

    server.add_dams("Announced later")
    page.button("Reload").click()
    expect(page.toast).to_be_hidden()
    expect(page.table.search_field).to_be_focused()


def test_a_confirmation_leaves_by_itself_and_a_removal_is_undone(
    server: Server, open_page: OpenPage
) -> None:
    server.add_dam("Brought back")
    page = open_page(server)
    clock = "tests.clock.playState"
    page.select("Brought back")
    page.details.ask_to_remove()
    page.details.remove()
    page.expect_toast('"Brought back" has been removed.')
    assert page.page.evaluate("tests.clock.effect.getTiming().duration") == 6000
    assert page.page.evaluate(clock) == "running"

    # Not from under the pointer or the focus.
    page.toast.hover()
    assert page.page.evaluate(clock) == "idle"
    page.table.search_field.hover()
    assert page.page.evaluate(clock) == "running"
    page.page.keyboard.press("F6")
    expect(page.toast.get_by_role("button", name="Close")).to_be_focused()
    assert page.page.evaluate(clock) == "idle"
    page.page.keyboard.press("Shift+Tab")
    expect(page.button("Undo")).to_be_focused()

    page.page.keyboard.press("Enter")
    page.expect_toast('"Brought back" has been restored.')
    page.details.expect_open("Brought back")
    expect(page.button("Undo")).to_be_hidden()

    # News stay when the confirmation leaves.
    server.add_dams("Of a colleague")
    news = 'A new dam has been added: "Of a colleague". Reload to see it.'
    page.expect_toast(f'"Brought back" has been restored.\n{news}')
    page.page.mouse.move(4, 4)
    page.table.search_field.focus()
    page.page.wait_for_function(f"{clock} === 'running'")
    page.page.evaluate("tests.passTime()")
    page.expect_toast(news)
    page.nevermind()
    server.inventory.remove(server.id_of("Of a colleague"), server.inventory.snapshot().revision)
