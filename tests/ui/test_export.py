"""Exporting dams, their history and hydrographs on the page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.ui.conftest import OpenPage
from tests.ui.dashboard_page import DashboardPage
from tests.ui.export_on_page import ExportOnPage, rows_of
from tests.ui.server import Server


@pytest.fixture
def server(rated_server: Server) -> Server:
    return rated_server


@pytest.fixture
def page(server: Server, open_page: OpenPage) -> DashboardPage:
    return open_page(server)


def test_all_dams_are_exported(server: Server, page: DashboardPage) -> None:
    card = ExportOnPage(page)
    card.open()
    card.expect_chosen("All 3 dams")

    saved = card.save("Export 3 dams")

    assert re.fullmatch(r"dams \d{4}-\d\d-\d\d\.csv", saved.name)
    assert {one["dam_name"] for one in rows_of(saved)} == {"Deer Creek", "Jordanelle", "Rated"}
    expect(card.result).to_contain_text(f'Saved "{saved.name}"')
    expect(card.announcement).to_contain_text("Saved")
