"""FindOnPage: the box that finds dams and places, as a person sees and uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Locator, expect

if TYPE_CHECKING:
    from tests.ui.dashboard_page import DashboardPage


class FindOnPage:
    """The find box with its suggestions."""

    def __init__(self, dashboard: DashboardPage) -> None:
        self._dashboard = dashboard
        page = dashboard.page
        self.field = page.get_by_role("combobox", name="Find a dam or a place")
        self.opener = page.get_by_role("button", name="Find a dam or a place")
        self.clear = page.get_by_role("button", name="Clear", exact=True)
        self.list = page.get_by_role("listbox", name="Suggestions")
        self.options = self.list.get_by_role("option")
        self.active = self.list.locator("[role=option][aria-selected=true]")
        self.nothing = page.locator(".popup .none")
        self._live = page.locator(".live[role=status]")

    def type(self, text: str) -> None:
        """Type into the focused field, key by key."""
        self._dashboard.page.keyboard.type(text)

    def option(self, name: str) -> Locator:
        return self.options.filter(has=self._dashboard.page.locator(".name", has_text=name))

    def expect_options(self, *texts: tuple[str, str]) -> None:
        """Wait until these are suggested: each with its name and its note."""
        expect(self.options.locator(".name")).to_have_text([name for name, _ in texts])
        expect(self.options.locator(".note")).to_have_text([note for _, note in texts])

    def expect_said(self, sentence: str) -> None:
        """Wait until a screen reader is told a sentence."""
        expect(self._live).to_have_text(sentence)

    def expect_closed(self) -> None:
        expect(self.list).to_be_hidden()
        expect(self.field).to_have_attribute("aria-expanded", "false")

    @property
    def is_focused(self) -> bool:
        return self._dashboard.page.evaluate("tests.focused()?.getAttribute('role') === 'combobox'")
