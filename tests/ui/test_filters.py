"""Filters find what a person asks for, by mouse and by keyboard, and a link finds it again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from tests.importing import import_all
from tests.ui.conftest import OpenPage
from tests.ui.filters_on_page import FiltersOnPage
from tests.ui.server import Server
from tests.ui.test_links import query_of

DAMS = [  # name, state, county, hazard potential, year, height in feet
    ("Ralston", "Colorado", "Jefferson", "High", "1938", 200.0),
    ("Upper Long Lake", "Colorado", "Jefferson", "High", "1874", 30.0),
    ("Bear Creek", "Colorado", "Jefferson", "Low", "1977", 180.0),
    ("Gross", "Colorado", "Boulder", "High", "1954", 340.0),
    ("Beaumont", "Texas", "Jefferson", "High", "1960", None),
    ("Waco", "Texas", "McLennan", "Significant", "1965", 140.0),
    ("Nameless", None, None, None, None, None),
]


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory) -> Server:
    url = f"sqlite:///{tmp_path_factory.mktemp('filters') / 'dams.db'}"
    engine = open_database(url, example_dams=False)
    import_all(Inventory(engine), [facts(*one) for one in DAMS], source="a test")
    engine.dispose()
    return serve(database_url=url)


def facts(
    name: str,
    state: str | None,
    county: str | None,
    hazard: str | None,
    year: str | None,
    height: float | None,
) -> dict[str, object]:
    draft = DamDraft(
        dam_name=name, state=state, county=county, hazard_potential=hazard, date_built=year,
        nid_height_ft=height, latitude=39.0 + len(name) / 10, longitude=-105.0,
    )  # fmt: skip
    return draft.checked_facts()


def test_options_have_their_counts_given_the_other_filters_and_chips_clear_them(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    filters = FiltersOnPage(page)
    filters.expect_summary("7 dams")
    filters.open()
    filters.expect_options("State", ["Colorado 4", "Texas 2", "Unknown 1"])

    filters.choose("State", "Colorado")
    filters.choose("County", "Jefferson")
    filters.expect_options("Hazard potential", ["High 2", "Low 1"])
    filters.choose("Hazard potential", "High")

    filters.expect_summary("2 of 7 dams")
    filters.expect_chips("State: Colorado", "County: Jefferson", "Hazard potential: High")
    filters.expect_options("State", ["Colorado 2", "Texas 1"])
    filters.expect_options("County", ["Boulder 1", "Jefferson 2"])
    page.table.expect_column(0, ["Ralston", "Upper Long Lake"])
    page.map.expect_dams({"Ralston", "Upper Long Lake"})

    filters.remove("State: Colorado")
    filters.expect_summary("3 of 7 dams")
    expect(filters.option("State", "Colorado")).not_to_be_checked()
    page.press("Clear all")
    filters.expect_summary("7 dams")
    filters.expect_chips()


def test_a_histogram_has_two_handles_for_the_keyboard(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    filters = FiltersOnPage(page)
    filters.open()
    filters.unfold("NID height")
    low, high = (filters.handle("NID height", end) for end in ("from", "to"))
    page.bring(filters.fold("NID height").locator(".words"))

    high.focus()
    for _ in range(4):
        page.page.keyboard.press("ArrowLeft")
    expect(high).to_have_attribute("aria-valuetext", "under 400 ft")
    low.focus()
    page.page.keyboard.press("End")
    expect(low).to_have_attribute("aria-valuetext", "300 ft")

    filters.expect_chips("NID height: 300 ft to under 400 ft")
    expect(filters.fold("NID height").locator(".words")).to_have_text(
        "300 ft \N{EN DASH} under 400 ft"
    )
    page.table.expect_column(0, ["Gross"])
    page.click(filters.option("NID height", "Unknown"))
    filters.expect_chips("NID height: 300 ft to under 400 ft, or unknown")
    filters.expect_summary("3 of 7 dams")
    expect(low).to_have_value("19")


def test_a_histogram_has_two_handles_for_the_mouse(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    filters = FiltersOnPage(page)
    filters.open()
    filters.unfold("Year completed")
    low = filters.handle("Year completed", "from")
    page.bring(filters.fold("Year completed").locator(".words"))
    box = low.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2

    page.page.mouse.move(box["x"] + 12, y)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + 12 + (box["width"] - 24) * 16 / 24, y, steps=5)
    page.page.mouse.up()

    filters.expect_chips("Year completed: 1950 or later")
    expect(filters.fold("Year completed").locator(".words")).to_have_text("from 1950")
    filters.expect_summary("4 of 7 dams")


def test_dams_within_a_distance_of_the_selected_one_or_of_typed_coordinates_are_found(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    filters = FiltersOnPage(page)
    filters.open()
    near = filters.rail.get_by_role("group", name="Within a distance")
    distance, of = near.get_by_label("Within"), near.get_by_label("of")
    distance.fill("3")
    distance.press("Enter")
    expect(near.get_by_text("Select a dam first.")).to_be_visible()

    page.table.click_on("Ralston")
    distance.fill("4")
    distance.press("Enter")
    filters.expect_chips("Within 4 mi of 39.7\u00b0, -105\u00b0")
    page.table.expect_column(0, ["Ralston"])
    distance.fill("15,5")
    distance.press("Enter")
    filters.expect_summary("4 of 7 dams")

    of.select_option("coordinates")
    coordinates = near.get_by_role("textbox", name="Coordinates")
    expect(coordinates).to_be_focused()
    coordinates.fill("40.5 N 105 W")
    coordinates.press("Enter")
    page.table.expect_column(0, ["Upper Long Lake"])
    distance.fill("")
    distance.press("Enter")
    filters.expect_summary("7 dams")


def test_a_link_restores_the_filters_of_its_sender(server: Server, open_page: OpenPage) -> None:
    sender = open_page(server)
    filters = FiltersOnPage(sender)
    filters.open()
    filters.choose("State", "Colorado")
    filters.choose("State", "Unknown")
    filters.choose("Hazard potential", "Unknown")
    filters.choose("Hazard potential", "Low")
    filters.expect_summary("2 of 7 dams")
    link = query_of(sender)
    assert "state=unknown&state=Colorado" in link

    receiver = open_page(server, query=link)
    theirs = FiltersOnPage(receiver)

    theirs.expect_summary("2 of 7 dams")
    theirs.expect_chips(
        "State: Unknown", "State: Colorado", "Hazard potential: Unknown", "Hazard potential: Low"
    )
    theirs.open()
    expect(theirs.option("State", "Unknown")).to_be_checked()
    expect(theirs.option("State", "Texas")).not_to_be_checked()
    receiver.table.expect_column(0, ["Bear Creek", "Nameless"])
    receiver.press("Clear all")
    theirs.expect_summary("7 dams")
    assert "state" not in query_of(receiver)


def test_only_the_dams_in_the_maps_view_are_shown(server: Server, open_page: OpenPage) -> None:
    page = open_page(server, query="?view=-106,39.95,-104,40.6&in_view=yes")
    filters = FiltersOnPage(page)

    filters.expect_chips("In the map's view")
    page.table.expect_column(0, ["Bear Creek", "Upper Long Lake"])
    filters.expect_summary("2 of 7 dams")
    page.map.zoom(-12)
    filters.expect_summary("7 of 7 dams")


def test_filters_cover_nothing_when_the_drawer_or_a_smaller_window_leaves_no_room(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    filters = FiltersOnPage(page)
    expect(filters.rail).to_be_visible()

    page.open_sidebar()
    expect(filters.rail).to_be_hidden()
    page.button("Close drawer").click()
    expect(filters.rail).to_be_visible()

    page.page.set_viewport_size({"width": 1000, "height": 900})
    expect(filters.rail).to_be_hidden()
    filters.open()


def test_markup_in_a_value_is_text(server: Server, open_page: OpenPage) -> None:
    page = open_page(
        server, query="?state=%3Cimg src=x onerror=hacked=1%3E&county=%3Cb%3Ex%3C/b%3E"
    )
    filters = FiltersOnPage(page)

    filters.expect_chips("State: <img src=x onerror=hacked=1>", "County: <b>x</b>")
    filters.open()
    expect(filters.option("State", "<img src=x onerror=hacked=1>")).to_be_checked()
    page.expect_nothing_ran()
