"""ChartsOnPage: the charts as a person sees and uses them."""

from __future__ import annotations

import base64
import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.ui.dashboard_page import DashboardPage

_COLORS = """async (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
    const picture = await createImageBitmap(new Blob([bytes], {type: "image/png"}))
    const brush = new OffscreenCanvas(picture.width, picture.height).getContext("2d")
    brush.drawImage(picture, 0, 0)
    const {data} = brush.getImageData(0, 0, picture.width, picture.height)
    const found = new Set()
    for (let i = 0; i < data.length; i += 4) { found.add(data.slice(i, i + 3).join()) }
    return [...found]
}"""


class ChartsOnPage:
    """The tab with the charts. A chart is named by its title."""

    def __init__(self, dashboard: DashboardPage) -> None:
        self._dashboard = dashboard
        self._page = dashboard.page
        self.panel = dashboard.page.get_by_role("tabpanel", name="Charts")

    def open(self) -> None:
        self._dashboard.open_tab("Charts")
        expect(self.panel.get_by_role("region").first).to_be_visible()
        self._dashboard.settle()

    def chart(self, title: str) -> Locator:
        return self.panel.get_by_role("region", name=title, exact=True)

    def mark(self, title: str, label: str) -> Locator:
        """Return a bar, a column or a cell by the words before its number of dams."""
        name = re.compile(f"^{re.escape(label)}: ")
        return self.chart(title).get_by_role("option", name=name)

    def choose(self, title: str, label: str, *, also: bool = False) -> None:
        mark = self.mark(title, label)
        self._dashboard.bring(mark)
        mark.click(modifiers=["Shift"] if also else [])
        self._dashboard.settle()

    def expect_chosen(self, title: str, *labels: str) -> None:
        """Wait until these marks are chosen, such as "Utah: 3 dams"."""
        chosen = self.chart(title).get_by_role("option", selected=True)
        expect(chosen).to_have_count(len(labels))
        assert chosen.evaluate_all("all => all.map((one) => one.ariaLabel)") == list(labels)

    def expect_told(self, title: str, text: str) -> None:
        expect(self.chart(title).locator(".told")).to_have_text(text)

    def drag(self, title: str, start: Locator, end: Locator) -> None:
        """Drag with the mouse from the middle of one mark to that of another."""
        self._dashboard.bring(self.chart(title))
        (x0, y0), (x1, y1) = (self._middle(one) for one in (start, end))
        self.drag_between((x0, y0), (x1, y1))

    def drag_between(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        mouse = self._page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        mouse.move(*end)
        mouse.up()
        self._dashboard.settle()

    def save(self, title: str, button: str, folder: Path) -> Path:
        with self._page.expect_download() as download:
            self._dashboard.click(self.chart(title).get_by_role("button", name=button))
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path

    def colors(self, picture: Path) -> set[str]:
        """Return the colors of a picture that was saved, such as "255,255,255"."""
        found = self._page.evaluate(_COLORS, base64.b64encode(picture.read_bytes()).decode())
        return set(found)

    @staticmethod
    def _middle(what: Locator) -> tuple[float, float]:
        box = what.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
