"""The work lists as a person sees and uses them."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.ui.dashboard_page import DashboardPage
from tests.ui.filters_on_page import FiltersOnPage


class ListsOnPage:
    """The fold above the filters."""

    def __init__(self, dashboard: DashboardPage) -> None:
        self._dashboard = dashboard
        self._page = dashboard.page
        self.part = self._page.get_by_role("region", name="Work lists")
        self.rows = self.part.locator("li")
        self.told = self.part.get_by_role("status")
        self.name_field = self.part.get_by_role("textbox")
        self.quiet = self.part.get_by_role("checkbox", name="Notify me of watched lists only")
        self.keep = self._page.get_by_role("button", name="Keep list")

    def open(self) -> None:
        FiltersOnPage(self._dashboard).open()
        self._dashboard.click(self._page.get_by_role("button", name="Work lists", exact=True))
        expect(self.rows.first).to_be_visible()

    def row(self, name: str) -> Locator:
        return self.rows.filter(has=self._page.locator(".name", has_text=exactly(name)))

    def expect_list(self, name: str, count: str, *, is_chosen: bool = False) -> None:
        """Wait until a list has a number of dams."""
        expect(self.row(name).locator(".count")).to_have_text(count)
        button = self.row(name).locator(".choose")
        expect(button).to_have_attribute("aria-pressed", str(is_chosen).lower())

    def expect_own(self, *names: str) -> None:
        """Wait until a person has these lists, after the five of everybody."""
        expect(self.rows.locator(".name")).to_have_count(5 + len(names))
        for number, name in enumerate(names, 5):
            expect(self.rows.nth(number).locator(".name")).to_have_text(name)

    def choose(self, name: str) -> None:
        self._dashboard.click(self.row(name).locator(".choose"))

    def save(self, name: str) -> None:
        self._dashboard.press("Save as list …")
        self.name_field.fill(name)
        self._dashboard.press("Save")
        expect(self.name_field).to_be_hidden()

    def watch(self, name: str) -> None:
        button = self.part.get_by_role("button", name=f"Watch {name}", exact=True)
        self._dashboard.click(button)
        expect(button).to_have_attribute("aria-pressed", "true")

    def expect_watched(self, name: str) -> None:
        button = self.part.get_by_role("button", name=f"Watch {name}", exact=True)
        expect(button).to_have_attribute("aria-pressed", "true")

    def more(self, name: str, action: str) -> None:
        """Open the menu of a list and choose in it."""
        self._dashboard.click(self.part.get_by_role("button", name=f"More for {name}", exact=True))
        self._dashboard.click(self.row(name).get_by_role("button", name=action, exact=True))


def exactly(text: str) -> re.Pattern[str]:
    return re.compile(f"^{re.escape(text)}$")
