"""A page that lost its server, and what it finds when it is back."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, expect

from tests.importing import import_all
from tests.ui.conftest import OpenPage
from tests.ui.dashboard_page import DashboardPage, wait_for
from tests.ui.export_on_page import ExportOnPage, rows_of
from tests.ui.filters_on_page import FiltersOnPage
from tests.ui.frames import frames
from tests.ui.import_on_page import ImportOnPage, dams_of
from tests.ui.many import fill
from tests.ui.server import Server
from tests.ui.wire import Wire

pytestmark = pytest.mark.long

LOST = "The connection to the server is lost. Reconnecting …"


def stay(question: Dialog) -> None:
    question.dismiss()


def leave(question: Dialog) -> None:
    question.accept()


def busy_page(open_page: OpenPage, server: Server, wire: Wire) -> DashboardPage:
    """Open a page and be in the middle of something: a search, a look closer, a draft."""
    page = open_page(server, wire=wire)
    # A question whether to leave would keep the page from coming back.
    page.page.on("dialog", stay)
    page.table.search("e")
    page.table.expect_text("2 of 2 dams")
    page.map.zoom(3)
    page.open_form()
    page.form.fill(name="Heron Lake")
    page.form.field("River").press_sequentially("Green Ri")
    page.mark()
    return page


def expect_as_it_was(page: DashboardPage, view: tuple[int, int, int, int]) -> None:
    page.form.wait_for()
    page.settle()
    assert page.form.values() == {
        "name": "Heron Lake",
        "owner": "Reclamation",
        "river": "Green River",
        "date_built": "",
        "latitude": "",
        "longitude": "",
    }
    expect(page.table.search_field).to_have_value("e")

    def is_there() -> bool:
        x, y = ((new[0] + new[1]) / 2 for new in (page.map.view[::2], page.map.view[1::2]))
        width = view[2] - view[0]
        old = ((view[0] + view[2]) / 2, (view[1] + view[3]) / 2)
        is_near = abs(x - old[0]) < 0.05 * width and abs(y - old[1]) < 0.05 * width
        # The map is wider while the form is not open yet.
        return is_near and width < 1.1 * (page.map.view[2] - page.map.view[0]) < 2 * width

    wait_for(page.page, is_there, f"the view {view}", lambda: page.map.view)


def test_after_a_short_gap_a_page_goes_on_with_draft_view_and_search_and_has_the_news(
    serve: Callable[..., Server], open_page: OpenPage, reached: Wire
) -> None:
    server = serve("--allow-websocket-origin", reached.origin)
    page = busy_page(open_page, server, reached)
    view = page.map.view
    sent = frames(page, "Sent")

    reached.cut_amid_the_next_message()
    server.add_dams("Avocet")
    expect(page.trouble).to_have_text(LOST)
    page.form.field("River").press_sequentially("ver")
    server.add_dams("Bittern")
    reached.mend()

    expect(page.trouble).to_be_hidden()
    page.expect_toast("2 new dams have been added. Reload to see them.")
    expect_as_it_was(page, view)
    expect(page.form.field("River")).to_be_focused()
    assert page.is_marked, "The page was loaded anew."
    page.reload()
    page.table.expect_text("4 of 4 dams")
    server.add_dams("Curlew")
    page.expect_toast('A new dam has been added: "Curlew". Reload to see it.')
    # A document that is sent back may be larger than the server takes, and is older than its own.
    assert not [text for text in sent if "RootAdded" in text or len(text) > 20_000]


@pytest.mark.parametrize("size", [(1280, 900), (844, 390), (390, 844)], ids="{0[0]}x{0[1]}".format)
def test_the_line_that_tells_of_it_covers_neither_the_pager_nor_the_tabs(
    serve: Callable[..., Server],
    open_page: OpenPage,
    reached: Wire,
    tmp_path: Path,
    size: tuple[int, int],
) -> None:
    url = f"sqlite:///{tmp_path / 'dams.db'}"
    fill(url)
    server = serve("--allow-websocket-origin", reached.origin, database_url=url)
    page = open_page(server, wire=reached, viewport=size)
    pager = [page.page.get_by_label("Rows per page"), page.button("Next page")]

    reached.cut()
    expect(page.trouble).to_have_text(LOST)
    for part in pager:
        page.bring(part)
    while page.button("Smaller panel").is_enabled():
        page.press("Smaller panel")
    for part in (page.page.get_by_role("tab", name="Table"), page.button("Larger panel")):
        page.bring(part)
    reached.mend()

    expect(page.trouble).to_be_hidden()


@pytest.mark.parametrize("size", [(1280, 500), (390, 500)], ids="{0[0]}x{0[1]}".format)
def test_the_line_that_tells_of_it_does_not_cover_the_last_filter(
    serve: Callable[..., Server], open_page: OpenPage, reached: Wire, size: tuple[int, int]
) -> None:
    server = serve("--allow-websocket-origin", reached.origin)
    page = open_page(server, wire=reached, viewport=size)
    if size[0] < 1280:
        page.press("Filters")
    filters = FiltersOnPage(page)
    filters.unfold("Data quality")
    last = filters.option("Data quality", "No flags")

    reached.cut()
    expect(page.trouble).to_have_text(LOST)
    page.bring(last)


def test_what_needs_the_server_looks_disabled_and_says_beside_it_that_it_was_not_sent(
    serve: Callable[..., Server], open_page: OpenPage, reached: Wire
) -> None:
    server = serve("--allow-websocket-origin", reached.origin)
    page = open_page(server, wire=reached)
    page.page.on("dialog", stay)
    page.open_form()
    page.form.fill(name="Heron Lake", river="Green", date_built="1950")
    page.form.fill(latitude="40.5", longitude="-111.5")
    page.mark()
    not_sent = page.page.get_by_text("The connection is lost. This was not sent.")
    row = page.table.row("Jordanelle")

    reached.cut()
    expect(page.trouble).to_have_text(LOST)
    for part in (page.button("Add"), row.locator("xpath=..")):
        expect(part).to_have_css("opacity", "0.45")
    for used in (page.button("Add"), row.get_by_role("checkbox"), row.locator("td.name")):
        used.click()
        expect(not_sent).to_be_visible()
        told, asked = not_sent.bounding_box(), used.bounding_box()
        assert told is not None
        assert asked is not None
        below = told["y"] - asked["y"] - asked["height"]
        above = asked["y"] - told["y"] - told["height"]
        assert 0 <= max(below, above) < 40
        page.page.evaluate("document.activeElement.blur()")
    reached.mend()

    expect(page.trouble).to_be_hidden()
    expect(not_sent).to_be_hidden()
    page.form.wait_for()
    page.settle()
    assert page.is_marked
    expect(row.get_by_role("checkbox")).not_to_be_checked()
    assert len(server.inventory.snapshot()) == 2
    expect(page.button("Add")).to_have_css("opacity", "1")
    page.form.add()
    page.expect_toast('Your dam has been added: "Heron Lake".')


def test_when_its_token_is_too_old_a_page_is_loaded_anew(
    serve: Callable[..., Server], open_page: OpenPage, reached: Wire
) -> None:
    server = serve("--allow-websocket-origin", reached.origin, "--session-token-expiration", "10")
    page = busy_page(open_page, server, reached)
    view = page.map.view

    reached.cut()
    page.form.field("River").press_sequentially("ver")
    expect(page.trouble).to_have_text(LOST)
    page.page.wait_for_function("performance.now() > 11e3")
    reached.mend()

    page.page.wait_for_function("window.mark === undefined")
    page.wait_until_open()
    expect_as_it_was(page, view)
    page.expect_no_toast()
    server.expect_log("Token is expired")
    server.forgive()


def test_an_edit_that_was_open_is_open_again_and_still_knows_what_it_has_seen(
    serve: Callable[..., Server], open_page: OpenPage, reached: Wire
) -> None:
    old = serve("--allow-websocket-origin", reached.origin)
    page = open_page(old, wire=reached)
    page.table.click_on("Jordanelle")
    page.press("Edit")
    page.form.wait_for()
    page.settle()
    page.form.fill(river="Green River")

    reached.cut()
    old.inventory.edit(2, {"river": "Blue River"}, seen=2)
    new = serve("--allow-websocket-origin", reached.origin, database_url=old.database_url)
    reached.to(new.url)
    reached.mend()

    page.expect_toast('While you were away: "Jordanelle" has been edited.')
    page.form.wait_for()
    page.settle()
    expect(page.form.field("River")).to_have_value("Green River")
    page.press("Save")
    page.edit_form.expect_conflict(
        '"Jordanelle" has been edited.', ["River", "Provo River", "Blue River", "Green River"]
    )
    page.press("Save")
    page.details.expect_open("Jordanelle")
    assert page.details.facts()["River"] == "Green River"


def test_who_was_about_to_import_a_file_is_told_what_became_of_it_when_the_server_is_restarted(
    serve: Callable[..., Server], open_page: OpenPage, reached: Wire
) -> None:
    old = serve("--allow-websocket-origin", reached.origin, anonymous="administer")
    page = open_page(old, wire=reached)
    card = ImportOnPage(page)
    card.open()
    card.choose("<b>seven</b>.csv", dams_of("Cut", 7))
    card.expect_seen(new="7")

    reached.cut()
    new = serve(
        "--allow-websocket-origin", reached.origin,
        database_url=old.database_url, anonymous="administer",
    )  # fmt: skip
    reached.to(new.url)
    reached.mend()

    expect(card.fault).to_have_text(
        'The connection was lost before "<b>seven</b>.csv" was imported. Choose it again.'
    )
    card.choose("<b>seven</b>.csv", dams_of("Cut", 7))
    card.expect_seen(new="7")
    expect(card.fault).to_be_hidden()


def test_a_page_that_wakes_with_a_dead_connection_notices_and_comes_back(
    serve: Callable[..., Server], open_page: OpenPage, reached: Wire
) -> None:
    server = serve("--allow-websocket-origin", reached.origin)
    page = busy_page(open_page, server, reached)
    view = page.map.view

    reached.fall_silent()
    server.add_dams("Avocet")
    # Nothing that the page says now is answered, so it never settles.
    expect(page.toast).to_be_hidden()
    page.form.field("River").press_sequentially("ver")
    # A laptop that wakes turns its network on again.
    page.page.context.set_offline(True)
    page.page.context.set_offline(False)

    page.expect_toast('While you were away: A new dam has been added: "Avocet".')
    expect_as_it_was(page, view)
    assert not page.is_marked


@pytest.mark.parametrize("is_amid_a_message", [True, False])
def test_a_file_that_was_being_sent_arrives_whole_after_a_short_gap(
    serve: Callable[..., Server], open_page: OpenPage, reached: Wire, is_amid_a_message: bool
) -> None:
    server = serve("--allow-websocket-origin", reached.origin, anonymous="administer")
    page = open_page(server, wire=reached)
    page.page.on("dialog", stay)
    card = ImportOnPage(page)
    card.open()
    remark = "x" * 9_000
    rows = [f"Sent {number},{30 + number / 100},-111.5,{remark}" for number in range(1_500)]
    card.choose("sent.csv", "\n".join(["Dam Name,Latitude,Longitude,Remark", *rows]))
    expect(card.amount).to_contain_text(re.compile("[1-9].* of "))

    if is_amid_a_message:
        reached.cut_amid_the_next_message()
    else:
        reached.cut()
    expect(page.trouble).to_have_text(LOST)
    reached.mend()

    expect(page.trouble).to_be_hidden()
    card.expect_seen(new="1,500")
    assert server.inventory.count() == 2


def test_a_file_that_is_being_saved_arrives_whole_after_a_short_gap(
    serve: Callable[..., Server], open_page: OpenPage, reached: Wire
) -> None:
    server = serve("--allow-websocket-origin", reached.origin, anonymous="view")
    noise = random.Random(1)
    remarks = [noise.randbytes(4_500).hex() for _ in range(1_500)]
    dams = [
        {"dam_name": f"Saved {number}", "other_facts": {"Remark": remark}}
        for number, remark in enumerate(remarks)
    ]
    import_all(server.inventory, dams)
    page = open_page(server, wire=reached)
    card = ExportOnPage(page)
    card.open()

    def save_over_a_gap() -> None:
        card.press("Export 1,502 dams")
        expect(card.amount).to_contain_text(re.compile(r"^[1-9]\d?% of .* sent"))
        reached.cut()
        expect(page.trouble).to_have_text(LOST)
        reached.mend()

    saved = card.saving(save_over_a_gap)

    assert sorted(row["Remark"] for row in rows_of(saved))[2:] == sorted(remarks)


def test_a_page_that_is_thrown_out_again_and_again_is_loaded_anew_with_its_draft(
    serve: Callable[..., Server], open_page: OpenPage, reached: Wire
) -> None:
    server = serve("--allow-websocket-origin", reached.origin)
    page = busy_page(open_page, server, reached)
    view = page.map.view

    for _ in range(3):
        reached.cut()
        expect(page.trouble).to_have_text(LOST)
        reached.mend()
        expect(page.trouble).to_be_hidden()
        expect(page.form.field("River")).to_be_focused()
    assert page.is_marked
    reached.cut()
    page.page.keyboard.type("ver")
    expect(page.trouble).to_have_text(LOST)
    reached.mend()

    page.page.wait_for_function("window.mark === undefined")
    expect_as_it_was(page, view)
