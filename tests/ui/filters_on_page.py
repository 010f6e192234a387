"""The filters as a person sees and uses them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playwright.sync_api import Locator, expect

from tests.ui.dashboard_page import DashboardPage


class FiltersOnPage:
    """The rail beside the map, and the chips above it."""

    def __init__(self, dashboard: DashboardPage) -> None:
        self._dashboard = dashboard
        self._page = dashboard.page
        self.rail = self._page.get_by_role("search", name="Filters")
        self.chips = self._page.get_by_role("list", name="Active filters").get_by_role("listitem")
        self.summary = self._page.locator(".head .summary")

    def open(self) -> None:
        button = self._dashboard.button("Filters")
        if button.get_attribute("aria-expanded") == "false":
            self._dashboard.click(button)
        expect(self.rail).to_be_visible()

    def fold(self, label: str) -> Locator:
        return self.rail.locator(f'details[aria-label="{label}"]')

    def unfold(self, label: str) -> None:
        self._dashboard.click(self.fold(label).locator("summary"))

    def option(self, fold: str, label: str) -> Locator:
        """Return the checkbox of a value."""
        item = self.fold(fold).get_by_role("listitem")
        exactly = re.compile(f"^{re.escape(label)}[\\d,]*$")
        return item.filter(has_text=exactly).get_by_role("checkbox")

    def choose(self, fold: str, label: str) -> None:
        self._dashboard.click(self.option(fold, label))

    def expect_options(self, fold: str, expected: Sequence[str]) -> None:
        """Wait for options such as "Colorado 3"; those without dams are left out."""
        items = self.fold(fold).locator("li:not(.none)")
        exactly = [re.compile(f"^{one.replace(' ', ' *')}$") for one in expected]
        expect(items).to_have_text(exactly)

    def handle(self, fold: str, end: str) -> Locator:
        return self.fold(fold).get_by_role("slider", name=f"{fold}: {end}")

    def expect_summary(self, text: str) -> None:
        expect(self.summary).to_have_text(text)
        # A screen reader says how many dams are left.
        expect(self.summary).to_have_attribute("aria-live", "polite")

    def expect_chips(self, *texts: str) -> None:
        expect(self.chips.locator("span")).to_have_text(list(texts))

    def remove(self, chip: str) -> None:
        self._dashboard.click(self._page.get_by_role("button", name=f"Remove filter {chip}"))
