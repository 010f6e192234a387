"""Parts of the dashboard as other programs lay them out: they have sizes of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.server import Server
from tests.ui.test_other_servers import started

pytestmark = pytest.mark.long

WIDTH, HEIGHT = 1280, 900


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with started(tmp_path_factory.mktemp("parts"), "map", "parts_app.py", "PORT") as server:
        yield server


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert errors == []


def size(page: Page, selector: str) -> tuple[float, float]:
    part = page.locator(selector).first
    expect(part).to_be_visible()
    box = part.bounding_box()
    assert box is not None
    return box["width"], box["height"]


@pytest.mark.parametrize(("name", "least"), [("map", WIDTH), ("column", WIDTH), ("row", 500)])
def test_a_map_alone_or_beside_a_table_is_large_enough_to_use(
    server: Server, page: Page, name: str, least: int
):
    page.goto(f"{server.origin}/{name}")

    width, height = size(page, ".bk-GeoFigure, .bk-Figure")
    assert width >= least - 1
    assert height >= 300
    if name != "map":
        expect(page.locator("td.name")).to_have_text(["Deer Creek", "Jordanelle"])
        assert size(page, "table")[0] >= 400


def test_charts_alone_count_the_dams(server: Server, page: Page):
    page.goto(f"{server.origin}/charts")

    # Where the two example dams are, nobody has said.
    expect(page.get_by_role("row", name="Unknown 2").first).to_be_attached()
    assert size(page, "svg")[0] > 200


def test_a_form_alone_confirms_what_it_has_added_and_is_emptied_by_cancel(
    server: Server, page: Page
):
    page.goto(f"{server.origin}/form")
    facts = {
        "Name": "Heron Lake", "River": "Green River", "Date built": "1950",
        "Latitude": "40.5", "Longitude": "-111.48",
    }  # fmt: skip
    for label, text in facts.items():
        page.get_by_label(label, exact=False).first.fill(text)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text('Your dam has been added: "Heron Lake".')).to_be_visible()

    page.get_by_label("Name").first.fill("Half")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_label("Name").first).to_have_value("")
