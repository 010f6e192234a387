"""The cards beside the map and the sheet under it: what a person sees there and does with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from tests.ui.dashboard_page import DashboardPage

FIELDS = {
    "name": "Name",
    "owner": "Owner",
    "river": "River",
    "date_built": "Date built",
    "latitude": "Latitude",
    "longitude": "Longitude",
}

OFFERS = ("Hydrograph", "Edit", "Remove", "Assign hydrograph", "History")


class FormOnPage:
    """The form that adds a dam."""

    def __init__(self, dashboard: DashboardPage) -> None:
        self._dashboard = dashboard
        self._page = dashboard.page
        self.alert = self._page.locator(".side").get_by_role("alert").filter(visible=True)

    def field(self, label: str, role: Literal["combobox", "textbox"] = "textbox") -> Locator:
        if label == "Owner":
            role = "combobox"
        return self._page.get_by_role(role, name=label, exact=True)

    def wait_for(self) -> None:
        expect(self.field("Name")).to_be_visible()

    def fill(self, **facts: str) -> None:
        """Type into fields, each by the name that FIELDS has for it."""
        for name, text in facts.items():
            self._dashboard.bring(self.field(FIELDS[name]))
            self.field(FIELDS[name]).fill(text)
            self.field(FIELDS[name]).press("Tab")

    def values(self) -> dict[str, str]:
        return {name: self.field(label).input_value() for name, label in FIELDS.items()}

    def add(self) -> None:
        self._dashboard.press("Add")

    def cancel(self) -> None:
        self._dashboard.press("Cancel")
        self.expect_closed()

    def expect_closed(self) -> None:
        expect(self.field("Name")).to_be_hidden()

    def expect_error(self, field: str, sentence: str) -> None:
        """Wait for an error beside a field."""
        self.expect_error_beside(FIELDS[field], sentence)

    def expect_error_beside(self, label: str, sentence: str) -> None:
        """Wait for an error beside a field with a label."""
        field = self.field(label)
        expect(field).to_have_attribute("aria-invalid", "true")
        described_by = field.get_attribute("aria-describedby")
        expect(self._page.locator(f'[id="{described_by}"]')).to_have_text(sentence)

    def errors(self) -> dict[str, str]:
        """Return the error beside each field that has one."""
        found = {}
        for name, label in FIELDS.items():
            field = self.field(label)
            if field.get_attribute("aria-invalid") == "true":
                beside = self._page.locator(f'[id="{field.get_attribute("aria-describedby")}"]')
                found[name] = " ".join(beside.all_inner_texts())
        return found

    def expect_errors(self, errors: dict[str, str]) -> None:
        """Wait until exactly these errors stand beside the fields."""
        wait_for(self._page, lambda: self.errors() == errors, f"{errors}", self.errors)


class EditOnPage(FormOnPage):
    """The form that edits a dam."""

    @property
    def versions(self) -> list[list[str]]:
        """What differs between the versions: label, before, theirs, yours."""
        rows = self._page.get_by_role("table", name="What differs").locator("tbody")
        return [row.locator("th, td").all_inner_texts() for row in rows.all()]

    def open(self) -> None:
        self._dashboard.press("Edit")
        self.wait_for()
        self._dashboard.settle()

    def open_group(self, group: str) -> None:
        """Open one of the groups below the common fields."""
        self._dashboard.press(group)

    def save(self) -> None:
        self._dashboard.press("Save")

    def expect_conflict(self, sentence: str, *versions: list[str]) -> None:
        """Wait until the versions of a dam are told."""
        expect(self.alert).to_have_text([f"{sentence} Your changes were not saved."])
        wait_for(
            self._page, lambda: self.versions == [*versions], f"{versions}", lambda: self.versions
        )

    def choose(self, label: str, version: Literal["theirs", "yours"]) -> None:
        """Choose the version of a field that differs."""
        name = re.compile(f"^{re.escape(label)}: {version}, ")
        self._dashboard.click(self._page.get_by_role("radio", name=name))

    def expect_chosen(self, *versions: Literal["theirs", "yours"]) -> None:
        """Wait until these versions are chosen, in the order of the fields."""
        radios = self._page.get_by_role("radio", checked=True).filter(visible=True)
        wait_for(
            self._page,
            lambda: (
                [
                    one.get_attribute("aria-label").split(": ")[1].split(",")[0]  # type: ignore[union-attr]
                    for one in radios.all()
                ]
                == [*versions]
            ),
            f"{versions} are chosen",
        )


class AssignOnPage:
    """The form that assigns a hydrograph."""

    def __init__(self, dashboard: DashboardPage) -> None:
        self._dashboard = dashboard
        self._page = dashboard.page
        self.dam = self._page.get_by_role("combobox", name="Dam", exact=True)
        self.suggestions = self._page.get_by_role("listbox").get_by_role("option")
        self.file = self._page.get_by_label(re.compile("^Hydrograph file"))
        self.alert = self._page.locator(".side").get_by_role("alert").filter(visible=True)
        self.preview = self._page.get_by_role("figure", name=re.compile("^Hydrograph"))

    def open_from_the_sidebar(self) -> None:
        self._dashboard.open_sidebar()
        self._dashboard.click(self._dashboard.button("Assign hydrograph").last)
        expect(self.dam).to_be_visible()

    def open_from_the_details(self) -> None:
        buttons = self._page.locator(".side").get_by_role("button")
        self._dashboard.click(
            buttons.filter(has_text=re.compile("^(Assign|Add) hydrograph$")).filter(visible=True)
        )
        expect(self.dam).to_be_visible()

    def choose(self, name: str, content: str | bytes) -> None:
        content = content.encode() if isinstance(content, str) else content
        self.file.set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
        expect(self._page.get_by_text(name, exact=True)).to_be_visible()

    def assign(self) -> None:
        self._dashboard.press("Assign")

    def answer(self, choice: str) -> None:
        """Answer the only question about the file."""
        field = self._page.locator(".side [role=combobox]", has_text="Choose")
        field.filter(visible=True).click()
        self._page.get_by_role("menuitem", name=choice, exact=True).click()

    def replace(self) -> None:
        self._dashboard.press("Replace")

    def expect_told(self, *sentences: str) -> None:
        expect(self.alert).to_be_visible()
        expect(self.alert).to_have_text("\n".join(sentences), use_inner_text=True)

    def expect_closed(self) -> None:
        expect(self.dam).to_be_hidden()


class DetailsOnPage:
    """The card of the selected dam."""

    def __init__(self, dashboard: DashboardPage) -> None:
        self._dashboard = dashboard
        self._page = dashboard.page
        self.title = self._page.locator(".side h2")

    def expect_open(self, name: str) -> None:
        expect(self.title).to_have_text(name)
        expect(self.title).to_be_visible()

    def expect_closed(self) -> None:
        expect(self.title).to_be_hidden()

    def facts(self) -> dict[str, str]:
        """Return what the card says, by label."""
        expect(self._page.locator("dl dt").first).to_be_visible()
        labels = self._page.locator("dl dt").all_inner_texts()
        return dict(zip(labels, self._page.locator("dl dd").all_inner_texts(), strict=True))

    def close(self) -> None:
        self._dashboard.click(
            self._page.get_by_role("button", name="Close").filter(visible=True).last
        )
        self.expect_closed()

    @property
    def notice(self) -> Locator:
        """What is told above the buttons, or asked below them."""
        return self._page.locator(".side").get_by_role("alert").filter(visible=True)

    def ask_to_remove(self) -> None:
        self._dashboard.press("Remove")
        expect(self._dashboard.button("Keep")).to_be_visible()

    def remove(self) -> None:
        """Answer the question with yes."""
        self._dashboard.click(self._dashboard.button("Remove").last)

    def keep(self) -> None:
        """Answer the question with no."""
        self._dashboard.press("Keep")
        expect(self._dashboard.button("Keep")).to_be_hidden()

    def expect_offers(self, *offers: str) -> None:
        """Wait until exactly these buttons are there, of those below the facts."""
        wait_for(self._page, lambda: self._offers() == offers, f"{offers}", self._offers)

    def _offers(self) -> tuple[str, ...]:
        side = self._page.locator(".side")
        buttons = {one: side.get_by_role("button", name=one, exact=True) for one in OFFERS}
        return tuple(name for name, one in buttons.items() if one.first.is_visible())


class HistoryOnPage:
    """The list of changes."""

    def __init__(self, dashboard: DashboardPage) -> None:
        self._dashboard = dashboard
        self._page = dashboard.page
        self.card = self._page.locator(".card")
        self.title = self.card.locator("h2")
        self.entries = self.card.locator("li")
        self.error = self.card.get_by_role("alert")

    def open(self) -> None:
        self._dashboard.press("History")
        expect(self.card).to_be_visible()

    def open_of_all(self) -> None:
        self._dashboard.open_sidebar()
        self._dashboard.press("History of all dams")
        expect(self.card).to_be_visible()

    def expect_sentences(self, *sentences: str) -> None:
        """Wait until the newest changes are these, newest first."""
        for number, sentence in enumerate(sentences):
            expect(self.entries.nth(number).locator("p")).to_have_text(sentence)

    def values(self, entry: int) -> list[str]:
        """What an entry says of each field that was changed, such as "Owner: old → new"."""
        return self.entries.nth(entry).locator(".values").all_inner_texts()

    def undo(self, entry: int) -> None:
        self._dashboard.click(self.entries.nth(entry).get_by_role("button", name="Undo"))

    def expect_undo_offered(self, *offered: bool) -> None:
        for number, is_offered in enumerate(offered):
            button = self.entries.nth(number).get_by_role("button", name="Undo")
            expect(button).to_have_count(int(is_offered))

    def close(self) -> None:
        self._dashboard.click(self.card.get_by_role("button", name="Close"))
        expect(self.card).to_be_hidden()


class SheetOnPage:
    """The sheet with a hydrograph, under the map."""

    def __init__(self, dashboard: DashboardPage) -> None:
        self._dashboard = dashboard
        self._page = dashboard.page
        self.sheet = self._page.locator(".sheet")
        self.figure = self.sheet.get_by_role("figure")
        self.alert = self.sheet.get_by_role("alert").filter(visible=True)

    def expect_open(self, name: str, *figures: str) -> None:
        """Wait until it is drawn, and within the window."""
        words = "\n".join(figures)
        expect(self.figure).to_have_attribute("aria-label", f"Hydrograph of {name}. {words}")
        expect(self.sheet).to_be_in_viewport(ratio=0.99)
        self._dashboard.settle()

    def points(self) -> list[list[float]]:
        """The times and the flows that are drawn."""
        return self._page.evaluate("tests.curve('.sheet')")

    def hours(self) -> list[float]:
        """The first and the last hour in view."""
        return self._page.evaluate("tests.hours('.sheet')")

    def flows(self) -> list[float]:
        """The lowest and the highest flow in view."""
        return self._page.evaluate("tests.flows('.sheet')")

    def zoom(self) -> None:
        """Turn the wheel over the curve."""
        self.figure.hover()
        self._page.mouse.wheel(0, -240)
        self._dashboard.settle()

    def download(self) -> tuple[str, str]:
        """Return name and text of the file that is offered."""
        with self._page.expect_download() as download:
            self._dashboard.press("Download CSV")
        return download.value.suggested_filename, download.value.path().read_text("utf-8")

    def save(self) -> tuple[str, bytes]:
        """Return name and content of the picture."""
        with self._page.expect_download() as download:
            self._dashboard.click(self.sheet.locator("[title='Save as PNG']"))
        return download.value.suggested_filename, download.value.path().read_bytes()

    def close(self) -> None:
        self._dashboard.press("Close hydrograph")
        self.expect_closed()

    def expect_closed(self) -> None:
        expect(self.sheet).to_be_hidden()


def wait_for(
    page: Page, is_true: Callable[[], bool], what: str, found: Callable[[], Any] | None = None
) -> None:
    """Ask again with every frame that the page draws until something is true."""
    for _ in range(1500):
        if is_true():
            return
        page.evaluate("() => new Promise(requestAnimationFrame)")
    raise AssertionError(f"It never came: {what}." + (f" Found: {found()}" if found else ""))
