"""What axe-core, the keyboard and forced colors say of each part of the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from dam_inventory.server.auth import passwords
from tests.ui.charts_on_page import ChartsOnPage
from tests.ui.comparison_on_page import ComparisonOnPage
from tests.ui.conftest import OpenPage
from tests.ui.dashboard_page import DashboardPage
from tests.ui.export_on_page import ExportOnPage
from tests.ui.filters_on_page import FiltersOnPage
from tests.ui.import_on_page import ImportOnPage, dams_of
from tests.ui.lists_on_page import ListsOnPage
from tests.ui.server import Server, wait_until
from tests.ui.test_regions import begin
from tests.visitor import SAFE, WITH_PASSWORDS

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]

PHONE = {"width": 390, "height": 844}
ZOOMED = {"width": 320, "height": 256}
"""A window of 1280 x 1024 pixels at 400 %."""


@pytest.fixture
def server(rated_server: Server) -> Server:
    return rated_server


def open_rail(page: DashboardPage) -> None:
    filters = FiltersOnPage(page)
    filters.open()
    filters.unfold("Year completed")
    filters.choose("State", "Utah")
    expect(filters.chips).to_have_count(1)


def open_form_with_errors(page: DashboardPage) -> None:
    page.open_form()
    page.press("More facts")
    page.form.add()
    expect(page.form.alert).to_be_visible()


def open_details(page: DashboardPage) -> None:
    page.select("Rated")


def open_table_and_details(page: DashboardPage) -> None:
    page.open_tab("Table")  # A low window begins with it folded.
    open_details(page)


def open_hydrograph_and_question(page: DashboardPage) -> None:
    page.select("Rated")
    page.press("Hydrograph")
    expect(page.sheet.figure).to_be_visible()
    page.details.ask_to_remove()


def open_assign_form(page: DashboardPage) -> None:
    page.assign_form.open_from_the_sidebar()


def open_history_and_columns(page: DashboardPage) -> None:
    page.history.open_of_all()
    page.table.tick("Rated")
    page.press("Columns")


def watch_and_save_lists(page: DashboardPage) -> None:
    open_rail(page)
    lists = ListsOnPage(page)
    lists.open()
    lists.choose("No coordinates")
    lists.watch("No coordinates")
    page.click(lists.part.get_by_role("button", name="More for No coordinates"))
    FiltersOnPage(page).choose("State", "Utah")
    page.press("Save as list …")
    expect(lists.name_field).to_be_focused()


def type_to_find(page: DashboardPage) -> None:
    page.page.keyboard.press("/")
    page.find.type("rated")
    expect(page.find.options).to_have_count(1)


def list_dams_in_view(page: DashboardPage) -> None:
    page.map.tool("Dams in view").click()
    expect(page.map.choices).to_be_visible()


def compare_and_draw(page: DashboardPage) -> None:
    page.table.tick("Rated")
    page.table.tick("Jordanelle")
    page.press("Compare")
    shown = ComparisonOnPage(page)
    shown.expect_dams("Jordanelle", "Rated")
    expect(page.page.get_by_role("figure", name="Hydrographs of Rated.")).to_be_visible()
    page.map.tool("Draw a region").click()
    expect(page.map.tool("Polygon")).to_be_visible()


def open_charts(page: DashboardPage) -> None:
    charts = ChartsOnPage(page)
    page.press("Larger panel")
    charts.open()
    charts.choose("State", "Utah")
    charts.expect_chosen("State", "Utah: 1 dam")
    page.click(charts.chart("Built by decade").get_by_role("button", name="Table"))


def draw_a_polygon(page: DashboardPage) -> None:
    begin(page, "Polygon")
    x, y = page.map.centre
    for right, down in ((-60, 60), (60, 60), (60, -20)):
        page.page.mouse.click(x + right, y + down)
    expect(page.map.tool("Finish")).to_be_visible()


def open_print_menu(page: DashboardPage) -> None:
    page.press("Print, report or export")
    expect(page.page.get_by_role("link", name="Report of these dams")).to_be_visible()


def export(page: DashboardPage) -> None:
    page.table.tick("Rated")
    card = ExportOnPage(page)
    card.open_of_ticked()
    card.save("Export 1 dam")
    expect(card.result).to_contain_text("Saved")


def choose_on_a_phone(page: DashboardPage) -> None:
    page.press("Print, report or export")
    page.button("Export").filter(visible=True).click()
    ExportOnPage(page).expect_open()


STATES: dict[str, tuple[Callable[[DashboardPage], None], dict[str, int] | None]] = {
    "filters, map and table": (open_rail, None),
    "form with errors": (open_form_with_errors, None),
    "hydrograph, and question before Remove": (open_hydrograph_and_question, None),
    "assign form, and drawer": (open_assign_form, None),
    "history, columns, and ticked dams": (open_history_and_columns, None),
    "comparison, and shapes to draw": (compare_and_draw, None),
    "charts": (open_charts, None),
    "work lists, and the form of another": (watch_and_save_lists, None),
    "suggestions": (type_to_find, None),
    "list of the dams in view": (list_dams_in_view, None),
    "polygon that is drawn, on a phone": (draw_a_polygon, PHONE),
    "details on a phone": (open_details, PHONE),
    "what goes on paper": (open_print_menu, None),
    "export": (export, None),
    "export on a phone": (choose_on_a_phone, PHONE),
    "zoomed to 400 %": (lambda page: None, ZOOMED),
    "details, zoomed to 400 %": (open_table_and_details, ZOOMED),
}
"""What brings a freshly opened page into a state, and the size of its window if not the usual."""


def findings(page: Page, **run_only: Any) -> list[str]:
    """Return what axe-core finds: impact, rule, reason and element."""
    page.evaluate(AXE_SCRIPT)
    options = {"runOnly": run_only, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{rule['impact']} {rule['id']}: {reason['message']}\n    {node['html']}"
        for rule in found["violations"]
        for node in rule["nodes"]
        for reason in [*node["any"], *node["all"], *node["none"]][:1]
    ]


def expect_accessible(page: DashboardPage) -> None:
    """Fail on any finding: all rules on the light page, and those about colors on the dark one."""
    page.page.mouse.move(1, page.height - 1)
    page.settle()
    assert findings(page.page, type="tag", values=STANDARDS) == []
    page.page.emulate_media(color_scheme="dark")
    # Each component takes the theme by itself.
    expect(page.page.locator(".mui-light")).to_have_count(0)
    page.settle()
    found: list[str] = []

    def is_painted() -> bool:  # A busy browser paints the theme later.
        found[:] = findings(page.page, type="rule", values=COLOURS)
        return found == []

    wait_until(is_painted, lambda: "a page without: " + "\n".join(found))


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(server: Server, open_page: OpenPage, state: str) -> None:
    reach, size = STATES[state]
    size = size or {"width": 1280, "height": 900}
    page = open_page(server, viewport=(size["width"], size["height"]))
    page.page.emulate_media(reduced_motion="reduce", color_scheme="light")

    reach(page)

    expect_accessible(page)


def ask_for_columns(page: DashboardPage) -> None:
    card = ImportOnPage(page)
    card.open()
    card.choose("ours.csv", "Name of dam,Height,Lat,Lon\nOurs,12,45,-120\n")
    card.expect_heading("1 column needs an answer")


def look_at_a_file(page: DashboardPage) -> None:
    card = ImportOnPage(page)
    card.open()
    card.choose("few.csv", dams_of("Few", 60, year="then"))
    card.expect_seen(new="60", cells="60")
    expect(card.entries).to_have_count(50)


@pytest.mark.parametrize("reach", [ask_for_columns, look_at_a_file], ids=["columns", "look"])
def test_axe_finds_nothing_while_a_file_is_imported(
    tasks_server: Server, open_page: OpenPage, reach: Callable[[DashboardPage], None]
) -> None:
    page = open_page(tasks_server)
    page.page.emulate_media(reduced_motion="reduce", color_scheme="light")

    reach(page)

    expect_accessible(page)


def test_axe_finds_nothing_in_toast_and_badge(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)
    page.page.emulate_media(reduced_motion="reduce", color_scheme="light")

    server.add_dams("Announced")
    expect(page.toast).to_be_visible()
    expect_accessible(page)

    page.page.emulate_media(color_scheme="light")
    expect(page.page.locator(".mui-light").first).to_be_attached()
    page.nevermind()
    page.expect_badge("1 new change")
    expect_accessible(page)


@pytest.mark.parametrize("report", ["3", "list"])
def test_axe_finds_nothing_in_a_report(server: Server, open_page: OpenPage, report: str) -> None:
    page = open_page(server, query=f"?report={report}").page

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(
            page.locator(f".root{'.dark' if scheme == 'dark' else ':not(.dark)'}")
        ).to_be_visible()
        assert findings(page, type="tag", values=STANDARDS) == []


def test_axe_finds_nothing_in_the_login(
    serve: Callable[..., Server], browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path: Path = tmp_path_factory.mktemp("login") / "passwords.json"
    passwords.set_password(path, "ann", "the password of ann")
    server = serve(*WITH_PASSWORDS, environment=SAFE, passwords_file=path)
    page = browser.new_page()
    page.goto(server.url)
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Password").fill("another password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_be_visible()

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert findings(page, type="tag", values=STANDARDS) == []
    page.close()
    server.forgive()


@pytest.mark.parametrize("path", ["", "/openapi", "/collections/dams/items", "/collections/dams"])
def test_a_page_of_the_api_reads_well_on_a_phone(
    server: Server, browser: Browser, path: str
) -> None:
    with browser.new_context(viewport=PHONE) as context:
        page = context.new_page()
        page.goto(f"{server.origin}/api{path}?f=html")
        assert findings(page, type="tag", values=STANDARDS) == []
        page.emulate_media(color_scheme="dark")
        assert findings(page, type="rule", values=COLOURS) == []
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        # No word is broken into letters: each heading of a table is one line.
        heads = page.locator("th").evaluate_all("all => all.map(one => one.offsetHeight)")
        assert all(height < 50 for height in heads)
