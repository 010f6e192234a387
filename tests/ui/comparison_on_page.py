"""ComparisonOnPage: dams side by side, as a person sees and uses them."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.ui.dashboard_page import DashboardPage


class ComparisonOnPage:
    """The tab with the comparison."""

    def __init__(self, dashboard: DashboardPage) -> None:
        self._dashboard = dashboard
        self.region = dashboard.page.get_by_role("region", name="Comparison")
        self.table = self.region.get_by_role("table")
        self.names = self.table.get_by_role("columnheader").locator(".name")

    def expect_dams(self, *names: str) -> None:
        expect(self.names).to_have_text(list(names))

    def row(self, label: str) -> Locator:
        header = self._dashboard.page.get_by_role("rowheader", name=re.compile(f"^{label}"))
        return self.table.get_by_role("row").filter(has=header)

    def expect_row(self, label: str, *texts: str) -> None:
        expect(self.row(label).get_by_role("cell")).to_have_text(list(texts))

    @property
    def only_differences(self) -> Locator:
        return self._dashboard.page.get_by_role("switch", name="Only differences")
