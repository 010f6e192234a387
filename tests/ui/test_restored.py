"""A page whose inventory is restored, or whose database is removed, while it is open."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from dam_inventory.database.backup import backup
from dam_inventory.database.restoring import restore
from dam_inventory.domain.messages import RESTORED
from tests.ui.conftest import OpenPage
from tests.ui.server import Server

pytestmark = pytest.mark.long

MISSING = "The database is missing. This page shows its last known data."


def test_a_page_shows_the_restored_dams_by_itself_and_no_ghost_can_be_removed(
    serve: Callable[..., Server], open_page: OpenPage, tmp_path: Path
) -> None:
    server = serve(anonymous="administer")
    page, colleague = open_page(server), open_page(server)
    backup(server.database_url, tmp_path / "saved.db")
    page.add_dam(name="A ghost")
    page.details.expect_open("A ghost")
    page.details.ask_to_remove()
    colleague.reload()
    colleague.table.click_on("Deer Creek")
    colleague.edit_form.open()
    colleague.edit_form.fill(river="Typed before")
    for one in (page, colleague):
        one.mark()

    restore(server.database_url, tmp_path / "saved.db")

    for one in (page, colleague):
        expect(one.toast).to_contain_text(RESTORED)
        one.table.expect_text("2 dams")
        one.settle()
        assert one.is_marked
    expect(page.page.get_by_role("button", name="Remove", exact=True)).to_be_hidden()
    expect(colleague.edit_form.field("River")).to_have_value("Typed before")

    colleague.edit_form.save()
    alert = colleague.page.get_by_role("alert").filter(has_text="Your changes were not saved")
    expect(alert).to_be_visible()
    colleague.edit_form.save()
    colleague.details.expect_open("Deer Creek")
    page.add_dam(name="Real")
    page.details.expect_open("Real")
    with closing(sqlite3.connect(server.database)) as plain:
        found = plain.execute("SELECT dam_name, river FROM dams").fetchall()
    assert found == [
        ("Deer Creek", "Typed before"),
        ("Jordanelle", "Provo River"),
        ("Real", "Provo River"),
    ]
    server.forgive()


def test_without_its_file_a_page_says_so_and_goes_on_when_it_is_back(
    serve: Callable[..., Server], open_page: OpenPage
) -> None:
    server = serve()
    page = open_page(server)
    notice = page.page.get_by_text(MISSING)
    file, away = server.database, server.database.with_name("away.db")

    file.rename(away)

    expect(notice).to_be_visible()
    with pytest.raises(HTTPError) as answer:
        urlopen(server.origin + "/health", timeout=30)
    assert answer.value.code == 503
    assert "missing" in json.load(answer.value)["problem"]
    assert not file.exists()
    away.rename(file)
    expect(notice).to_be_hidden()
    page.add_dam(name="Heron Lake")
    page.details.expect_open("Heron Lake")
    with closing(sqlite3.connect(file)) as plain:
        assert plain.execute("SELECT count(*) FROM dams").fetchone() == (3,)
    server.forgive()
