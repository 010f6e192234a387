"""The form: what it asks, what it refuses and in which words, and what becomes of a draft."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import product

import pytest
from playwright.sync_api import expect

from tests.ui.cards_on_page import FIELDS
from tests.ui.conftest import OpenPage
from tests.ui.server import Server

GOOD = {
    "name": "Good",
    "owner": "Reclamation",
    "river": "Provo River",
    "date_built": "1950",
    "latitude": "40.5",
    "longitude": "-111.5",
}
NOTHING = dict.fromkeys(GOOD, "")


def test_a_corrected_draft_is_added_and_the_form_starts_over(
    server: Server, open_page: OpenPage
) -> None:
    server.add_dam("<b>Close by", latitude=40.5003, longitude=-111.5)
    page = open_page(server)
    page.open_form()
    assert page.form.values() == NOTHING | {"owner": "Reclamation"}
    expect(page.form.field("River")).to_have_attribute("placeholder", "e.g. Mississippi River")
    start, before = server.mark, server.inventory.count()
    page.form.fill(owner="")
    page.form.add()
    page.form.expect_errors(
        {
            "name": "Name is required.",
            "owner": "Owner is required.",
            "river": "River is required.",
            "date_built": "Date built is required.",
            "latitude": "Latitude and longitude are required; or click on the map.",
            "longitude": "Longitude is required.",
        }
    )
    expect(page.form.alert).to_have_text(["6 fields need attention."])
    assert page.form.values() == NOTHING
    assert server.inventory.count() == before
    assert "Published" not in server.log[start:]

    page.form.fill(latitude="40.5", longitude="-111.5")
    hint = page.page.get_by_role("status").filter(has_text="A dam stands")
    expect(hint).to_have_text('A dam stands 110 ft away: "<b>Close by".')
    page.form.fill(**GOOD | {"name": "  Corrected \n", "owner": "The Söhne", "river": " Ure "})
    page.form.fill(date_built="April 12, 1993")
    page.form.field("Longitude").press("Enter")

    page.expect_toast('Your dam has been added: "Corrected".')
    page.form.expect_closed()
    page.details.expect_open("Corrected")
    facts = page.details.facts()
    assert facts["Owner"] == "The Söhne"
    assert facts["River"] == "Ure"
    assert facts["Date built"] == "April 12, 1993"
    assert (facts["Latitude"], facts["Longitude"]) == ("40.50000°", "-111.50000°")
    page.open_form()
    assert page.form.values() == NOTHING | {"owner": "Reclamation"}
    assert page.form.errors() == {}
    expect(page.form.alert).to_have_count(0)


def test_owner_suggests_three_and_takes_any_other(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    page.open_form()

    owner = page.form.field("Owner")
    suggestions = page.page.get_by_role("listbox").get_by_role("option")

    owner.fill("Somebody else")
    expect(owner).to_have_value("Somebody else")
    expect(suggestions).to_have_count(0)

    owner.fill("")
    expect(suggestions).to_have_text(["Reclamation", "Army Corps of Engineers", "Other"])
    suggestions.filter(has_text="Army Corps of Engineers").click()
    expect(owner).to_have_value("Army Corps of Engineers")

    # What is offered can be chosen again after something else was typed.
    owner.fill("")
    owner.press_sequentially("army")
    expect(suggestions).to_have_text(["Army Corps of Engineers"])
    suggestions.click()
    expect(owner).to_have_value("Army Corps of Engineers")


def test_a_click_on_the_map_fills_the_location_another_moves_the_marker_and_cancel_forgets_it(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    page.open_form()
    page.form.fill(name="Forgotten", owner="Nobody")

    page.map.click_at(-111.47, 40.52)

    first = page.form.values()
    assert float(first["latitude"]) == pytest.approx(40.52, abs=0.002)
    assert float(first["longitude"]) == pytest.approx(-111.47, abs=0.002)
    page.map.expect_draft_at(-111.47, 40.52)

    # On a dam, too, a click means the place.
    page.map.click_at(-111.424055, 40.598168)

    second = page.form.values()
    assert float(second["latitude"]) == pytest.approx(40.598, abs=0.002)
    assert float(second["longitude"]) == pytest.approx(-111.424, abs=0.002)
    page.map.expect_draft_at(-111.424, 40.598)
    page.table.expect_selected()

    page.form.add()
    page.form.expect_error("river", "River is required.")
    page.form.cancel()
    page.map.expect(lambda: page.map.draft_marks() == [], "no draft is marked")
    page.open_form()
    assert page.form.values() == NOTHING | {"owner": "Reclamation"}
    assert page.form.errors() == {}
    assert page.map.draft_marks() == []


def test_who_presses_add_twice_adds_one_dam(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    page.open_form()
    page.form.fill(**GOOD | {"name": "Pressed twice"})

    page.button("Add").dblclick()

    page.expect_toast('Your dam has been added: "Pressed twice".')
    page.table.search("pressed twice")
    page.table.expect_range(1, 1, of=1)


def test_a_full_inventory_keeps_the_draft(
    serve: Callable[..., Server], open_page: OpenPage
) -> None:
    server = serve(max_dams=2)
    author = open_page(server)
    author.open_form()
    draft = GOOD | {"name": """<img src=x onerror="window.hacked=1"> O'Brien & Söhne 大坝"""}
    author.form.fill(**draft)

    author.form.add()

    expect(author.form.alert).to_have_text(
        [f'Unable to add dam "{draft["name"]}", because the inventory is full.']
    )
    author.expect_nothing_ran()
    assert author.form.values() == draft
    assert server.inventory.count() == 2
    author.expect_no_toast()
    assert author.toasts_seen == []
    assert "Published" not in server.log


PLACES = [(-111.47, 40.52), (-111.5, 40.45)]
TYPED = ("40", "4", "", "north")


@pytest.mark.parametrize(
    "touch", [False, pytest.param(True, marks=pytest.mark.long)], ids=["mouse", "touch"]
)
def test_a_click_on_the_map_replaces_the_coordinate_that_has_the_cursor(
    server: Server, open_page: OpenPage, touch: bool
) -> None:
    page = open_page(server, touch=touch)
    page.open_form()
    page.form.fill(latitude="41", longitude="-111.6", river="Ure")
    place = PLACES[0]

    for label, text in product(("Latitude", "Longitude", "Name"), TYPED):
        place = PLACES[0] if place == PLACES[1] else PLACES[1]
        page.form.field(label).click()
        page.form.field(label).press("Control+a")
        page.page.keyboard.press("Delete")
        page.page.keyboard.type(text)
        page.map.click_at(*place, touch=touch)
        page.map.expect_draft_at(*place)
        page.settle()
        values = page.form.values()
        at = (float(values["longitude"]), float(values["latitude"]))
        assert at == pytest.approx(place, abs=0.002), (label, text)
        assert label != "Name" or values["name"] == text

    page.form.field("Latitude").click()
    page.page.keyboard.press("Backspace")
    page.map.click_at(*PLACES[0], touch=touch)
    page.map.click_at(*PLACES[1], touch=touch)
    page.map.expect_draft_at(*PLACES[1])
    values = page.form.values()
    name = f"Clicked {touch}"
    page.form.fill(name=name, date_built="1950")
    page.form.add()
    page.expect_toast(f'Your dam has been added: "{name}".')
    saved = server.inventory.snapshot().frame.loc[server.id_of(name)]
    assert saved["longitude"] == float(values["longitude"])
    assert saved["latitude"] == float(values["latitude"])
    assert saved["latitude"] == pytest.approx(PLACES[1][1], abs=0.002)


def test_the_buttons_stay_where_they_are_when_a_hint_or_errors_appear(
    server: Server, open_page: OpenPage
) -> None:
    server.add_dam("In the way", latitude=39.5, longitude=-112.5)
    page = open_page(server)
    page.open_form()
    add = page.button("Add")
    before = add.bounding_box()

    page.form.fill(latitude="39.5", longitude="-112.5")
    expect(page.page.get_by_role("status").filter(has_text="A dam stands")).to_be_visible()
    assert add.bounding_box() == before
    add.click()
    expect(page.page.get_by_text("3 fields need attention.")).to_be_visible()
    assert add.bounding_box() == before


def test_who_types_the_next_dam_as_soon_as_the_last_one_is_confirmed_loses_nothing(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    page.open_form()
    for name in ("One", "Two", "Three"):
        draft = GOOD | {"name": name}
        for field, text in draft.items():
            page.form.field(FIELDS[field]).fill(text)
        page.button("Add").click(no_wait_after=True)
        page.expect_toast(f'Your dam has been added: "{name}".')
        page.button("Add dam").click()
        page.form.field("Name").press_sequentially("Next")

    page.settle()
    assert page.form.values() == NOTHING | {"name": "Next", "owner": "Reclamation"}
    assert {"One", "Two", "Three"} <= set(server.inventory.snapshot().frame["dam_name"])


def test_what_is_typed_while_the_database_takes_its_time_stays(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    page.open_form()
    page.form.fill(**GOOD | {"name": "Slow"})
    with closing(sqlite3.connect(server.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        page.form.add()
        page.form.field("Name").fill("The next")
        page.form.field("River").press("End")
        page.form.field("River").press_sequentially(" above")
        other.execute("ROLLBACK")

    page.expect_toast('Your dam has been added: "Slow".')
    page.settle()
    assert page.form.values() == GOOD | {"name": "The next", "river": "Provo River above"}
    page.form.add()
    page.expect_toast('Your dam has been added: "The next".')
    page.form.expect_closed()


def test_more_facts_are_added_with_the_keyboard_and_wrong_ones_get_their_error(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    page.open_form()
    page.form.fill(**GOOD | {"name": "Known well"})

    page.button("More facts").focus()
    page.page.keyboard.press("Enter")
    page.button("Safety").focus()
    page.page.keyboard.press("Enter")
    condition = page.form.field("Condition assessment", "combobox")
    condition.press_sequentially("unsat")
    expect(page.page.get_by_role("option", name="Unsatisfactory")).to_be_visible()
    page.page.keyboard.press("ArrowDown")
    page.page.keyboard.press("Enter")
    expect(condition).to_have_value("Unsatisfactory")
    inspected = page.form.field("Last inspection date")
    inspected.fill("every spring")
    page.form.add()

    expect(inspected).to_have_attribute("aria-invalid", "true")
    expect(inspected).to_be_focused()
    inspected.fill("April 12, 2023")
    page.form.add()

    page.details.expect_open("Known well")
    facts = page.details.facts()
    assert facts["Condition assessment"] == "Unsatisfactory"
    assert facts["Last inspection date"] == "April 12, 2023"
