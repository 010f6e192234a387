"""The card that imports a file: what a person sees there and does with it."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.ui.dashboard_page import DashboardPage
from tests.ui.server import Server

HEADER = (
    "Federal ID", "Dam Name", "Owner Names", "River or Stream Name", "Year Completed",
    "Latitude", "Longitude", "NID Height (Ft)",
)  # fmt: skip

_DROP = """(card, files) => {
    const dataTransfer = new DataTransfer()
    const made = Object.entries(files).map(([name, text]) => new File([text], name))
    for (const file of made) { dataTransfer.items.add(file) }
    card.dispatchEvent(new DragEvent("drop", {dataTransfer, bubbles: true, cancelable: true}))
}"""


def dams_of(
    prefix: str, rows: int, height: float = 30, river: str = "Green River", year: str = "1950"
) -> str:
    """Return a CSV of dams with names and federal IDs of their own."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for number in range(rows):
        line, column = divmod(number, 100)
        writer.writerow(
            [
                f"{prefix}{number:05}", f"{prefix} {number:05}", "Reclamation", river, year,
                32 + line * 0.2, -120 + column * 0.2, height,
            ]
        )  # fmt: skip
    return text.getvalue()


class ImportOnPage:
    """The steps of an import: choose a file, say what its columns are, look, import."""

    def __init__(self, dashboard: DashboardPage) -> None:
        self._dashboard = dashboard
        self._page = dashboard.page
        self.card = self._page.get_by_role("region", name="Import a file")
        self.file = self.card.get_by_label("Choose file")
        self.heading = self.card.locator("h3")
        self.fault = self.card.get_by_role("alert")
        self.about = self.card.locator(".file")
        self.amount = self.card.locator("#working [id^=amount], [id^=amount]")
        self.columns = self.card.locator(".columns > li")
        self.lists = self.card.get_by_role("group", name="Lists").get_by_role("button")
        self.entries = self.card.locator("ol > li")
        self.range = self.card.locator("[id^=range]")
        self.result = self.card.locator("[id^=result]")

    def open(self) -> None:
        self._dashboard.button("Import a file").first.click()
        expect(self.file).to_be_attached()
        self._dashboard.settle()

    def open_from_the_drawer(self) -> None:
        """Open it where the bar has no room for the button."""
        self._dashboard.open_sidebar()
        self._dashboard.click(self._dashboard.button("Import a file").last)
        expect(self.file).to_be_attached()
        self._dashboard.settle()

    def cancel_an_upload(self, folder: Path) -> None:
        """Choose a large file, and cancel while it is sent. folder: for the file."""
        large = folder / "large.csv"
        large.write_bytes(b"x" * 40_000_000)
        self.file.set_input_files(large)
        expect(self.amount).to_contain_text("of 40 MB")
        self.press("Cancel")
        expect(self.file).to_be_focused()

    def choose(self, name: str, content: str | bytes) -> None:
        content = content.encode() if isinstance(content, str) else content
        self.file.set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})

    def drop(self, files: dict[str, str]) -> None:
        """Drop files on the card."""
        self.card.locator(".card").evaluate(_DROP, files)

    def button(self, name: str) -> Locator:
        return self.card.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        expect(self.button(name)).to_be_enabled()
        self._dashboard.click(self.button(name))

    def expect_heading(self, text: str) -> None:
        expect(self.heading).to_have_text(text)

    def expect_seen(self, **counts: str) -> None:
        """Wait until the look has counted, by the first word of each list."""
        self.expect_heading("What an import would do")
        for word, count in counts.items():
            button = self.lists.filter(has_text=re.compile(f"^{word}", re.IGNORECASE))
            expect(button.locator("b")).to_have_text(count)

    def show(self, name: str) -> None:
        button = self.lists.filter(has_text=re.compile(f"^{name}"))
        self._dashboard.click(button)
        expect(button).to_have_attribute("aria-pressed", "true")

    def tick(self, label: str, *, is_wanted: bool = True) -> None:
        box = self.card.get_by_role("checkbox", name=label, exact=True).or_(
            self.card.get_by_role("radio", name=label, exact=True)
        )
        self._dashboard.bring(box)
        box.set_checked(is_wanted)

    def column(self, heading: str) -> Locator:
        return self.columns.filter(has=self._page.locator("b", has_text=heading))

    def take_column_for(self, heading: str, field: str) -> None:
        self.column(heading).get_by_label(f"{heading}: Taken for").select_option(label=field)

    def give_unit(self, heading: str, unit: str) -> None:
        self.column(heading).get_by_label(f"{heading}: Unit").select_option(label=unit)

    def import_many(self, server: Server) -> None:
        """Look at 6,000 new dams and import them; an import is one change, and the look none."""
        before = server.inventory.count()
        self.choose("six thousand.csv", dams_of("Cell", 6_000))
        self.expect_seen(new="6,000")
        assert server.inventory.count() == before
        self.press("Add 6,000 dams")
        self.expect_heading("Imported")
        expect(self.result).to_contain_text("6,000 dams added")
        assert server.inventory.count() == before + 6_000

    def undo(self) -> None:
        """Undo the import."""
        self.press("Undo")
        expect(self.result).to_have_text("The import has been undone.")

    def download(self) -> tuple[str, str]:
        """Save the list that is shown; return the file's name and text."""
        with self._page.expect_download() as download:
            self.press("Download CSV")
        path = Path(download.value.path())
        return download.value.suggested_filename, path.read_text("utf-8-sig")
