"""News: somebody adds a dam, and every open page hears of it, once, without being disturbed."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.ui.conftest import OpenPage
from tests.ui.server import Server
from tests.ui.wire import Wire


def test_everybody_hears_of_a_new_dam_and_answers_as_they_like(
    server: Server, open_page: OpenPage
) -> None:
    author, reader, sceptic = (open_page(server) for _ in range(3))
    for other in (reader, sceptic):
        other.table.search("Hoover")  # Other tests' dams may fill the first page.

    author.add_dam(name="Hoover")

    author.expect_toast('Your dam has been added: "Hoover".')
    author.form.expect_closed()
    author.table.expect_selected("Hoover")
    author.map.expect_dam("Hoover")
    author.details.expect_open("Hoover")
    author.expect_no_badge()
    for other in (reader, sceptic):
        other.expect_toast('A new dam has been added: "Hoover". Reload to see it.')
        expect(other.table.row("Hoover")).to_be_hidden()
        assert "Hoover" not in other.map.dams()

    reader.reload()
    expect(reader.table.row("Hoover")).to_be_visible()
    # It is marked for some seconds; what one has added oneself is selected.
    expect(reader.page.locator("tr.arrived")).to_contain_text("Hoover")
    expect(author.page.locator("tr.arrived")).to_have_count(0)
    reader.map.expect_dam("Hoover")
    reader.expect_no_badge()

    sceptic.nevermind()
    sceptic.expect_badge("1 new change")
    expect(sceptic.table.row("Hoover")).to_be_hidden()
    sceptic.click_badge()
    expect(sceptic.table.row("Hoover")).to_be_visible()
    sceptic.map.expect_dam("Hoover")

    # One toast each, in the session that it is for.
    assert author.toasts_seen == ['Your dam has been added: "Hoover".']
    assert reader.toasts_seen == ['A new dam has been added: "Hoover". Reload to see it.', ""]
    assert sceptic.toasts_seen == reader.toasts_seen


def test_a_burst_is_one_toast_and_after_nevermind_it_tells_what_came_since_and_what_waits(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    server.add_dams("Burst 1", "Burst 2", "Earlier")
    page.expect_toast("3 new dams have been added. Reload to see them.")
    expect(page.toast).to_have_count(1)
    page.nevermind()
    page.expect_badge("3 new changes")

    server.add_dams("Later")

    page.expect_toast(
        'A new dam has been added: "Later". Reload to see it.\n3 earlier changes wait, too.'
    )
    page.nevermind()
    page.expect_badge("4 new changes")
    page.click_badge()
    page.table.search("later")
    expect(page.table.row("Later")).to_be_visible()
    page.table.search("earlier")
    expect(page.table.row("Earlier")).to_be_visible()


def test_what_comes_while_an_answer_is_on_its_way_is_still_told(
    serve: Callable[..., Server], open_page: OpenPage, reached: Wire
) -> None:
    server = serve("--allow-websocket-origin", reached.origin)
    page = open_page(server, wire=reached)
    server.add_dams("Read")
    page.expect_toast('A new dam has been added: "Read". Reload to see it.')

    with reached.slow():
        page.button("Nevermind").click()
        server.add_dams("Crossing")
        page.expect_toast("2 new dams have been added. Reload to see them.")

    page.expect_toast(
        'A new dam has been added: "Crossing". Reload to see it.\n1 earlier change waits, too.'
    )
    page.nevermind()
    page.expect_badge("2 new changes")


def test_a_page_that_opens_later_hears_nothing_of_what_it_shows(
    server: Server, open_page: OpenPage
) -> None:
    server.add_dams("Old news")

    page = open_page(server)

    page.table.search("Old news")
    expect(page.table.row("Old news")).to_be_visible()
    page.expect_no_toast()
    page.expect_no_badge()
    assert page.toasts_seen == []


def test_reload_keeps_everything_else_as_it_is(server: Server, open_page: OpenPage) -> None:
    server.add_dams(*(f"Kept {number:02}" for number in range(1, 13)))
    page = open_page(server)
    page.table.search("kept")
    page.table.expect_range(1, 10, of=12)
    page.table.sort_by("Name")
    page.table.next_page()
    page.table.expect_column(0, ["Kept 02", "Kept 01"])
    page.table.click_on("Kept 01")
    page.open_form()
    draft = {"name": "Not yet", "owner": "Somebody", "river": "Ure", "date_built": "19"}
    page.form.fill(**draft)
    page.map.zoom(2)
    page.map.pan(-40, 30)
    page.map.click_at(-111.47, 40.52)
    draft = page.form.values()
    view = page.map.view

    server.add_dams("Kept 00")
    page.expect_toast('A new dam has been added: "Kept 00". Reload to see it.')
    page.reload()

    page.table.expect_column(0, ["Kept 02", "Kept 01", "Kept 00"])
    page.table.expect_range(11, 13, of=13)
    page.table.expect_selected("Kept 01")
    assert page.table.order("Name") == "descending"
    expect(page.table.search_field).to_have_value("kept")
    assert page.form.values() == draft
    assert len(page.map.draft_marks()) == 1
    assert page.map.view == view


def test_the_toast_never_steals_the_focus_is_announced_and_can_be_answered_from_the_keyboard(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    page.table.search_field.press_sequentially("pro")

    server.add_dams("Unasked")
    sentence = 'A new dam has been added: "Unasked". Reload to see it.'
    page.expect_toast(sentence)
    page.page.keyboard.type("vo")

    expect(page.table.search_field).to_have_value("provo")
    expect(page.table.search_field).to_be_focused()
    expect(page.status.filter(has_text=sentence)).to_have_attribute("aria-live", "polite")
    page.press_tab_until_focus_is_on("Reload")
    page.page.keyboard.press("Enter")

    page.expect_no_toast()
    page.table.search("unasked")
    expect(page.table.row("Unasked")).to_be_visible()


def test_what_one_person_does_sends_nothing_to_another(server: Server, open_page: OpenPage) -> None:
    busy, calm = open_page(server), open_page(server)
    calm.settle()
    before = calm.frames_received

    busy.table.sort_by("River")
    busy.table.click_on("Jordanelle")
    busy.map.zoom(1)
    busy.open_sidebar()
    calm.settle()

    assert calm.frames_received == before
