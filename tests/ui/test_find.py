"""The find box: by mouse, by keyboard alone, on a phone; and coordinates in the form."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from dam_inventory.views.map.marks import POINTED
from tests.ui.conftest import OpenPage
from tests.ui.dashboard_page import DashboardPage
from tests.ui.filters_on_page import FiltersOnPage
from tests.ui.server import Server

NAME = """<img src=x onerror="window.hacked=1"> Otter"""


@pytest.fixture(scope="module")
def known(server: Server) -> dict[str, int]:
    """Dams by name, of which two have the same name."""
    nevada = {"state": "Nevada", "latitude": 36.016, "longitude": -114.737}
    return {
        "HOOVER": server.add_dam(
            "HOOVER", county="CLARK", hazard_potential="High", nid_storage_acre_ft=3e7, **nevada
        ),
        "Hoover Dam": server.add_dam("Hoover Dam", state="Ohio", county="Franklin"),
        NAME: server.add_dam(NAME, latitude=44, longitude=-100, county=NAME[:30], state="Iowa"),
    }


HOOVERS = (("HOOVER", "Clark County, Nevada · High"), ("Hoover Dam", "Franklin County, Ohio"))


def looking_for_hoover(page: DashboardPage) -> DashboardPage:
    """Type into the find box of a page, and wait for the suggestions."""
    page.page.keyboard.press("/")
    page.find.type("hoover")
    page.find.expect_options(*HOOVERS)
    return page


def test_a_dam_is_found_by_mouse(
    server: Server, known: dict[str, int], open_page: OpenPage
) -> None:
    page = open_page(server)

    page.find.field.click()
    page.find.type("hoover dam")
    page.find.expect_options(*HOOVERS)
    expect(page.find.field).to_have_attribute("aria-expanded", "true")
    expect(page.find.options.first.locator("mark")).to_have_text("HOOVER")
    page.find.expect_said("2 suggestions.")
    page.find.option("Hoover Dam").click()

    page.details.expect_open("Hoover Dam")
    page.find.expect_closed()
    expect(page.find.field).to_have_value("Hoover Dam")
    page.find.expect_said("Hoover Dam is selected.")
    page.map.expect_selection_on("Hoover Dam")
    assert page.map.view[2] - page.map.view[0] < 150_000, "the map is close"

    page.find.clear.click()
    expect(page.find.field).to_have_value("")
    assert page.find.is_focused
    page.find.expect_closed()


def test_what_is_typed_while_an_answer_is_on_its_way_stays(
    server: Server, known: dict[str, int], open_page: OpenPage
) -> None:
    page = looking_for_hoover(open_page(server))

    with server.hanging():
        page.page.keyboard.press("Enter")
        page.find.type(" nv")

    page.details.expect_open("HOOVER")
    expect(page.find.field).to_have_value("hoover nv")
    page.find.expect_options(HOOVERS[0])


def test_a_dam_is_found_by_keyboard_alone(
    server: Server, known: dict[str, int], open_page: OpenPage
) -> None:
    page = open_page(server)
    press = page.page.keyboard.press

    press("/")
    assert page.find.is_focused
    expect(page.find.field).to_have_value("")
    page.find.type("hoover")
    page.find.expect_options(*HOOVERS)
    expect(page.find.active).to_have_count(0)
    press("ArrowDown")
    expect(page.find.active).to_contain_text("Clark County")
    press("ArrowDown")
    expect(page.find.active).to_contain_text("Franklin County")
    active = page.find.active.get_attribute("id")
    assert active is not None
    expect(page.find.field).to_have_attribute("aria-activedescendant", active)
    press("ArrowDown")
    expect(page.find.active).to_have_count(0)
    press("ArrowUp")
    press("Enter")
    page.details.expect_open("Hoover Dam")

    # The text is selected, so that the next one replaces it.
    press("/")
    page.find.type("hoover nv")
    page.find.expect_options(HOOVERS[0])
    press("Escape")
    page.find.expect_closed()
    expect(page.find.field).to_have_value("hoover nv")
    press("ArrowDown")
    expect(page.find.active).to_have_count(1)
    press("Escape")
    press("Escape")
    expect(page.find.field).to_have_value("")

    # Enter does not wait for the suggestions.
    page.find.type("hoover dam")
    press("Enter")
    page.details.expect_open("HOOVER")
    page.map.expect_selection_on("HOOVER")


def test_the_key_that_leads_to_the_box_can_be_typed_in_every_other_field(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    page.open_form()
    for field in (page.form.field("Name"), page.table.search_field):
        page.bring(field)
        field.fill("")
        field.press("/")
        expect(field).to_have_value("/")
        assert not page.find.is_focused


def test_what_is_not_found_is_said(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)

    page.page.keyboard.press("/")
    page.find.type("zzzz")

    expect(page.find.nothing).to_have_text('Nothing matches "zzzz".')
    page.find.expect_said('Nothing matches "zzzz".')
    expect(page.find.field).to_have_attribute("aria-expanded", "false")
    page.page.keyboard.press("Enter")
    expect(page.find.nothing).to_be_visible()
    page.page.keyboard.press("Tab")
    expect(page.find.nothing).to_be_hidden()


def test_a_state_narrows_the_table_and_the_map_shows_its_dams(
    server: Server, known: dict[str, int], open_page: OpenPage
) -> None:
    page = open_page(server)

    page.page.keyboard.press("/")
    page.find.type("nevada")
    page.find.expect_options(("Nevada", "1 dam"), ("HOOVER", "Clark County, Nevada · High"))
    page.page.keyboard.press("Enter")

    page.table.expect_column(0, ["HOOVER"])
    filters = FiltersOnPage(page)
    filters.expect_chips("State: Nevada")
    page.map.expect_dam("HOOVER")
    assert page.map.view[2] - page.map.view[0] < 150_000, "the map is close"
    filters.remove("State: Nevada")
    page.table.expect_range(1, 5, of=5)

    page.page.keyboard.press("/")
    page.find.type("provo river")
    page.page.keyboard.press("Enter")
    expect(page.table.search_field).to_have_value("provo river")
    page.table.search("")
    page.table.expect_range(1, 5, of=5)


def test_the_map_goes_to_coordinates(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)

    page.page.keyboard.press("/")
    page.find.type("40°24'00\"N 111°30'00\"W")
    page.find.expect_options(("40.40000° N, 111.50000° W", "Coordinates"))
    page.page.keyboard.press("Enter")

    page.map.expect(lambda: len(page.map.marks(POINTED)) == 1, "the place is marked")
    [mark] = page.map.marks(POINTED)
    assert (mark["page_x"], mark["page_y"]) == pytest.approx(page.map.centre, abs=2)
    page.find.expect_said("The map shows this place.")


def test_a_name_is_text_in_the_suggestions(
    server: Server, known: dict[str, int], open_page: OpenPage
) -> None:
    page = open_page(server)

    page.page.keyboard.press("/")
    # Once with a mark beside the markup, and once with one in it.
    for text, marked in (("otter", "Otter"), ("img otter", "img")):
        page.find.field.fill(text)
        expect(page.find.options.locator("mark").first).to_have_text(marked)
        expect(page.find.options.locator(".name")).to_have_text([NAME])
    page.expect_nothing_ran()
    page.page.keyboard.press("Enter")
    page.details.expect_open(NAME)
    expect(page.find.field).to_have_value(NAME)
    expect(page.page.locator(".side")).to_be_focused()
    page.page.keyboard.press("/")
    page.page.keyboard.type("<b>zzzz</b>")
    expect(page.find.nothing).to_have_text('Nothing matches "<b>zzzz</b>".')
    page.expect_nothing_ran()


def test_a_forged_choice_selects_nothing(
    server: Server, known: dict[str, int], open_page: OpenPage
) -> None:
    page = looking_for_hoover(open_page(server))
    start = server.mark

    for asked in ('["choose", 1, 99, 1]', '["choose", 999, 0, 2]', '["select", 1, 0, 3]', "{"):
        page.page.evaluate(
            """asked => {
                const models = [...Bokeh.documents[0]._all_models.values()]
                models.find(one => "asked" in one.attributes).asked = asked
            }""",
            asked,
        )
        page.settle()

    server.expect_complaint(r"asked to find something invalid: '{'", start)
    page.find.expect_options(*HOOVERS)
    page.table.expect_selected()


@pytest.mark.parametrize("colour_scheme", ["light", "dark"])
def test_on_a_phone_a_button_opens_the_box_over_the_whole_width(
    server: Server, known: dict[str, int], open_page: OpenPage, colour_scheme: str
) -> None:
    page = open_page(server, viewport=(390, 844), touch=True, colour_scheme=colour_scheme)
    expect(page.find.field).to_be_hidden()

    page.find.opener.tap()
    assert page.find.is_focused
    page.find.type("hoover")
    page.find.expect_options(*HOOVERS)
    header = page.page.get_by_role("banner").bounding_box()
    box, field = page.find.list.bounding_box(), page.find.field.bounding_box()
    assert header is not None
    assert box is not None
    assert field is not None
    assert field["y"] >= header["y"] + header["height"]
    assert field["height"] >= 40
    assert box["width"] >= 380
    assert box["y"] >= field["y"] + field["height"]
    page.expect_nothing_wider_than(390)
    page.find.option("HOOVER").first.tap()

    page.details.expect_open("HOOVER")
    expect(page.find.field).to_be_hidden()
    expect(page.page.locator(".side")).to_be_focused()
    page.page.keyboard.press("Escape")
    page.details.expect_closed()
    expect(page.find.opener).to_be_focused()


def test_a_pasted_pair_of_coordinates_fills_both_fields_of_the_form(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    page.open_form()

    latitude = page.form.field("Latitude")
    latitude.focus()
    page.page.keyboard.insert_text("40°24'00\"N 111°30'00\"W")

    expect(latitude).to_have_value("40.400000")
    expect(page.form.field("Longitude")).to_have_value("-111.500000")
    page.map.expect_draft_at(-111.5, 40.4)

    # What is typed is divided when the cursor leaves the field.
    latitude.fill("")
    latitude.press_sequentially("40.5, -111.25")
    expect(latitude).to_have_value("40.5, -111.25")
    latitude.press("Tab")
    expect(latitude).to_have_value("40.500000")
    expect(page.form.field("Longitude")).to_have_value("-111.250000")

    page.form.fill(latitude="39,5", longitude="-111,25")
    page.map.expect_draft_at(-111.25, 39.5)
    page.form.fill(latitude="north")
    page.form.add()
    page.form.expect_error("latitude", 'Latitude must be a number, not "north".')
