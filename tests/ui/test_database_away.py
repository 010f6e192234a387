"""A page whose server has lost the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from dam_inventory.database.engine import open_database
from tests.servers import PostgreSQL
from tests.ui.conftest import OpenPage
from tests.ui.server import Server, serving

pytestmark = pytest.mark.long

AWAY = "The database does not respond. This page may be out of date, and changes can't be saved"


def test_without_its_database_the_page_says_so_goes_on_showing_and_keeps_the_draft(
    serve: Callable[..., Server], open_page: OpenPage, postgresql: PostgreSQL
) -> None:
    with postgresql.database() as url:
        server = serve(database_url=url)
        page = open_page(server, may_be_cut=True)
        notice = page.page.get_by_text(AWAY)
        page.open_form()
        page.form.fill(
            name="Heron Lake", river="Green River", date_built="1950",
            latitude="40.5", longitude="-111.48",
        )  # fmt: skip

        postgresql.stop()
        expect(notice).to_be_visible()
        for size in ((390, 844), (844, 390), (1280, 900)):
            page.page.set_viewport_size({"width": size[0], "height": size[1]})
            page.settle()
            page.bring(page.button("Add"))
        page.form.add()
        alert = page.page.get_by_role("alert").filter(has_text="Nothing was saved.")
        expect(alert).to_be_visible()
        assert page.form.values()["name"] == "Heron Lake"
        page.table.sort_by("Date built")
        page.table.expect_column(0, ["Deer Creek", "Jordanelle"])

        postgresql.start()
        expect(notice).to_be_hidden()
        page.form.add()
        page.details.expect_open("Heron Lake")
        page.table.expect_text("3 dams")
        assert server.inventory.count() == 3
        server.forgive()
        server.stop()


def test_a_page_that_comes_before_its_database_answers_opens_by_itself(
    tmp_path: Path, browser: Browser
) -> None:
    open_database(f"sqlite:///{tmp_path / 'dams.db'}").dispose()
    with closing(sqlite3.connect(tmp_path / "dams.db")) as silent, serving(tmp_path) as server:
        silent.execute("PRAGMA locking_mode = EXCLUSIVE")
        silent.execute("BEGIN EXCLUSIVE")
        page = browser.new_page()
        page.goto(server.url)
        expect(page.get_by_role("alert")).to_contain_text("The inventory is being opened.")

        silent.close()
        expect(page.locator("td.name").first).to_be_visible()
        page.close()
        server.forgive()
