"""The ten tasks of a person, with a mouse."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from tests.ui import tasks
from tests.ui.comparison_on_page import ComparisonOnPage
from tests.ui.conftest import OpenPage
from tests.ui.filters_on_page import FiltersOnPage
from tests.ui.server import Server
from tests.ui.test_away import LOST, busy_page, expect_as_it_was, leave, stay
from tests.ui.test_links import expect_the_same, query_of
from tests.ui.wire import Wire


@pytest.fixture
def server(tasks_server: Server) -> Server:
    return tasks_server


def test_hoover_dam_is_found(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)

    page.find.field.click()
    page.find.type("hoover dam")
    page.find.options.first.click()

    tasks.expect_on_page(page, "HOOVER")
    assert page.details.facts()["State"] == "Nevada"
    assert page.map.view[2] - page.map.view[0] < 150_000, "the map is close"


def test_the_high_hazard_dams_of_jefferson_county_are_found(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    filters = FiltersOnPage(page)
    filters.open()

    filters.choose("State", "Colorado")
    filters.choose("County", "JEFFERSON")
    filters.choose("Hazard potential", "High")

    filters.expect_summary(f"4 of {tasks.COUNT} dams")
    page.table.expect_column(0, tasks.JEFFERSON_HIGH)
    page.map.expect_dams(tasks.JEFFERSON_HIGH)


def test_two_dams_are_compared(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)

    page.table.tick("GLEN CANYON")
    page.table.tick("GRAND COULEE")
    page.press("Compare")

    shown = ComparisonOnPage(page)
    shown.expect_dams("GLEN CANYON", "GRAND COULEE")
    shown.expect_row("NID height", "710", "550")


def test_the_second_page_of_the_table_is_seen(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    page.table.expect_range(1, 10, of=tasks.COUNT)

    page.table.next_page()

    page.table.expect_range(11, 20, of=tasks.COUNT)
    page.bring(page.table.cell("RALSTON"))


def test_a_dam_is_added_by_a_click_on_the_map(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)

    page.open_form()
    page.map.click_at(-104.5, 39.7)
    page.form.fill(name="Prairie Gulch", river="Coal Creek", date_built="1961")
    page.form.add()

    page.expect_toast('Your dam has been added: "Prairie Gulch".')
    tasks.expect_on_page(page, "Prairie Gulch")
    [added] = server.inventory.history(server.id_of("Prairie Gulch"))
    row = server.inventory.snapshot().row_of(added.dam_id)
    assert server.inventory.snapshot().value(row, "longitude") == pytest.approx(-104.5, abs=0.05)
    server.inventory.remove(added.dam_id, server.inventory.snapshot().mark)


def test_a_dam_is_edited(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)

    page.table.click_on("DILLON")
    page.edit_form.open()
    page.edit_form.fill(river="Blue River")
    page.edit_form.save()

    page.expect_toast('Your changes to "DILLON" have been saved.')
    page.details.expect_open("DILLON")
    assert page.details.facts()["River"] == "Blue River"


def test_a_dam_is_removed_and_that_is_undone(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    page.table.click_on("DUKE LAKE")

    page.details.ask_to_remove()
    page.details.remove()
    page.expect_toast('"DUKE LAKE" has been removed.')
    expect(page.table.row("DUKE LAKE")).to_have_count(0)

    page.history.open_of_all()
    page.history.expect_sentences('"DUKE LAKE" has been removed.')
    page.history.undo(0)

    page.expect_toast('"DUKE LAKE" has been restored.')
    expect(page.table.row("DUKE LAKE")).to_be_visible()


def test_a_hydrograph_is_assigned_and_seen(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    page.table.click_on("BLUE MESA")

    page.assign_form.open_from_the_details()
    page.assign_form.choose("flood.csv", tasks.FLOOD)
    expect(page.assign_form.preview).to_be_visible()
    page.assign_form.assign()
    page.expect_toast('Your hydrograph has been assigned to "BLUE MESA".')

    page.sheet.expect_open("BLUE MESA", *tasks.FIGURES)
    assert page.sheet.points() == [[0, 6, 24], [100, 2100, 100]]


def test_a_link_is_shared(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    filters = FiltersOnPage(page)
    filters.open()
    filters.choose("State", "Colorado")
    page.map.zoom(2)
    page.table.click_on("EVERGREEN")
    page.page.get_by_label("Color by").select_option("Decade built")
    page.open_tab("Hydrograph")
    page.settle()

    page.press("Share")

    other = open_page(server, query=tasks.expect_shared(page))
    expect_the_same(page, other)
    other.details.expect_open("EVERGREEN")
    other.map.expect_selection_on("EVERGREEN")
    expect(other.page.get_by_role("tab", selected=True)).to_have_text("Hydrograph")
    expect(other.page.get_by_text('"EVERGREEN" has no hydrograph.')).to_be_visible()
    coloring = other.page.get_by_label("Color by").locator("option:checked")
    expect(coloring).to_have_text("Decade built")
    FiltersOnPage(other).expect_chips("State: Colorado")
    sent, received = (parse_qs(query_of(one)[1:]) for one in (page, other))
    assert {**received, "view": ""} == {**sent, "view": ""}


@pytest.mark.long
def test_after_a_restart_of_the_server_a_person_goes_on_where_they_were(
    serve: Callable[..., Server], open_page: OpenPage, reached: Wire
) -> None:
    old = serve("--allow-websocket-origin", reached.origin)
    page = busy_page(open_page, old, reached)
    view = page.map.view

    reached.cut()
    expect(page.trouble).to_have_text(LOST)
    page.form.field("River").press_sequentially("ver")
    old.add_dams("Avocet", "Bittern")
    new = serve("--allow-websocket-origin", reached.origin, database_url=old.database_url)
    reached.to(new.url)
    reached.mend()

    page.expect_toast("2 dams have been added while you were away.")
    expect_as_it_was(page, view)
    assert not page.is_marked
    page.table.expect_text("4 of 4 dams")
    page.close_toast()
    page.page.remove_listener("dialog", stay)
    page.page.on("dialog", leave)
    page.page.reload()
    page.wait_until_open()
    page.expect_no_toast()
    new.add_dams("Curlew")
    page.expect_toast('A new dam has been added: "Curlew". Reload to see it.')
