"""Importing a file on the page."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.ui.conftest import OpenPage
from tests.ui.dashboard_page import DashboardPage
from tests.ui.import_on_page import ImportOnPage, dams_of
from tests.ui.server import Server

ROWS = 6_000
NO_MARKUP = "window.alert = () => { throw new Error('markup was run') }"


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server]) -> Server:
    """A server on which everybody may import."""
    return serve("--warm", anonymous="administer")


@pytest.fixture
def page(server: Server, open_page: OpenPage) -> DashboardPage:
    return open_page(server)


@contextmanager
def locked(server: Server) -> Iterator[None]:
    """Keep the server from writing, as another program might."""
    connection = sqlite3.connect(server.database, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def test_a_file_is_looked_at_imported_told_and_undone(
    server: Server, open_page: OpenPage, page: DashboardPage
) -> None:
    other = open_page(server)
    before = server.inventory.count()
    card = ImportOnPage(page)
    card.open()
    card.choose("six thousand.csv", dams_of("Six", ROWS))
    card.expect_seen(new="6,000")
    expect(card.about).to_contain_text("six thousand.csv")
    expect(card.entries).to_have_count(50)
    card.press("Next")
    expect(card.range).to_have_text("51 to 100 of 6,000")
    assert server.inventory.count() == before

    card.press("Add 6,000 dams")

    card.expect_heading("Imported")
    expect(card.result).to_contain_text("6,000 dams added")
    assert server.inventory.count() == before + ROWS
    expect(page.toast).to_be_visible()
    expect(other.toast).to_be_visible()
    assert len([one for one in other.toasts_seen if one]) == 1

    card.press("Undo")

    expect(card.result).to_have_text("The import has been undone.")
    assert server.inventory.count() == before


def test_a_canceled_import_leaves_nothing(server: Server, page: DashboardPage) -> None:
    before = server.inventory.count()
    card = ImportOnPage(page)
    card.open()
    card.choose("left.csv", dams_of("Left", ROWS))
    card.expect_seen(new="6,000")

    with locked(server):
        card.press("Add 6,000 dams")
        card.expect_heading("Importing")
        card.press("Cancel")
        expect(card.amount).to_have_text("Canceling …")

    card.expect_seen(new="6,000")
    expect(card.fault).to_be_hidden()
    assert server.inventory.count() == before


def test_an_upload_is_canceled_and_another_file_is_chosen(
    server: Server, page: DashboardPage, tmp_path: Path
) -> None:
    card = ImportOnPage(page)
    card.open()
    card.cancel_an_upload(tmp_path)

    card.choose("empty.csv", b"")
    expect(card.fault).to_have_text('"empty.csv" is empty. Choose another file.')
    card.choose("parts.shp", b"1")
    expect(card.fault).to_contain_text("into one .zip file")
    card.drop({"few.csv": dams_of("Few", 2), "more.csv": dams_of("More", 3)})
    card.expect_seen(new="2")
    expect(card.about).to_contain_text("few.csv")


def test_known_dams_are_updated_in_the_fields_that_a_person_chooses(
    server: Server, page: DashboardPage
) -> None:
    card = ImportOnPage(page)
    card.open()
    card.choose("first.csv", dams_of("Known", 3))
    card.press("Add 3 dams")
    card.expect_heading("Imported")
    card.press("Import another file")

    card.choose("second.csv", dams_of("Known", 3, height=45, river="Provo River"))
    card.expect_seen(other="3")
    expect(card.button("Nothing to import")).to_be_disabled()
    card.show("Other values")
    expect(card.entries.first).to_contain_text("NID height (ft): 30 → 45")
    card.tick("Also update known dams")
    card.tick("All fields", is_wanted=False)
    card.tick("NID height (3)")
    name, saved = card.download()
    card.press("Update 3 dams")

    card.expect_heading("Imported")
    expect(card.result).to_contain_text("3 dams updated")
    frame = server.inventory.snapshot().frame.query("dam_name == 'Known 00000'")
    assert frame["nid_height_ft"].tolist() == [45]
    assert frame["river"].tolist() == ["Green River"]
    assert name.endswith(".csv")
    assert len(saved.splitlines()) > 3


def test_a_keyboard_is_enough(server: Server, page: DashboardPage) -> None:
    card = ImportOnPage(page)
    press = page.page.keyboard.press
    page.button("Import a file").first.focus()
    press("Enter")
    expect(card.card).to_be_focused()
    press("Tab")
    press("Tab")
    expect(card.file).to_be_focused()
    card.choose("keys.csv", dams_of("Keys", 2))
    expect(card.heading).to_be_focused()
    card.expect_seen(new="2")
    for _ in range(20):
        if card.button("Add 2 dams").evaluate("one => one.matches(':focus')"):
            break
        press("Tab")
    press("Enter")
    card.expect_heading("Imported")
    expect(card.heading).to_be_focused()

    press("Escape")
    expect(card.card).to_be_hidden()
    expect(page.button("Import a file").first).to_be_focused()


def test_a_column_that_needs_an_answer_is_asked_for_and_remembered(
    server: Server, page: DashboardPage
) -> None:
    rows = "Name of dam,Height,Lat,Lon,Remark\nFirst,12,45.1,-120.5,old\nSecond,20,45.2,-120.6,\n"
    card = ImportOnPage(page)
    card.open()
    card.choose("ours.csv", rows)
    card.expect_heading("1 column needs an answer")
    expect(card.columns).to_have_count(1)
    expect(card.columns).to_contain_text("12 · 20")
    card.press("Show all 5 columns")
    expect(card.columns).to_have_count(5)
    card.give_unit("Height", "m")
    card.expect_heading("Columns of the file")
    card.press("Continue")
    card.press("Add 2 dams")
    card.expect_heading("Imported")
    frame = server.inventory.snapshot().frame.query("dam_name == 'First'")
    assert frame.filter(like="height").iloc[0].dropna().round(1).tolist() == [39.4]

    card.press("Import another file")
    card.choose("ours again.csv", rows.replace("First", "Third").replace("45", "46"))
    card.expect_heading("What an import would do")
    expect(card.about).to_contain_text("as in an earlier import")


def test_names_headings_and_cells_are_text_on_a_phone(server: Server, open_page: OpenPage) -> None:
    page = open_page(server, viewport=(390, 844), touch=True, script=NO_MARKUP)
    evil = "<img src=x onerror=alert(1)>"
    card = ImportOnPage(page)
    card.open_from_the_drawer()
    card.choose(
        f"{evil}.csv".replace("/", ""),
        f"Dam Name,Latitude,Longitude,{evil},Year Completed\n{evil},44,-121,{evil},{evil}\n",
    )
    card.expect_seen(new="1")
    expect(card.about).to_contain_text(evil)
    expect(card.entries).to_contain_text(evil)
    for name in ("Cells", "Columns kept"):
        card.show(name)
        expect(card.entries.filter(has_text="<img src=x").first).to_be_visible()
    card.press("Columns")
    expect(card.columns.filter(has_text=evil).first).to_be_visible()
    assert page.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    card.press("Continue")
    card.press("Add 1 dam")
    card.expect_heading("Imported")
