"""What the ten tasks of a person need: a few real dams, and nothing but a keyboard.

The dams are 23 rows of the National Inventory of Dams of 2018, US Army Corps of Engineers, which is
in the public domain; eight of them are in Jefferson County, Colorado.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, expect

from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from tests.files import dams_of
from tests.importing import import_all
from tests.ui.dashboard_page import DashboardPage

FILE = Path(__file__).parents[1] / "data" / "nid_2018_slice.csv"
COUNT = 23
JEFFERSON_HIGH = ["EVERGREEN", "RALSTON", "STANDLEY LAKE", "UPPER LONG LAKE"]
FLOOD = "time (hours),flow (cfs)\n0,100\n6,2100\n24,100\n"
FIGURES = ("Peak flow 2,100 cfs", "Time to peak 6 hours", "Volume 2,181.8 acre-feet")

_NAME = """() => {
    const element = tests.focused()
    const labels = [...element?.labels ?? []].map((label) => label.innerText).join(" ")
    const text = element?.ariaLabel || labels || element?.innerText || element?.title || ""
    return text.replace(/\\s*\\*?\\s*$/, "").trim()
}"""


def fill(database_url: str) -> None:
    """Make a database with the dams of FILE."""
    engine = open_database(database_url, example_dams=False)
    try:
        import_all(Inventory(engine), dams_of(FILE), source=FILE.name)
    finally:
        engine.dispose()


class Keyboard:
    """A person at a page who has no mouse, and starts at its top."""

    def __init__(self, dashboard: DashboardPage) -> None:
        self._dashboard = dashboard
        self._page = dashboard.page

    @property
    def focused(self) -> str:
        """The name of what has the focus."""
        return self._page.evaluate(_NAME)

    def press(self, *keys: str) -> None:
        for key in keys:
            self._page.keyboard.press(key)

    def type(self, text: str) -> None:
        self._page.keyboard.type(text)

    def go_to(self, *names: str, key: str = "Tab", most: int = 120) -> None:
        """Press a key until the focus is on something with one of these names."""
        seen = []
        for _ in range(most):
            self.press(key)
            seen.append(self.focused)
            if seen[-1] in names:
                return
        raise AssertionError(f"{key} does not lead to {names}, but to {seen}.")

    def go_to_element(self, what: Locator, key: str = "Tab", most: int = 120) -> None:
        """Press a key until the focus is on an element."""
        for _ in range(most):
            self.press(key)
            if what.evaluate("element => element.getRootNode().activeElement === element"):
                return
        raise AssertionError(f"{key} does not lead to {what}.")

    def choose(self, name: str, key: str = "Tab") -> None:
        """Go to a button, and press it."""
        self.go_to(name, key=key)
        self.press("Enter")
        self._dashboard.settle()

    def fill(self, field: str, text: str) -> None:
        """Go to a field, unless the focus is there, and type into it."""
        if self.focused != field:
            self.go_to(field)
        self.type(text)

    def find(self, words: str, name: str) -> None:
        """Select a dam by the box in the header."""
        self.press("/")
        assert self._dashboard.find.is_focused
        self.type(words)
        self.press("Enter")
        self._dashboard.details.expect_open(name)
        self._dashboard.settle()


def expect_on_page(page: DashboardPage, name: str) -> None:
    """Wait until a dam is selected: in its card, in the table and on the map."""
    page.details.expect_open(name)
    page.table.expect_selected(name)
    page.map.expect_selection_on(name)


def expect_shared(page: DashboardPage) -> str:
    """Wait until a link was copied, and return its query."""
    expect(page.page.get_by_text("Link copied.")).to_be_visible()
    link = page.page.evaluate("navigator.clipboard.readText()")
    return link[link.index("?") :]
