"""The map: what is drawn, and what the mouse does to it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.ui.conftest import OpenPage
from tests.ui.server import Server

DEER_CREEK = (-111.529133, 40.406624)
UTAH = "?view=-112.1,40.3,-111.2,40.7"


def test_the_pointer_is_told_in_degrees_and_over_a_dam_its_name_river_and_owner(
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
        *("River", "Provo River"),
        *("Owner", "Reclamation"),
    ]


def test_the_scale_bar_is_true_at_this_latitude_also_in_full_screen(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)

    def expect_true() -> None:
        length, label = page.map.scale_bar()
        number, unit = label.split()
        metres = float(number) * {"m": 1, "km": 1000}[unit]
        # A degree of longitude is 111.3 km at the equator and 84.6 km at 40.5 degrees.
        ground = page.map.scale * length * 84.6 / 111.3
        assert metres == pytest.approx(ground, rel=0.02)

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
    assert top - frame["y"] == pytest.approx(height * 0.1, abs=3)
    assert frame["y"] + frame["height"] - bottom == pytest.approx(height * 0.1, abs=3)
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


def test_many_dams_are_drawn_as_clusters_that_tell_their_counts_and_open(
    large_server: Server, open_page: OpenPage
) -> None:
    page = open_page(large_server)
    clusters = page.map.clusters()
    assert sum(one["count"] for one in clusters) + len(page.map.dams()) == 2000
    assert all(one["label"] == str(one["count"]) for one in clusters)

    biggest = max(clusters, key=lambda one: one["count"])
    page.map.point_at(biggest["page_x"], biggest["page_y"])
    expect(page.map.tooltip).to_have_text(re.compile(rf"^\s*Dams:?\s*{biggest['count']}\s*$"))

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


def test_zooming_in_by_hand_opens_the_clusters_too(
    large_server: Server, open_page: OpenPage
) -> None:
    page = open_page(large_server)
    assert page.map.clusters()

    page.map.zoom(12)

    page.map.expect(lambda: page.map.clusters() == [], "the clusters have opened")
    assert 0 < len(page.map.dams()) < 300
