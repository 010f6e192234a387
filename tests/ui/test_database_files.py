"""A page whose SQLite file is replaced or removed, or whose disk is full, while it is open."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from dam_inventory.database.backup import backup
from dam_inventory.domain.messages import MISSING, RESTORED
from tests.ui.conftest import OpenPage
from tests.ui.import_on_page import ImportOnPage
from tests.ui.server import Server, wait_until

pytestmark = pytest.mark.long

FULL = "The database or its disk is full. Nothing was saved."
FLOOD = "time (hours),flow (cfs)\n" + "".join(f"{n},{n % 90}\n" for n in range(5_000))
MANY = "Dam Name,Other Names\n" + "".join(f"Many {n},{'x' * 150}\n" for n in range(500))


def count(file: Path, table: str) -> int:
    """Return how many rows a table has, whatever the server thinks."""
    with closing(sqlite3.connect(file)) as plain:
        [[rows]] = plain.execute(f"SELECT count(*) FROM {table}")
        return int(rows)


def health(server: Server) -> dict[str, object]:
    try:
        with urlopen(server.origin + "/health", timeout=30) as answer:
            return json.load(answer)
    except HTTPError as error:
        with error:
            return json.load(error)


@pytest.fixture
def saved(server: Server, tmp_path: Path) -> Path:
    """A backup of what the server has."""
    backup(server.database_url, tmp_path / "saved.db")
    return tmp_path / "saved.db"


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server]) -> Server:
    return serve("--warm", "--plugins", "tests.tight", anonymous="administer")


@pytest.fixture
def full(server: Server) -> Iterator[Path]:
    """While there is this file, the disk is full."""
    file = server.database.with_name("full")
    file.touch()
    yield file
    file.unlink(missing_ok=True)


def test_a_page_shows_the_file_that_replaces_its_own_and_saves_in_it(
    server: Server, open_page: OpenPage, saved: Path
) -> None:
    page = open_page(server)
    dams = server.inventory.count()
    page.add_dam(name="In the old file")
    page.details.expect_open("In the old file")
    page.mark()

    saved.replace(server.database)

    expect(page.toast).to_contain_text(RESTORED)
    page.table.expect_text(f"{dams} dams")
    page.add_dam(name="In the new file")
    page.details.expect_open("In the new file")
    assert page.is_marked
    with closing(sqlite3.connect(server.database)) as plain:
        names = [name for (name,) in plain.execute("SELECT dam_name FROM dams")]
    assert "In the new file" in names
    assert "In the old file" not in names
    server.forgive()


def test_a_page_without_its_file_shows_what_it_knows_until_there_is_one_again(
    server: Server, open_page: OpenPage, saved: Path
) -> None:
    page = open_page(server)
    dams = server.inventory.count()
    notice = page.page.get_by_text(MISSING)

    server.database.unlink()

    expect(notice).to_be_visible()
    page.table.expect_text(f"{dams} dams")
    assert health(server)["problem"] == "the database is missing, or holds no inventory"
    assert not server.database.exists()
    shutil.copy(saved, server.database)
    expect(notice).to_be_hidden()
    page.add_dam(name="Since it is back")
    page.details.expect_open("Since it is back")
    assert count(server.database, "dams") == dams + 1
    server.forgive()


def test_an_import_that_finds_the_disk_full_says_so_and_goes_on_when_there_is_room(
    server: Server, open_page: OpenPage, full: Path
) -> None:
    page = open_page(server)
    dams, changes = (count(server.database, one) for one in ("dams", "changes"))
    card = ImportOnPage(page)
    card.open()
    card.choose("many.csv", MANY)
    card.expect_seen(new="500")
    card.press("Add 500 dams")

    expect(card.fault).to_contain_text(FULL)
    assert count(server.database, "dams") == dams
    assert count(server.database, "changes") == changes
    assert health(server)["problem"] == "changes can't be saved"

    full.unlink()
    card.press("Add 500 dams")
    card.expect_heading("Imported")
    assert count(server.database, "dams") == dams + 500
    wait_until(lambda: "problem" not in health(server))
    server.forgive()


def test_a_hydrograph_that_finds_the_disk_full_is_not_half_there_and_is_kept_in_the_form(
    server: Server, open_page: OpenPage, full: Path
) -> None:
    page = open_page(server)
    form = page.assign_form
    page.select("Jordanelle")
    form.open_from_the_details()
    form.choose("flood.csv", FLOOD)
    form.assign()

    form.expect_told(FULL)
    assert count(server.database, "hydrograph_points") == 0
    full.unlink()
    form.assign()
    wait_until(lambda: count(server.database, "hydrograph_points") == 5_000)
    page.expect_toast('Your hydrograph has been assigned to "Jordanelle".')
    server.forgive()
