"""Dams side by side: ticked in the table or added from a card, in a link, and after a removal."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.ui.comparison_on_page import ComparisonOnPage
from tests.ui.conftest import OpenPage
from tests.ui.server import Server
from tests.ui.test_links import query_of

TOLD = """name => [...Bokeh.documents[0].all_models].some(({type, visible, text}) =>
    type === "Label" && visible && text.startsWith("At ") && text.includes(`${name}: `))"""
MARKUP = """<img src=x onerror="window.hacked=1"> Otter"""


@pytest.fixture
def known(server: Server) -> dict[str, int]:
    """Dams by name."""
    facts = {"state": "Nevada", "county": "CLARK", "nid_height_ft": 730.0}
    return {name: server.add_dam(name, **facts) for name in ("Hoover", MARKUP)}


def test_ticked_dams_are_compared_and_a_link_shows_the_same(
    server: Server, known: dict[str, int], open_page: OpenPage
) -> None:
    server.assign_hydrograph(known[MARKUP], [0, 1, 2], [0, 9, 0])
    page = open_page(server)
    shown = ComparisonOnPage(page)
    for name in ("Deer Creek", "Hoover", MARKUP):
        page.table.tick(name)
    page.press("Compare")

    expect(page.page.get_by_role("tab", name="Compare (3)")).to_have_attribute(
        "aria-selected", "true"
    )
    shown.expect_dams(MARKUP, "Deer Creek", "Hoover")
    assert page.page.evaluate("tests.focused()?.ariaLabel") == "Comparison"
    shown.expect_row("NID height", "730", "unknown", "730")
    shown.expect_row("Peak flow", "9", "unknown", "unknown")
    figure = page.page.get_by_role("figure", name=f"Hydrographs of {MARKUP}.")
    expect(figure).to_be_visible()
    figure.hover()
    page.page.wait_for_function(TOLD, arg=f"{MARKUP[:25]}…")

    expect(shown.row("Owner type")).to_have_count(0)
    expect(shown.row("Date built")).to_be_visible()
    shown.only_differences.check()
    expect(shown.row("NID height")).to_be_visible()
    expect(shown.row("River")).to_be_hidden()

    page.click(page.button("Remove Deer Creek from the comparison"))
    shown.expect_dams(MARKUP, "Hoover")
    focused = page.page.evaluate("tests.focused()?.ariaLabel")
    assert focused == "Remove Hoover from the comparison"
    page.click(page.button("Hoover"))
    page.details.expect_open("Hoover")
    page.map.expect_selection_on("Hoover")

    receiver = open_page(server, query=query_of(page))
    ComparisonOnPage(receiver).expect_dams(MARKUP, "Hoover")
    receiver.details.expect_open("Hoover")
    assert page.page.evaluate("window.hacked") is None


def test_a_card_adds_its_dam_and_a_removed_dam_leaves_with_the_next_reload(
    server: Server, open_page: OpenPage
) -> None:
    gone = server.add_dam("Otter Creek", nid_height_ft=12.0)
    stays = server.add_dam("Beaver Creek", nid_height_ft=34.0)
    page = open_page(server, query=f"?selected={gone}")
    shown = ComparisonOnPage(page)
    page.press("Add to compare")
    page.press("Comparison (1)")
    shown.expect_dams("Otter Creek")
    page.open_tab("Table")
    page.table.click_on("Beaver Creek")
    page.press("Add to compare")
    page.press("Comparison (2)")
    shown.expect_dams("Otter Creek", "Beaver Creek")

    mark = server.inventory.snapshot().mark
    server.inventory.edit(stays, {"nid_height_ft": 56.0}, mark)
    server.inventory.remove(gone, mark)
    expect(page.toast).to_be_visible()
    shown.expect_row("NID height", "12", "34")
    page.reload()

    shown.expect_dams("Beaver Creek")
    shown.expect_row("NID height", "56")
    expect(page.page.locator(".compare").get_by_role("status").first).to_have_text(
        '"Otter Creek" is not in the inventory any more.'
    )


def test_too_many_dams_are_refused_in_words(large_server: Server, open_page: OpenPage) -> None:
    page = open_page(large_server)
    for number in range(5):
        page.table.tick(f"Dam {number:04}")

    page.press("Compare")

    page.table.expect_text("Tick 2 to 4 dams to compare them: 5 are ticked.")
    page.table.expect_ticked(*(f"Dam {number:04}" for number in range(5)))


def test_on_a_phone_names_and_labels_stay_while_the_rest_scrolls(
    large_server: Server, open_page: OpenPage
) -> None:
    ids = ",".join(str(large_server.id_of(f"Dam {number:04}")) for number in range(4))
    page = open_page(
        large_server, viewport=(390, 844), touch=True, query=f"?tab=compare&compare={ids}"
    )
    shown = ComparisonOnPage(page)
    shown.expect_dams("Dam 0000", "Dam 0001", "Dam 0002", "Dam 0003")
    label = shown.row("River").get_by_role("rowheader")
    left, top = label.bounding_box()["x"], shown.names.first.bounding_box()["y"]

    box = shown.region.bounding_box()
    page.page.mouse.move(box["x"] + 150, box["y"] + 80)
    page.page.mouse.wheel(400, 0)
    page.map.expect(lambda: shown.names.first.bounding_box()["x"] < 0, "it has scrolled")

    expect(shown.names.last).to_be_in_viewport(ratio=0.99)
    assert label.bounding_box()["x"] == left
    page.page.mouse.wheel(0, 60)
    page.map.expect(lambda: label.bounding_box()["y"] < top + 200, "the rows are there")
    assert shown.names.first.bounding_box()["y"] == top
    page.expect_nothing_wider_than(390)
