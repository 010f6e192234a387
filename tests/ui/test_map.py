"""The map: what is drawn, and what the mouse does to it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from dam_inventory.domain.mercator import RADIUS
from tests.ui.conftest import OpenPage
from tests.ui.dashboard_page import DashboardPage
from tests.ui.server import Server
from tests.ui.wire import Wire

DEER_CREEK = (-111.529133, 40.406624)
UTAH = "?view=-112.1,40.3,-111.2,40.7"


def test_the_pointer_is_told_in_degrees_and_over_a_dam_its_name_and_place(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)

    page.map.point_at(*page.map.at(*DEER_CREEK))
    (text,) = filter(None, page.map.models("Label", "text"))
    found = re.fullmatch(r"Longitude (-?[\d.]+)°  Latitude (-?[\d.]+)°", text)
    assert found is not None, text
    assert (float(found[1]), float(found[2])) == pytest.approx(DEER_CREEK, abs=0.002)
    page.table.search_field.hover()
    assert not any(page.map.models("Label", "text"))

    shown = page.map.hover("Deer Creek")

    expect(shown).to_be_visible()
    assert re.split(r"[:\s]*[\t\n]\s*", shown.inner_text()) == [
        *("Name", "Deer Creek"),
        *("Place", "Provo River"),
    ]


def test_the_scale_bar_is_true_at_each_latitude_and_in_full_screen(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)

    def expect_true() -> None:
        length, label = page.map.scale_bar()
        number, unit = label.split()
        metres = float(number) * {"ft": 0.3048, "mi": 1609.344}[unit]
        _, bottom, _, top = page.map.view
        factor = math.cosh((bottom + top) / 2 / RADIUS)
        assert metres == pytest.approx(page.map.scale * length / factor, rel=0.02)

    expect_true()
    page.map.zoom(-12)
    expect_true()
    page.map.pan(0, 200)
    expect_true()
    page.map.tool("Fullscreen").click()
    page.page.wait_for_function("document.fullscreenElement !== null")
    page.settle()
    expect_true()


def test_the_wheel_zooms_dragging_pans_and_home_leads_back_to_all_dams_and_a_margin_around_them(
    large_server: Server, open_page: OpenPage
) -> None:
    page = open_page(large_server)
    home = page.map.view
    frame = page.map.frame
    left, bottom = page.map.at(-120, 32)
    right, top = page.map.at(-120 + 49 * 0.4, 32 + 39 * 0.4)
    # The map is wider than the dams: what counts is above and below them.
    height = bottom - top
    assert top - frame["y"] == pytest.approx(height * 0.05, abs=3)
    assert frame["y"] + frame["height"] - bottom == pytest.approx(height * 0.05, abs=3)
    assert left - frame["x"] == pytest.approx(frame["x"] + frame["width"] - right, abs=3)

    page.map.pan(100, 50)
    panned = page.map.view
    assert panned[0] < home[0]
    assert panned[1] > home[1]
    assert panned[2] - panned[0] == pytest.approx(home[2] - home[0], rel=1e-6)

    page.map.zoom(2)
    zoomed = page.map.view
    assert zoomed[2] - zoomed[0] < (home[2] - home[0]) / 1.2

    page.map.home()
    assert page.map.view == pytest.approx(home, abs=2)


def test_a_window_of_another_size_shows_what_was_asked_for_or_the_same_place_as_large(
    large_server: Server, open_page: OpenPage
) -> None:
    page = open_page(large_server, viewport=(1280, 900), query=UTAH, tiles="tile")
    page.map.expect_tiles()
    left, bottom, right, top = page.map.view

    def turn(width: int, height: int) -> None:
        before = page.map.frame["width"]
        page.page.set_viewport_size({"width": width, "height": height})
        page.map.expect(lambda: page.map.frame["width"] != before, "the map has another size")
        page.settle()
        assert page.map.scale > 0  # It is not distorted.

    turn(390, 844)
    turn(1280, 900)
    assert page.map.view == pytest.approx((left, bottom, right, top), abs=2)

    page.map.pan(100, 50)
    scale, moved = page.map.scale, page.map.view
    turn(390, 844)
    assert page.map.scale == pytest.approx(scale, rel=0.01)
    turn(1280, 900)
    assert page.map.view == pytest.approx(moved, abs=2 * scale)

    page.map.home()
    home = page.map.view
    turn(390, 844)
    turn(1280, 900)
    assert page.map.view == pytest.approx(home, abs=2 * page.map.scale)


def test_clusters_tell_their_counts_and_open_when_a_person_has_asked_for_them(
    large_server: Server, open_page: OpenPage
) -> None:
    page = open_page(large_server)
    assert page.map.clusters() == []
    assert len(page.map.dams()) == 2000
    page.open_sidebar()
    page.layers.clusters.check()
    page.map.expect(lambda: page.map.clusters() != [], "clusters are drawn")
    expect(page.page).to_have_url(re.compile(r"[?&]clusters=yes"))
    page.page.reload()
    page.wait_until_open()
    page.map.expect(lambda: page.map.clusters() != [], "clusters are drawn again")
    page.settle()

    clusters = page.map.clusters()
    assert sum(one["count"] for one in clusters) + len(page.map.dams()) == 2000
    biggest = max(clusters, key=lambda one: one["count"])
    number = f"{biggest['count']:.0f}"
    assert number in page.map.cluster_labels()
    for beside in (0, biggest["outer"] - 3):
        page.map.point_at(biggest["page_x"] + beside, biggest["page_y"])
        expect(page.map.tooltip).to_have_text(re.compile(rf"^\s*Dams:?\s*{number}\s*$"))

    for _ in range(6):
        biggest = max(clusters, key=lambda one: one["count"])
        page.map.click_on_cluster(biggest)
        clusters = page.map.clusters()
        assert all(one["count"] < biggest["count"] for one in clusters)
        if not clusters:
            break

    assert clusters == []
    assert len(page.map.dams()) >= biggest["count"]
    page.details.expect_closed()


def around(page: DashboardPage, place: tuple[float, float]) -> list[tuple[int, int, int]]:
    """Return the colors of pixels within a raster's cell of a place."""
    x, y = place
    return [page.map.colour(x + dx, y + dy) for dx in (-2, 0, 2) for dy in (-2, 0, 2)]


def test_more_dams_than_fit_are_a_raster_until_a_click_brings_the_map_closer(
    crowded_server: Server, open_page: OpenPage
) -> None:
    page = open_page(crowded_server)
    raster = page.map.raster()
    assert raster is not None
    assert 1000 < raster["full"] < raster["cells"]
    assert page.map.dams() == {}
    assert page.map.clusters() == []
    left, _, right, _ = page.map.view
    high, low = page.map.at(-115.2, 38.0), page.map.at(-105.2, 38.0)
    assert max(red - blue for red, _, blue in around(page, high)) > 60, "High is orange"
    assert max(blue - red for red, _, blue in around(page, low)) > 60, "Low is blue"

    page.map.click(*high)

    page.map.expect(lambda: page.map.raster() is None, "single dams are drawn")
    view = page.map.view
    assert view[2] - view[0] == pytest.approx((right - left) / 4, rel=0.02)
    page.details.expect_closed()
    page.map.click_on("Crowd 3024")
    page.details.expect_open("Crowd 3024")


def test_dams_that_share_a_place_are_listed_to_choose_from(
    crowded_server: Server, open_page: OpenPage
) -> None:
    page = open_page(crowded_server, query="?view=-120.2,31.9,-119.8,32.15")

    page.map.click_at(-120, 32)
    entries = page.map.choices.get_by_role("button")
    expect(entries).to_have_text(["✕", "Crowd 0000, Green River", "Twin, Green River"])
    expect(entries.nth(1)).to_be_focused()
    page.page.keyboard.press("Escape")
    expect(page.map.choices).to_be_hidden()
    expect(page.map.region).to_be_focused()
    page.details.expect_closed()

    page.map.click_at(-120, 32)
    page.page.keyboard.press("Tab")
    page.page.keyboard.press("Enter")
    page.details.expect_open("Twin")
    expect(page.map.choices).to_be_hidden()


def test_the_dams_in_view_are_listed_by_keyboard_and_follow_the_map(
    crowded_server: Server, open_page: OpenPage
) -> None:
    page = open_page(crowded_server)
    entries = page.map.choices.get_by_role("button")
    page.page.keyboard.press("Tab")
    page.press_tab_until_focus_is_on("To results")
    page.page.keyboard.press("Shift+Tab")
    page.page.keyboard.press("Enter")
    expect(page.map.region).to_be_focused()

    page.page.keyboard.press("Tab")
    expect(page.map.tool("Dams in view")).to_be_focused()
    page.page.keyboard.press("Enter")
    expect(page.map.choices).to_have_accessible_name("6,001 dams in view, largest first")
    expect(entries.nth(1)).to_be_focused()
    expect(entries).to_have_count(51)
    page.page.keyboard.press("Tab")
    page.page.keyboard.press("Enter")
    name = entries.nth(2).inner_text().split(",")[0]
    page.details.expect_open(name)

    page.map.region.focus()
    page.page.keyboard.press("+")
    page.settle()
    expect(page.map.choices).not_to_have_accessible_name("6,001 dams in view, largest first")
    page.map.choices.get_by_role("button", name="Close").press("Escape")
    expect(page.map.choices).to_be_hidden()
    expect(page.map.tool("Dams in view")).to_be_focused()
    expect(page.map.tool("Dams in view")).to_have_attribute("aria-expanded", "false")


def test_the_first_view_leaves_out_a_dam_far_away_that_all_dams_shows(
    crowded_server: Server, open_page: OpenPage
) -> None:
    page = open_page(crowded_server)
    home = page.map.view
    assert page.map.at(100, 0)[0] > page.map.frame["width"]
    note = page.map.region.locator(".elsewhere")
    expect(note).to_have_text("1 elsewhere")

    page.map.tool("All dams").click()
    page.map.expect(lambda: page.map.view != home, "the map has moved")
    page.settle()
    frame = page.map.frame
    for place in ((-120, 32), (100, 0)):
        x, y = page.map.at(*place)
        assert frame["x"] < x < frame["x"] + frame["width"]
        assert frame["y"] < y < frame["y"] + frame["height"]

    expect(note).to_be_hidden()

    page.map.home()
    assert page.map.view == pytest.approx(home, abs=2 * page.map.scale)
    expect(note).to_be_visible()


@pytest.mark.parametrize("size", [(390, 844), (412, 915), (768, 1024)])
def test_what_is_said_of_dams_elsewhere_keeps_off_the_legend_and_the_tools(
    crowded_server: Server, open_page: OpenPage, size: tuple[int, int]
) -> None:
    page = open_page(crowded_server, viewport=size)
    note, legend = (page.map.region.locator(one) for one in (".elsewhere", ".legend"))
    expect(note).to_have_text("1 elsewhere")
    expect(legend).to_be_visible()

    for state in ("closed", "open"):
        legend.evaluate("(one, open) => { one.open = open }", state == "open")
        boxes = [one.bounding_box() for one in (note, legend, page.map.tool("All dams"))]
        said, *others = [box for box in boxes if box is not None]
        assert len(others) == 2
        for other in others:
            is_beside = (
                said["x"] >= other["x"] + other["width"]
                or other["x"] >= said["x"] + said["width"]
                or said["y"] >= other["y"] + other["height"]
                or other["y"] >= said["y"] + said["height"]
            )
            assert is_beside, (state, said, other)


def test_the_conterminous_us_fills_a_quarter_of_the_window_at_first(
    serve: Callable[..., Server], open_page: OpenPage
) -> None:
    server = serve("--warm")
    west, south, east, north = -124.85, 24.39, -66.88, 49.39
    server.add_dam("North-west", longitude=west, latitude=north)
    server.add_dam("South-east", longitude=east, latitude=south)

    for width, height in ((1280, 800), (1440, 900), (1920, 1080)):
        page = open_page(server, viewport=(width, height))

        left, top = page.map.at(west, north)
        right, bottom = page.map.at(east, south)
        frame = page.map.frame
        assert frame["x"] <= left
        assert right <= frame["x"] + frame["width"]
        assert frame["y"] <= top
        assert bottom <= frame["y"] + frame["height"]
        assert (right - left) * (bottom - top) >= 0.25 * width * height


def test_an_entry_of_the_legend_filters_and_the_results_can_be_zoomed_to(
    crowded_server: Server, open_page: OpenPage
) -> None:
    page = open_page(crowded_server)
    expect(page.map.legend("High")).to_have_text("High3,002")
    expect(page.map.legend("Low")).to_have_text("Low3,000")
    expect(page.map.tool("Zoom to results")).to_be_hidden()
    home = page.map.view

    page.map.legend("High").click()

    page.table.expect_text("3,002 of 6,002 dams")
    expect(page.map.legend("High")).to_have_attribute("aria-pressed", "true")
    expect(page.map.legend("Low")).to_have_text("Low0")
    page.page.emulate_media(forced_colors="active")
    expect(page.map.legend("High")).to_have_css("border-width", "2px")
    expect(page.map.legend("Low")).to_have_css("border-width", "1px")
    page.page.emulate_media(forced_colors="none")
    page.map.tool("Zoom to results").click()
    page.map.expect(lambda: page.map.view != home, "the map has moved")
    page.settle()
    left, _ = page.map.at(-120, 32)
    right, _ = page.map.at(-110.2, 32)
    assert left > page.map.frame["x"]
    assert right < page.map.frame["x"] + page.map.frame["width"]

    page.map.legend("High").press("Enter")
    page.table.expect_text("6,002 dams")
    expect(page.map.legend("High")).to_be_focused()
    expect(page.map.legend("High")).to_have_attribute("aria-pressed", "false")
    expect(page.map.tool("Zoom to results")).to_be_hidden()


def test_entries_of_the_legend_that_reach_the_server_in_one_moment_are_all_switched(
    serve: Callable[..., Server], open_page: OpenPage, reached: Wire
) -> None:
    server = serve("--warm", "--allow-websocket-origin", reached.origin, example_dams="false")
    for hazard in ("High", "Significant", "Low"):
        server.add_dam(f"{hazard} hazard", hazard_potential=hazard)
    page = open_page(server, wire=reached)

    with reached.slow():
        page.map.legend("High").click()
        page.map.legend("Low").click()

    page.table.expect_text("2 of 3 dams")
    expect(page.map.legend("Significant")).to_have_attribute("aria-pressed", "false")


def test_the_keyboard_alone_moves_the_map(large_server: Server, open_page: OpenPage) -> None:
    page = open_page(large_server)
    for _ in range(20):
        page.page.keyboard.press("Tab")
        if page.map.region.evaluate("region => region.getRootNode().activeElement === region"):
            break
    expect(page.map.region).to_be_focused()
    expect(page.map.region).to_have_accessible_description("2,000 dams")
    home, drawn = page.map.view, len(page.map.dams())
    width = home[2] - home[0]

    def press(key: str) -> tuple[int, int, int, int]:
        page.page.keyboard.press(key)
        page.settle()
        return page.map.view

    assert press("ArrowRight")[0] == pytest.approx(home[0] + width / 8, abs=2)
    assert press("ArrowLeft") == pytest.approx(home, abs=2)
    assert press("ArrowUp")[1] > home[1]
    assert press("ArrowDown") == pytest.approx(home, abs=2)
    closer = press("+")
    assert closer[2] - closer[0] == pytest.approx(width / 2, abs=2)
    page.map.expect(lambda: len(page.map.dams()) < drawn, "the server has followed")
    assert press("-") == pytest.approx(home, abs=2)
    press("ArrowUp")
    assert press("Home") == pytest.approx(home, abs=2)

    page.page.keyboard.press("Tab")
    expect(page.map.tool("Dams in view")).to_be_focused()
    page.page.keyboard.press("Tab")
    expect(page.map.tool("Zoom in")).to_be_focused()
    closer = press("Enter")
    assert closer[2] - closer[0] == pytest.approx(width / 2, abs=2)
