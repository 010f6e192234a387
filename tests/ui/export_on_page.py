"""The card that exports: what a person sees there and does with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.ui.dashboard_page import DashboardPage


class ExportOnPage:
    """What is exported, as what, and how it goes."""

    def __init__(self, dashboard: DashboardPage) -> None:
        self._dashboard = dashboard
        self._page = dashboard.page
        self.card = self._page.get_by_role("region", name="Export", exact=True)
        self.fault = self.card.get_by_role("alert")
        self.result = self.card.locator("[id^=result]")
        self.amount = self.card.locator("[id^=amount]")
        self.bar = self.card.get_by_role("progressbar")
        self.note = self.card.locator("[id^=note]")
        self.link_note = self.card.locator("[id^=linknote]")
        self.announcement = self._page.locator(".saver").get_by_role("status")

    def open(self) -> None:
        """Open it with the button of the results."""
        self._page.locator(".dock").get_by_role("button", name="Export", exact=True).click()
        self.expect_open()

    def open_of_ticked(self) -> None:
        """Open it with the button beside the number of ticked dams."""
        self._page.locator(".table").get_by_role("button", name="Export", exact=True).click()
        self.expect_open()

    def expect_open(self) -> None:
        expect(self.card).to_be_visible()
        self._dashboard.settle()

    def choice(self, label: str) -> Locator:
        return self.card.get_by_role("radio", name=label)

    def choose(self, label: str) -> None:
        """Choose what, or as what."""
        self._dashboard.bring(self.choice(label))
        self.choice(label).check()
        self._dashboard.settle()

    def expect_chosen(self, label: str) -> None:
        expect(self.choice(label)).to_be_checked()

    def button(self, name: str) -> Locator:
        return self.card.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        expect(self.button(name)).to_be_enabled()
        self._dashboard.click(self.button(name))

    def save(self, button: str) -> Path:
        """Export, and return the saved file under the name that the page gave it."""
        return self.saving(lambda: self.press(button))

    def saving(self, act: Callable[[], None]) -> Path:
        with self._page.expect_download() as download:
            act()
        path = Path(download.value.path())
        named = path.with_name(download.value.suggested_filename)
        path.rename(named)
        return named


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    return [*csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))]
