"""The ten tasks of a person, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.ui import tasks
from tests.ui.comparison_on_page import ComparisonOnPage
from tests.ui.conftest import OpenPage
from tests.ui.filters_on_page import FiltersOnPage
from tests.ui.server import Server
from tests.ui.tasks import Keyboard
from tests.ui.test_away import LOST, expect_as_it_was
from tests.ui.test_links import expect_the_same
from tests.ui.wire import Wire


@pytest.fixture
def server(tasks_server: Server) -> Server:
    return tasks_server


def test_hoover_dam_is_found(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    keyboard = Keyboard(page)

    keyboard.find("hoover dam", "HOOVER")

    tasks.expect_on_page(page, "HOOVER")
    assert page.details.facts()["State"] == "Nevada"


def test_the_high_hazard_dams_of_jefferson_county_are_found(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    keyboard, filters = Keyboard(page), FiltersOnPage(page)

    for fold, option in (
        ("State", "Colorado"), ("County", "JEFFERSON"), ("Hazard potential", "High")
    ):  # fmt: skip
        box = filters.option(fold, option)
        keyboard.go_to_element(box)
        keyboard.press("Space")
        expect(box).to_be_checked()
        page.settle()
        expect(box).to_be_focused()

    filters.expect_summary(f"4 of {tasks.COUNT} dams")
    page.table.expect_column(0, tasks.JEFFERSON_HIGH)

    keyboard.choose("Remove filter State: Colorado")
    filters.expect_chips("County: JEFFERSON", "Hazard potential: High")
    assert keyboard.focused == "Remove filter County: JEFFERSON"


def test_two_dams_are_compared(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    keyboard, shown = Keyboard(page), ComparisonOnPage(page)

    keyboard.go_to_element(page.table.cell("BLUE MESA"))
    keyboard.press("Space", "ArrowDown", "Space")
    page.table.expect_ticked("BLUE MESA", "CHATFIELD DAM")
    expect(page.button("Compare")).to_be_visible()
    keyboard.choose("Compare", key="Shift+Tab")

    shown.expect_dams("BLUE MESA", "CHATFIELD DAM")
    shown.expect_row("NID height", "390", "148")
    assert keyboard.focused == "Comparison"
    keyboard.choose("Remove CHATFIELD DAM from the comparison")
    shown.expect_dams("BLUE MESA")
    assert keyboard.focused == "Remove BLUE MESA from the comparison"
    keyboard.go_to("Compare (1)", key="Shift+Tab")
    keyboard.press("ArrowLeft", "ArrowLeft", "ArrowLeft")
    assert keyboard.focused == "Table"
    expect(page.table.cell("BLUE MESA")).to_be_visible()


def test_the_second_page_of_the_table_is_seen(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    keyboard = Keyboard(page)

    keyboard.go_to_element(page.table.cell("BLUE MESA"))
    keyboard.press("PageDown")
    page.table.expect_range(11, 20, of=tasks.COUNT)

    keyboard.choose("Previous page")
    page.table.expect_range(1, 10, of=tasks.COUNT)


def test_a_dam_is_added_by_typed_coordinates(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    keyboard = Keyboard(page)

    keyboard.choose("Add dam")
    page.form.wait_for()
    keyboard.fill("Name", "Prairie Gulch")
    keyboard.fill("River", "Coal Creek")
    keyboard.fill("Date built", "1961")
    keyboard.fill("Latitude", "39.7, -104.5")
    keyboard.choose("Add")

    page.expect_toast('Your dam has been added: "Prairie Gulch".')
    tasks.expect_on_page(page, "Prairie Gulch")
    facts = page.details.facts()
    assert (facts["Latitude"], facts["Longitude"]) == ("39.70000°", "-104.50000°")


def test_a_dam_is_edited(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    keyboard = Keyboard(page)

    keyboard.find("dillon", "DILLON")
    keyboard.choose("Edit")
    page.edit_form.wait_for()
    keyboard.fill("River", "Blue River")
    keyboard.choose("Save")

    page.expect_toast('Your changes to "DILLON" have been saved.')
    page.details.expect_open("DILLON")
    assert page.details.facts()["River"] == "Blue River"


def test_a_dam_is_removed_and_that_is_undone(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    keyboard = Keyboard(page)
    keyboard.find("duke lake", "DUKE LAKE")

    keyboard.choose("Remove")
    expect(page.button("Keep")).to_be_visible()
    is_on_keep = keyboard.focused == "Keep"
    keyboard.choose("Remove", key="Shift+Tab" if is_on_keep else "Tab")
    page.expect_toast('"DUKE LAKE" has been removed.')

    keyboard.choose("Open drawer")
    keyboard.choose("History of all dams")
    page.history.expect_sentences('"DUKE LAKE" has been removed.')
    keyboard.choose("Undo")

    page.expect_toast('"DUKE LAKE" has been restored.')


def test_a_hydrograph_is_assigned_and_seen(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    keyboard = Keyboard(page)
    content = {"name": "flood.csv", "mimeType": "text/csv", "buffer": tasks.FLOOD.encode()}
    page.page.on("filechooser", lambda chooser: chooser.set_files(content))
    keyboard.find("blue mesa", "BLUE MESA")

    keyboard.choose("Assign hydrograph")
    expect(page.assign_form.dam).to_be_focused()
    keyboard.go_to_element(page.assign_form.file)
    keyboard.press("Enter")
    expect(page.assign_form.preview).to_be_visible()
    keyboard.choose("Assign")
    page.expect_toast('Your hydrograph has been assigned to "BLUE MESA".')
    expect(page.button("Add hydrograph")).to_be_focused()

    page.sheet.expect_open("BLUE MESA", *tasks.FIGURES)


def test_a_link_is_shared(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    keyboard = Keyboard(page)
    keyboard.find("evergreen", "EVERGREEN")

    keyboard.choose("Share")

    other = open_page(server, query=tasks.expect_shared(page))
    expect_the_same(page, other)
    tasks.expect_on_page(other, "EVERGREEN")


@pytest.mark.long
def test_after_a_restart_of_the_server_a_person_goes_on_where_they_were(
    serve: Callable[..., Server], open_page: OpenPage, reached: Wire
) -> None:
    old = serve("--allow-websocket-origin", reached.origin)
    page = open_page(old, wire=reached)
    keyboard = Keyboard(page)
    keyboard.go_to_element(page.map.region)
    keyboard.press("+", "+")
    page.settle()
    keyboard.fill("Search", "e")
    page.table.expect_text("2 of 2 dams")
    keyboard.choose("Add dam")
    page.form.wait_for()
    keyboard.fill("Name", "Heron Lake")
    keyboard.fill("River", "Green River")
    page.settle()
    view = page.map.view

    reached.cut()
    expect(page.trouble).to_have_text(LOST)
    new = serve("--allow-websocket-origin", reached.origin, database_url=old.database_url)
    reached.to(new.url)
    reached.mend()

    expect(page.trouble).to_be_hidden()
    expect_as_it_was(page, view)
