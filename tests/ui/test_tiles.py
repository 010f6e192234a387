"""Tiles: drawn when their provider answers, and no harm done when it does not."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.ui.conftest import OpenPage
from tests.ui.server import Server

FEW = 5


def test_a_page_without_a_network_works_and_says_which_basemap_is_missing(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server, tiles="failure")

    page.map.expect_dam("Deer Creek")
    page.map.expect_ground("#faf8f3")
    for step in range(5):
        page.map.pan(30 - 10 * step, 20)
    expect(page.map.region.locator(".missing")).to_have_text("OpenStreetMap can't be reached.")
    page.open_sidebar()
    expect(page.layers.note).to_have_text(
        "OpenStreetMap tiles could not be loaded. The map shows the land outline instead."
    )
    assert page.map.is_idle
    assert 0 < len(page.tiles.requests) < FEW


@pytest.mark.long
def test_a_provider_that_never_answers_keeps_nobody_waiting(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server, tiles="silence")

    assert page.map.is_idle
    page.map.expect_dam("Deer Creek")
    page.open_sidebar()
    expect(page.layers.note).to_contain_text("OpenStreetMap tiles could not be loaded")
    page.map.pan(30, 20)
    assert 0 < len(page.tiles.requests) < FEW


def test_tiles_that_can_be_reached_are_drawn_and_attributed(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server, tiles="tile")

    page.map.expect_tiles()
    expect(page.map.attribution).to_have_text("© OpenStreetMap contributors")
    page.map.expect_dam("Deer Creek")
    expect(page.map.region.locator(".missing")).to_be_hidden()
    page.open_sidebar()
    expect(page.layers.note).to_be_hidden()
    assert page.map.is_idle


@pytest.mark.long
def test_tiles_that_fail_later_are_not_asked_for_again_and_again(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server, tiles="tile")
    page.map.expect_tiles()
    page.tiles.answer = "failure"
    before = len(page.tiles.requests)

    for _ in range(6):
        page.map.pan(-400, 0)
    with page.page.expect_request(lambda _: True, timeout=15_000):
        page.map.pan(-400, 0)
        page.map.zoom(1)
    page.page.wait_for_function("() => tests.map.idle()")

    asked = page.tiles.requests[before:]
    assert asked, "The map was not panned far enough to need new tiles."
    assert len(asked) < 100
    assert max(asked.count(url) for url in asked) < FEW
    page.map.zoom(1)
    page.open_form()
