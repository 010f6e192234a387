"""The page on a phone, in the dark, and without a network."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, expect

from dam_inventory.domain.mercator import to_degrees
from tests.ui.conftest import OpenPage
from tests.ui.server import Server

PHONE = (390, 844)


def test_it_fits_a_phone(server: Server, open_page: OpenPage) -> None:
    page = open_page(server, viewport=PHONE)
    page.expect_nothing_wider_than(PHONE[0])
    expect(page.map.box).to_be_in_viewport()

    page.add_dam(name="Pocket")
    page.expect_toast('Your dam has been added: "Pocket".')
    page.expect_nothing_wider_than(PHONE[0])
    page.close_toast()
    page.details.expect_open("Pocket")

    server.add_dams("A dam with quite a long name, as they are when two rivers meet")
    page.expect_toast(
        'A new dam has been added: "A dam with quite a long name, as they are when two rivers '
        'meet". Reload to see it.'
    )
    expect(page.toast).to_be_in_viewport(ratio=1)
    page.show_toast()
    for name in ("Reload", "Nevermind"):
        expect(page.button(name)).to_be_in_viewport(ratio=1)
    page.nevermind()
    expect(page.badge).to_be_in_viewport(ratio=1)
    page.expect_nothing_wider_than(PHONE[0])


def test_the_form_on_a_phone_is_as_wide_as_the_page(server: Server, open_page: OpenPage) -> None:
    page = open_page(server, viewport=PHONE)

    page.open_form()

    for label in ("Name", "Owner", "River", "Date built", "Latitude", "Longitude"):
        box = page.form.field(label).bounding_box()
        assert box is not None
        assert box["width"] > 250
        assert box["x"] + box["width"] <= PHONE[0]
    # It covers the map, and makes way for it.
    page.press("Place on map")
    expect(page.button("Use the middle")).to_be_focused()
    page.map.click_at(-111.48, 40.5, touch=False)
    expect(page.button("Place on map")).to_be_focused()
    assert float(page.form.field("Latitude").input_value()) == pytest.approx(40.5, abs=0.01)
    page.press("Place on map")
    page.press("Use the middle")
    expect(page.button("Place on map")).to_be_focused()
    left, bottom, right, top = page.map.view
    longitude, latitude = to_degrees((left + right) / 2, (bottom + top) / 2)
    page.form.expect_errors({})
    assert float(page.form.field("Longitude").input_value()) == pytest.approx(longitude, abs=0.01)
    assert float(page.form.field("Latitude").input_value()) == pytest.approx(latitude, abs=0.01)
    page.form.add()
    page.form.expect_error("name", "Name is required.")
    page.expect_nothing_wider_than(PHONE[0])


def test_what_opens_on_a_phone_is_seen(server: Server, open_page: OpenPage) -> None:
    server.assign_hydrograph(server.id_of("Jordanelle"), [0, 1], [1, 2])
    page = open_page(server, viewport=PHONE)

    page.table.click_on("Jordanelle")
    side = page.page.locator(".side")
    expect(side).to_be_in_viewport(ratio=0.99)
    page.press("Hydrograph")
    page.sheet.expect_open(
        "Jordanelle", "Peak flow 2 cfs", "Time to peak 1 hours", "Volume 0.12397 acre-feet"
    )
    page.sheet.close()

    page.edit_form.open()
    expect(page.edit_form.field("Name")).to_be_in_viewport(ratio=1)
    page.edit_form.fill(date_built="tomorrow")
    page.edit_form.save()
    expect(page.edit_form.field("Date built")).to_be_focused()
    expect(page.edit_form.field("Date built")).to_be_in_viewport(ratio=1)
    page.expect_nothing_wider_than(PHONE[0])
    page.edit_form.cancel()

    page.assign_form.open_from_the_details()
    expect(side).to_be_in_viewport(ratio=0.99)
    page.assign_form.choose("small.csv", "0,1\n1,2\n")
    expect(page.assign_form.preview).to_be_visible()
    page.expect_nothing_wider_than(PHONE[0])

    page.history.open_of_all()
    expect(page.history.title).to_be_in_viewport(ratio=1)
    expect(page.page.get_by_role("heading", name="Layers")).to_be_hidden()
    page.expect_nothing_wider_than(PHONE[0])


def test_a_long_card_moves_nothing_and_stays_in_view(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    page.select("Jordanelle")
    before = page.table.search_field.bounding_box()

    page.edit_form.open()

    assert page.table.search_field.bounding_box() == before
    page.bring(page.button("Save"))
    expect(page.button("Save")).to_be_in_viewport(ratio=1)
    assert page.table.search_field.bounding_box() == before


def test_dark_mode_can_be_switched_on_and_off(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    light = page.colours()

    page.press("Dark theme")
    page.wait_until_colours_change(light)
    dark = page.colours()
    assert all(sum(dark[part]) < sum(light[part]) for part in light)
    button = page.page.get_by_role("button", name="Dark theme", pressed=True)
    expect(button).to_be_visible()

    button.click()
    page.wait_until_colours_change(dark)
    assert page.colours() == light


def test_in_the_dark_no_part_of_bar_map_or_legend_stays_light(
    rated_server: Server, open_page: OpenPage
) -> None:
    page = open_page(rated_server, colour_scheme="dark", tiles="tile")
    page.map.expect_tiles()
    parts = {
        "bar": page.page.get_by_role("banner"),
        "tool": page.map.tool("Home"),
        "legend": page.map.region.locator(".legend"),
    }
    looks = {
        name: [rgb(part, "backgroundColor"), rgb(part, "color")] for name, part in parts.items()
    }

    darkest = page.colours()["page"]
    for name, (ground, ink) in looks.items():
        assert max(ground) < 64, (name, looks)
        assert min(ink) > 160, (name, looks)
    assert looks["bar"][0] == darkest
    expect(parts["bar"]).to_have_css("background-image", "none")
    box = page.map.attribution.bounding_box()
    assert box is not None
    assert (box["width"] > 100, box["height"] > 10) == (True, True)


def rgb(part: Locator, style: str) -> tuple[int, ...]:
    """Return a color of what is drawn of a part; that of what lies below one without any."""
    found = part.evaluate(
        """(one, style) => {
            for (; one; one = one.parentElement ?? one.getRootNode().host) {
                const color = getComputedStyle(one)[style]
                if (color !== "rgba(0, 0, 0, 0)") { return color }
            }
            return "rgb(255, 255, 255)"
        }""",
        style,
    )
    return tuple(int(float(one)) for one in re.findall(r"[\d.]+", found)[:3])


def test_the_page_asks_nobody_but_its_server(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    page.open_sidebar()
    page.press("Dark theme")
    page.open_form()

    assert page.hosts_asked == {urlsplit(server.url).netloc, "tile.openstreetmap.org"}
