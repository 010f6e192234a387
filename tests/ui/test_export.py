"""Exporting dams, their history and hydrographs on the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect
from pyogrio import raw, read_info
from python_calamine import CalamineWorkbook

from dam_inventory.server.auth import passwords
from tests.starting import PATIENCE, wait_until
from tests.ui.conftest import OpenPage
from tests.ui.dashboard_page import DashboardPage
from tests.ui.export_on_page import ExportOnPage, rows_of
from tests.ui.filters_on_page import FiltersOnPage
from tests.ui.server import Server
from tests.ui.tasks import Keyboard
from tests.visitor import SAFE, WITH_PASSWORDS

MARKUP = "<img src=x onerror=window.hacked=1>"
CLIPBOARD = ("clipboard-read", "clipboard-write")
STICK = "window.atob = () => ''"
"""Makes a page that never gets on with what it is sent."""
DENIED = """
navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"))
document.execCommand = () => false
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server keeps temporary files."""
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server], folder: Path) -> Server:
    """A server on which visitors may only look."""
    server = serve(
        "--warm",
        environment={"TMPDIR": str(folder)},
        anonymous="view",
        example_dams="false",
    )
    server.add_dam("High", hazard_potential="High", state="Utah", owner="=1+1")
    server.add_dam(MARKUP, hazard_potential="Low", state="Utah", latitude=10, longitude=20)
    dam_id = server.add_dam("Far", state="Nevada", nid_height_ft=726.4)
    server.assign_hydrograph(dam_id, [0, 1, 2], [1, 3, 2])
    return server


@pytest.fixture
def page(server: Server, open_page: OpenPage) -> DashboardPage:
    return open_page(server)


@pytest.fixture
def card(page: DashboardPage) -> ExportOnPage:
    return ExportOnPage(page)


def names_in(server: Server) -> set[str]:
    return {*server.inventory.snapshot().frame["dam_name"]}


def test_all_dams_are_exported_by_a_visitor_who_may_only_look(
    server: Server, page: DashboardPage, card: ExportOnPage
) -> None:
    card.open()
    card.expect_chosen("All 3 dams")

    saved = card.save("Export 3 dams")

    assert re.fullmatch(r"dams \d{4}-\d\d-\d\d\.csv", saved.name)
    rows = {one["dam_name"]: one for one in rows_of(saved)}
    assert {*rows} == names_in(server)
    assert rows["High"]["owner"] == "'=1+1"
    assert float(rows["Far"]["nid_height_ft"]) == 726.4
    expect(card.result).to_contain_text(f'Saved "{saved.name}"')
    expect(card.announcement).to_contain_text("Saved")
    page.expect_nothing_ran()


def test_dams_that_match_the_filter_are_exported_under_its_name(
    page: DashboardPage, card: ExportOnPage
) -> None:
    FiltersOnPage(page).choose("State", "Utah")
    FiltersOnPage(page).choose("Hazard potential", "High")
    card.open()
    card.expect_chosen("1 dam that matches the filter")
    card.choose("CSV, headings of the NID")

    saved = card.save("Export 1 dam")

    assert re.fullmatch(r"dams High hazard, Utah \d{4}-\d\d-\d\d\.csv", saved.name)
    [row] = rows_of(saved)
    assert row["Dam Name"] == "High"
    assert row["Hazard Potential Classification"] == "High"


def test_ticked_dams_are_exported_as_geojson(page: DashboardPage, card: ExportOnPage) -> None:
    page.table.tick("Far")
    page.table.tick("High")
    card.open_of_ticked()
    card.expect_chosen("2 selected dams")
    card.choose("GeoJSON")

    saved = card.save("Export 2 dams")

    assert saved.suffix == ".geojson"
    features = json.loads(saved.read_text("utf-8"))["features"]
    assert {one["properties"]["dam_name"] for one in features} == {"Far", "High"}


def test_excel_gets_text_and_not_formulas(
    server: Server, page: DashboardPage, card: ExportOnPage
) -> None:
    card.open()
    card.choose("Excel")

    saved = card.save("Export 3 dams")

    head, *lines = CalamineWorkbook.from_path(saved).get_sheet_by_index(0).to_python()
    rows = [dict(zip(head, line, strict=True)) for line in lines]
    assert {one["dam_name"] for one in rows} == names_in(server)
    assert {one["owner"] for one in rows} == {"=1+1", "Other"}
    page.expect_nothing_ran()


def test_a_geopackage_has_the_places(server: Server, card: ExportOnPage) -> None:
    card.open()
    card.choose("GeoPackage")

    saved = card.save("Export 3 dams")

    info = read_info(saved)
    assert info["crs"] == "EPSG:4326"
    assert info["features"] == 3
    _, _, _, [names] = raw.read(saved, columns=["dam_name"])
    assert {*names} == names_in(server)
    assert info["total_bounds"][1] == 10


def test_the_history_and_the_hydrographs_are_exported(card: ExportOnPage) -> None:
    card.open()
    card.choose("History of changes")
    expect(card.choice("GeoJSON")).to_be_hidden()
    history = rows_of(card.save("Export history"))
    assert {one["dam_name"] for one in history} >= {"High", MARKUP, "Far"}

    card.choose("Hydrographs")
    points = rows_of(card.save("Export hydrographs"))
    assert [one["dam_name"] for one in points] == ["Far"] * 3


def test_the_history_of_a_dam_is_downloaded_from_its_card(page: DashboardPage) -> None:
    page.select("Far")
    page.history.open()
    card = ExportOnPage(page)

    saved = card.saving(lambda: page.press("Download CSV"))

    assert saved.name.startswith("History of Far ")
    assert {one["dam_name"] for one in rows_of(saved)} == {"Far"}
    expect(page.history.card).to_contain_text(f'Saved "{saved.name}"')
    expect(page.button("Download CSV")).to_be_enabled()


def test_thousands_of_dams_are_exported_with_progress(
    crowded_server: Server, open_page: OpenPage
) -> None:
    page = open_page(crowded_server)
    card = ExportOnPage(page)
    card.open()
    card.choose("GeoJSON")
    card.amount.evaluate("""amount => {
        window.told = []
        new MutationObserver(() => told.push(amount.textContent)).observe(amount, {childList: true})
    }""")

    saved = card.save("Export 6,002 dams")

    features = json.loads(saved.read_text("utf-8"))["features"]
    assert len({one["id"] for one in features}) == 6002
    told = page.page.evaluate("told")
    assert [one for one in told if re.fullmatch(r"[\d,]+ of 6,002 dams", one)]
    assert [one for one in told if re.fullmatch(r"[1-9]\d?% of \d+ MB sent", one)]
    expect(card.bar).to_be_hidden()
    expect(card.button("Export 6,002 dams")).to_be_focused()


def test_a_canceled_export_leaves_no_file_and_saves_none(
    page: DashboardPage, card: ExportOnPage, folder: Path
) -> None:
    downloads: list[object] = []
    page.page.on("download", lambda one: downloads.append(one))
    page.page.evaluate(STICK)
    card.open()
    card.press("Export 3 dams")
    expect(card.amount).to_contain_text("0% of")
    expect(card.button("Cancel")).to_be_focused()
    assert [*folder.glob("dam-inventory-*")]

    card.press("Cancel")

    expect(card.button("Export 3 dams")).to_be_focused()
    wait_until(lambda: not [*folder.glob("dam-inventory-*")], "the end of the file")
    page.settle()
    assert downloads == []
    assert card.result.inner_text() == ""


def test_a_page_that_is_closed_while_it_is_sent_a_file_leaves_none(
    serve: Callable[..., Server], open_page: OpenPage, folder: Path
) -> None:
    forgetful = ("--unused-session-lifetime", "2000", "--check-unused-sessions", "200")
    page = open_page(serve(*forgetful, environment={"TMPDIR": str(folder)}))
    page.page.evaluate(STICK)
    card = ExportOnPage(page)
    card.open()
    card.press("Export 2 dams")
    expect(card.amount).to_contain_text("0% of")
    assert [*folder.glob("dam-inventory-*")]

    page.page.close()

    wait_until(lambda: not [*folder.glob("dam-inventory-*")], "the end of the file")


def test_an_export_goes_on_when_its_card_is_closed(
    server: Server, page: DashboardPage, card: ExportOnPage
) -> None:
    card.open()

    def export_and_close() -> None:
        card.press("Export 3 dams")
        page.page.keyboard.press("Escape")

    saved = card.saving(export_and_close)

    assert {one["dam_name"] for one in rows_of(saved)} == names_in(server)
    expect(card.announcement).to_contain_text("Saved")


def test_a_copied_link_leads_other_programs_to_the_same_dams(
    page: DashboardPage, card: ExportOnPage
) -> None:
    page.page.context.grant_permissions(CLIPBOARD)
    FiltersOnPage(page).choose("State", "Utah")
    page.table.search("hig")
    card.open()
    expect(card.choice("1 dam that matches the filter")).to_be_visible()

    card.press("Copy link")

    expect(card.card.get_by_text("Link copied.")).to_be_visible()
    link = page.page.evaluate("navigator.clipboard.readText()")
    assert link.endswith("/api/dams.csv?state=Utah&search=hig")
    with urlopen(link, timeout=PATIENCE) as answer:
        text = answer.read().decode()
    assert "High" in text
    assert "Far" not in text
    assert "img" not in text


def test_a_link_to_the_dams_in_view_names_the_region(
    page: DashboardPage, card: ExportOnPage
) -> None:
    page.page.context.grant_permissions(CLIPBOARD)
    page.page.get_by_role("checkbox", name="In the map's view").check()
    page.page.get_by_role("button", name="Zoom in").click()
    page.settle()
    card.open()
    card.choose("GeoJSON")
    card.press("Copy link")
    expect(card.card.get_by_text("Link copied.")).to_be_visible()
    link = page.page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"/api/dams\.geojson\?region=[-\d.,]+$", link)
    with urlopen(link, timeout=PATIENCE) as answer:
        found = {one["properties"]["dam_name"] for one in json.load(answer)["features"]}
    assert found == {*page.map.dams()}


def test_a_link_that_can_not_be_copied_is_shown(server: Server, open_page: OpenPage) -> None:
    page = open_page(server, script=DENIED)
    card = ExportOnPage(page)
    card.open()
    card.press("Copy link")
    field = card.card.get_by_label("Link", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_value(f"{server.origin}/api/dams.csv")
    card.choose("History of changes")
    expect(field).to_be_hidden()
    expect(card.card.get_by_text("Copy this link.")).to_be_hidden()
    expect(card.button("Copy link")).to_be_hidden()


def test_a_link_has_the_prefix_of_its_server(
    serve: Callable[..., Server], open_page: OpenPage
) -> None:
    server = serve(prefix="/inventory")
    page = open_page(server, script=DENIED)
    card = ExportOnPage(page)
    card.open()
    card.press("Copy link")
    link = card.card.get_by_label("Link", exact=True).input_value()
    assert link == f"{server.origin}/api/dams.csv"
    assert "/inventory/" in link
    with urlopen(link, timeout=PATIENCE) as answer:
        assert b"Deer Creek" in answer.read()


def test_with_a_login_a_link_is_offered_with_a_word_about_tokens(
    serve: Callable[..., Server], open_page: OpenPage, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("login") / "passwords.json"
    passwords.set_password(file, "vera", "the password of vera")
    server = serve(*WITH_PASSWORDS, environment=SAFE, passwords_file=file)
    page = open_page(server, login=("vera", "the password of vera"))
    card = ExportOnPage(page)
    card.open()
    expect(card.button("Copy link")).to_be_visible()
    expect(card.link_note).to_have_text("Programs need a token to read this address.")
    assert len(rows_of(card.save("Export 2 dams"))) == 2


def test_without_the_api_there_is_no_link(
    serve: Callable[..., Server], open_page: OpenPage
) -> None:
    page = open_page(serve(api="false"))
    card = ExportOnPage(page)
    card.open()
    expect(card.button("Export 2 dams")).to_be_enabled()
    expect(card.button("Copy link")).to_be_hidden()


def test_a_page_in_metric_units_says_that_the_file_has_others(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server, query="?units=metric")
    card = ExportOnPage(page)
    card.open()
    expect(card.note).to_contain_text("feet, acre-feet, miles")


def test_a_keyboard_exports_and_comes_back(page: DashboardPage, card: ExportOnPage) -> None:
    keyboard = Keyboard(page)
    keyboard.go_to("Export")
    keyboard.press("Enter")
    card.expect_open()
    keyboard.go_to("Export 3 dams")
    saved = card.saving(lambda: keyboard.press("Enter"))
    assert len(rows_of(saved)) == 3
    expect(card.button("Export 3 dams")).to_be_focused()

    keyboard.press("Escape")

    expect(card.card).to_be_hidden()
    page.settle()
    assert keyboard.focused == "Export"


def test_a_phone_exports_from_its_menu(server: Server, open_page: OpenPage) -> None:
    page = open_page(server, viewport=(390, 844), touch=True)
    page.button("Print, report or export").tap()
    page.button("Export").filter(visible=True).tap()
    card = ExportOnPage(page)
    card.expect_open()
    expect(card.button("Export 3 dams")).to_be_in_viewport()
    page.expect_nothing_wider_than(390)

    saved = card.saving(lambda: card.button("Export 3 dams").tap())

    assert len(rows_of(saved)) == 3
    page.page.keyboard.press("Escape")
    expect(card.card).to_be_hidden()


def test_that_no_api_has_answered_is_not_remembered_for_the_life_of_the_page(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server, script=DENIED)
    card = ExportOnPage(page)
    page.page.route("**/api", lambda route: route.fulfill(content_type="text/html"))
    with page.page.expect_response("**/api"):
        card.open()
    page.page.wait_for_function("'damExportLinks' in window && window.damExportLinks === undefined")
    assert card.button("Copy link").is_hidden()
