"""DashboardPage: what a person sees of the dashboard and does with it, for tests to read."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from dam_inventory.domain.mercator import to_mercator
from dam_inventory.views.map.marks import DRAFT, SELECTED
from tests.ui.cards_on_page import (
    AssignOnPage,
    DetailsOnPage,
    EditOnPage,
    FormOnPage,
    HistoryOnPage,
    SheetOnPage,
    wait_for,
)
from tests.ui.find_on_page import FindOnPage
from tests.ui.tiles import TILE_COLOUR, TileProviders

PROBE = Path(__file__).with_name("probe.js").read_text("utf-8")


_RESTING_PLACE = """async element => {
    let before
    for (;;) {
        const {top, height} = element.getBoundingClientRect()
        if (top === before) { return [top, height] }
        before = top
        await new Promise(requestAnimationFrame)
        await new Promise(requestAnimationFrame)
    }
}"""
_WAIT_FOR_A_MOVE = """async element => {
    const before = element.getBoundingClientRect()
    for (let frames = 0; frames < 20; frames += 1) {
        await new Promise(requestAnimationFrame)
        const now = element.getBoundingClientRect()
        if (now.top !== before.top || now.left !== before.left) { return }
    }
}"""
_SIDEWAYS = """element => {
    const {left, right} = element.getBoundingClientRect()
    const middle = (left + right) / 2
    for (let one = element; one; one = one.parentNode ?? one.host) {
        if (one.nodeType !== 1 || getComputedStyle(one).overflowX !== "auto") { continue }
        const box = one.getBoundingClientRect()
        const y = Math.min(Math.max(box.top, 80) + 10, innerHeight - 10)
        if (middle > box.right) { return [box.left + 40, y, right - box.right] }
        if (middle < box.left) { return [box.left + 40, y, left - box.left] }
    }
    return null
}"""
_CARD_AROUND = """element => {
    for (let one = element; one; one = one.parentNode ?? one.host) {
        if (one.nodeType !== 1 || getComputedStyle(one).overflowY !== "auto") { continue }
        if (one.scrollHeight <= one.clientHeight) { continue }
        const {left, top, bottom} = one.getBoundingClientRect()
        // At its edge, where no plot takes the wheel for itself.
        return [left + 6, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2]
    }
    return null
}"""


class DashboardPage:
    """One person's page. `map`, `table`, `form`, `details`, ... are its parts."""

    def __init__(self, page: Page, tiles: TileProviders) -> None:
        self.page = page
        self.tiles = tiles
        self.requests: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        self.toast = page.locator(".toast")
        self.status = page.get_by_role("status")
        self.badge = page.locator(".badge")
        self.map = MapOnPage(self)
        self.table = TableOnPage(self)
        self.form = FormOnPage(self)
        self.edit_form = EditOnPage(self)
        self.assign_form = AssignOnPage(self)
        self.details = DetailsOnPage(self)
        self.history = HistoryOnPage(self)
        self.sheet = SheetOnPage(self)
        self.layers = LayersOnPage(self)
        self.find = FindOnPage(self)

    def wait_until_open(self) -> None:
        """Return when all is drawn, and all that the page had to tell was answered."""
        if "report=" in self.page.url:
            expect(self.page.get_by_role("main")).to_have_attribute("aria-busy", "false")
            return
        expect(self.page.locator("#skeleton")).to_have_count(0)
        tab = self.page.get_by_role("tab", selected=True)
        expect(tab).to_be_visible()
        if tab.inner_text() == "Table":
            self.table.wait_for()
        self.settle()
        self.page.evaluate("tests.watchToasts()")

    def settle(self) -> None:
        """Return when nothing is under way between this page and the server.

        What a widget tells is only at work in the server a moment later (Panel waits 50 ms for
        more of it): after that, wait for what it does.
        """
        self.page.wait_for_function(
            """() => {
                window.calm = tests.isSettled() ? (window.calm ?? 0) + 1 : 0
                return window.calm > 3 && (window.calm = 0, true)
            }""",
            polling="raf",
        )

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def click(self, what: Locator) -> None:
        """Bring something into view as a person does, and click on it."""
        self.bring(what)
        what.click()

    def press(self, name: str) -> None:
        """Click on a button."""
        self.click(self.button(name))

    def open_tab(self, name: str) -> None:
        """Choose what the panel below the map shows."""
        self.page.get_by_role("tab", name=name).click()

    def bring(self, what: Locator) -> None:
        """Turn the wheel until something is at hand; fail when the wheel can't bring it there."""
        expect(what).to_be_visible()
        for _ in range(60):
            if what.evaluate("element => tests.isAtHand(element)"):
                return
            top, height = what.evaluate(_RESTING_PLACE)
            if sideways := what.evaluate(_SIDEWAYS):
                x, y, too_far_right = sideways
                self.page.mouse.move(x, y)
                self.page.mouse.wheel(too_far_right, 0)
                what.evaluate(_WAIT_FOR_A_MOVE)
                continue
            x, y = self._beside_what_zooms(what)
            too_low = top + height / 2 - y
            self.page.mouse.move(x, y)
            self.page.mouse.wheel(0, max(-300, min(300, too_low)))
            what.evaluate(_WAIT_FOR_A_MOVE)
        over = what.evaluate("element => tests.over(element)?.outerHTML.slice(0, 200)")
        raise AssertionError(f"The wheel does not bring it into view: {what}. Over it: {over}")

    @property
    def height(self) -> int:
        """Of the window, in pixels."""
        return self.page.evaluate("innerHeight")

    def _beside_what_zooms(self, what: Locator) -> tuple[float, float]:
        """Return where to turn the wheel: on a card that scrolls, else at the page's edge."""
        card = what.evaluate(_CARD_AROUND)
        return tuple(card) if card else (4, self.height / 2)

    # What the page tells.

    def expect_toast(self, sentence: str) -> None:
        expect(self.toast).to_be_visible()
        expect(self.toast.locator(".title")).to_have_text("Dam Notification")
        expect(self.toast.locator(".sentence")).to_have_text(sentence, use_inner_text=True)

    def expect_no_toast(self) -> None:
        self.settle()
        expect(self.toast).to_be_hidden()

    @property
    def toasts_seen(self) -> list[str]:
        """The sentences that this page's toast has said so far, and "" when it went."""
        return self.page.evaluate("tests.toasts")

    def expect_badge(self, text: str) -> None:
        expect(self.badge).to_be_visible()
        expect(self.badge).to_have_text(f"↻ {text}", use_inner_text=True)

    def expect_no_badge(self) -> None:
        expect(self.badge).to_be_hidden()

    @property
    def trouble(self) -> Locator:
        """The bar that says that the page has lost its server."""
        return self.page.locator("[id^=offline]")

    def mark(self) -> None:
        """Leave a mark that does not survive when the page is loaded anew."""
        self.page.evaluate("window.mark = true")

    @property
    def is_marked(self) -> bool:
        return self.page.evaluate("window.mark === true")

    def show_toast(self) -> None:
        """Unfold the toast, which is one line on a phone."""
        show = self.toast.get_by_role("button", name="Show")
        if show.is_visible():
            show.click()

    def reload(self) -> None:
        self.show_toast()
        self.button("Reload").click()
        expect(self.toast).to_be_hidden()
        self.settle()

    def nevermind(self) -> None:
        self.show_toast()
        self.button("Nevermind").click()
        expect(self.toast).to_be_hidden()

    def close_toast(self) -> None:
        self.show_toast()
        self.toast.get_by_role("button", name="Close").click()
        expect(self.toast).to_be_hidden()

    def click_badge(self) -> None:
        self.badge.click()
        self.expect_no_badge()
        self.settle()

    # What the page is told.

    def open_form(self) -> None:
        self.press("Add dam")
        self.form.wait_for()
        self.settle()

    def add_dam(self, **facts: str) -> None:
        """Add a dam through the form: its name, and what is not as in most tests."""
        known = {
            "river": "Provo River",
            "date_built": "1950",
            "latitude": "40.5",
            "longitude": "-111.48",
        }
        self.open_form()
        self.form.fill(**{**known, **facts})
        self.form.add()

    def open_sidebar(self) -> None:
        self.button("Open drawer").click()
        self.layers.wait_for()
        self.settle()

    def log_in(self, name: str, password: str) -> None:
        self.page.locator("[name=username]").fill(name)
        self.page.locator("[name=password]").fill(password)
        self.button("Log in").click()

    def select(self, name: str) -> None:
        """Find a dam with the table, and open its details."""
        self.table.search(name)
        self.table.click_on(name)
        self.details.expect_open(name)

    # What only a machine sees.

    @property
    def characters_sent(self) -> int:
        """How much this page has sent to the server so far."""
        return self.page.evaluate("tests.sent")

    @property
    def frames_received(self) -> int:
        """How many frames the server has sent to this page so far."""
        return self.page.evaluate("tests.received")

    @property
    def hosts_asked(self) -> set[str]:
        """Everybody to whom a request has left this page."""
        addresses = [urlsplit(url) for url in self.requests]
        return {one.netloc for one in addresses if one.scheme in ("http", "https", "ws", "wss")}

    def expect_nothing_ran(self) -> None:
        """Fail when markup in a name has become part of the page."""
        self.settle()
        assert self.page.evaluate("window.hacked ?? 0") == 0
        assert self.page.locator("img[src=x]").count() == 0
        assert not [url for url in self.requests if url.endswith("/x")]

    def press_tab_until_focus_is_on(self, name: str) -> None:
        """Walk through the page as somebody does who has no mouse."""
        for _ in range(60):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("tests.focused()?.textContent.trim()") == name:
                return
        raise AssertionError(f"The focus never came to {name}.")

    def expect_nothing_wider_than(self, pixels: int) -> None:
        self.settle()
        width = self.page.evaluate("document.scrollingElement.scrollWidth")
        assert width <= pixels, f"The page is {width} pixels wide."

    def colours(self) -> dict[str, tuple[int, int, int]]:
        """Return what the page's background and the land on the map are drawn in."""
        body = self.page.evaluate("getComputedStyle(document.body).backgroundColor")
        red, green, blue = map(int, re.findall(r"\d+", body)[:3])
        return {"page": (red, green, blue), "map": self.map.ground()}

    def wait_until_colours_change(self, old: dict[str, tuple[int, int, int]]) -> None:
        def have_changed() -> bool:
            new = self.colours()
            return all(new[part] != old[part] for part in old)

        wait_for(self.page, have_changed, "other colours", self.colours)
        self.settle()


class MapOnPage:
    """The map: what is drawn where, and the mouse over it."""

    def __init__(self, dashboard: DashboardPage) -> None:
        self._dashboard = dashboard
        self._page = dashboard.page

    def _ask(self, question: str, *arguments: Any) -> Any:
        return self._page.evaluate(f"args => tests.map.{question}(...args)", list(arguments))

    @property
    def view(self) -> tuple[int, int, int, int]:
        """The visible rectangle in Web Mercator metres: left, bottom, right, top."""
        return tuple(self._ask("range"))

    def dams(self) -> dict[str, dict[str, Any]]:
        """The dams that are drawn one by one and in view, by name."""
        return {row["dam_name"]: row for row in self._rows("dam_name")}

    def clusters(self) -> list[dict[str, Any]]:
        """The clusters in view."""
        return [row for row in self._rows("count", "mix") if row["inner"] == 0]

    def cluster_labels(self) -> list[str]:
        """The numbers in the clusters, in view or not."""
        return [row["label"] for row in self._ask("rows", "label")]

    def raster(self) -> dict[str, int] | None:
        """The raster: how many cells it has, and how many with dams; None for single dams."""
        return self._ask("raster")

    @property
    def region(self) -> Locator:
        """What has the focus when a person moves the map with the keyboard."""
        return self._page.get_by_role("region", name="Map")

    def legend(self, category: str) -> Locator:
        """An entry of the legend."""
        return self.region.get_by_role("button", name=re.compile(f"^{category} [0-9,]+$"))

    @property
    def choices(self) -> Locator:
        """The list of dams at one place, or in view."""
        return self.region.get_by_role("dialog")

    def marks(self, colour: str) -> list[dict[str, Any]]:
        """The rings around what a person has chosen."""
        return [row for row in self._rows("color") if row["color"] == colour]

    def draft_marks(self) -> list[dict[str, Any]]:
        """The red markers where the next dam would be."""
        return self.marks(DRAFT)

    def pointed_at(self) -> tuple[float, float] | None:
        """Return where on the page the ring around a row's dam is; None without one."""
        place = "({left, top}) => [left, top]"
        found = self.region.locator(".pointed").evaluate(
            f"ring => ring.hidden ? null : ({place})(ring.getBoundingClientRect())"
        )
        return found and tuple(found)

    def expect_no_selection(self) -> None:
        self.expect(lambda: self.selection_marks() == [], "nothing is marked as selected")

    def expect_selection_on(self, name: str) -> None:
        """Wait for the one ring, around a dam."""

        def is_there() -> bool:
            rings, dam = self.selection_marks(), self.dams().get(name)
            if dam is None or len(rings) != 1:
                return False
            places = [(one["page_x"], one["page_y"]) for one in (dam, *rings)]
            return math.dist(*places) < 1

        self.expect(is_there, f"a ring is around {name}")

    def expect_draft_at(self, longitude: float, latitude: float) -> None:
        """Wait for the one red marker, at a place to within a few pixels."""
        wanted = self.at(longitude, latitude)

        def is_there() -> bool:
            found = [(mark["page_x"], mark["page_y"]) for mark in self.draft_marks()]
            return len(found) == 1 and math.dist(found[0], wanted) < 5

        self.expect(is_there, "the red marker is there")

    def selection_marks(self) -> list[dict[str, Any]]:
        """The rings around the selected dam."""
        return self.marks(SELECTED)

    def _rows(self, *columns: str) -> list[dict[str, Any]]:
        return [row for row in self._ask("rows", *columns) if row["is_in_view"]]

    def expect_dam(self, name: str) -> dict[str, Any]:
        """Wait for a dam, and return it."""
        self.expect(lambda: name in self.dams(), f"{name} is on the map")
        return self.dams()[name]

    def expect_dams(self, names: Collection[str]) -> None:
        """Wait until these dams, and no others, are drawn one by one and in view."""
        self.expect(lambda: {*self.dams()} == {*names}, f"{', '.join(names) or 'nothing'} is drawn")

    def expect(self, is_true: Callable[[], bool], what: str) -> None:
        """Wait until something is so, after whatever is still under way."""
        wait_for(self._page, is_true, what)

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return where on the page a place is."""
        x, y = to_mercator(longitude, latitude)
        return tuple(self._ask("at", float(x), float(y)))

    def see(self) -> None:
        """Expect that all of the map is seen, as always."""
        expect(self.box).to_be_in_viewport(ratio=0.99)

    def click_at(self, longitude: float, latitude: float, *, touch: bool = False) -> None:
        self.see()
        self.click(*self.at(longitude, latitude), touch=touch)

    def click_on(self, name: str) -> None:
        self.see()
        found = self.expect_dam(name)
        self.click(found["page_x"], found["page_y"])

    def click_on_cluster(self, cluster: dict[str, Any]) -> None:
        self.click(cluster["page_x"], cluster["page_y"])

    def click(self, page_x: float, page_y: float, *, touch: bool = False) -> None:
        # Two clicks in a moment are a double click to Bokeh, which means something else.
        self._page.wait_for_function("() => performance.now() - (window.lastClick ?? -1e3) > 600")
        (self._page.touchscreen.tap if touch else self._page.mouse.click)(page_x, page_y)
        self._page.evaluate("() => { window.lastClick = performance.now() }")
        self._dashboard.settle()

    def hover(self, name: str) -> Locator:
        """Point at a dam, and return what appears."""
        self.see()
        found = self.expect_dam(name)
        self.point_at(found["page_x"], found["page_y"])
        return self.tooltip

    @property
    def tooltip(self) -> Locator:
        """What hovers beside the pointer."""
        return self._page.locator(".bk-Tooltip .bk-tooltip-content").filter(visible=True)

    def point_at(self, page_x: float, page_y: float) -> None:
        self._page.mouse.move(page_x - 30, page_y)
        self._page.mouse.move(page_x, page_y, steps=3)

    def pan(self, right: int, down: int) -> None:
        """Drag the map by pixels."""
        self.see()
        x, y = self.centre
        self._page.mouse.move(x, y)
        self._page.mouse.down()
        self._page.mouse.move(x + right, y + down, steps=5)
        self._page.mouse.up()
        self._dashboard.settle()

    def zoom(self, clicks: int) -> None:
        """Turn the wheel: in with positive clicks, out with negative ones."""
        self.see()
        self._page.mouse.move(*self.centre)
        for _ in range(abs(clicks)):
            self._page.mouse.wheel(0, -120 if clicks > 0 else 120)
        self._dashboard.settle()

    def tool(self, name: str) -> Locator:
        return self.region.get_by_role("button", name=name, exact=True)

    def home(self) -> None:
        self.see()
        self.tool("Home").click()
        self._dashboard.settle()

    @property
    def box(self) -> Locator:
        """The element that the map is drawn in."""
        return self._page.locator(".bk-Canvas").first

    @property
    def frame(self) -> dict[str, float]:
        """Where on the page the visible rectangle is: x, y, width and height in pixels."""
        return self._ask("frame")

    @property
    def scale(self) -> float:
        """Web Mercator metres in a pixel, the same in both directions."""
        left, bottom, right, top = self.view
        across = (right - left) / self.frame["width"]
        down = (top - bottom) / self.frame["height"]
        assert math.isclose(across, down, rel_tol=0.01), f"The map is distorted: {across}, {down}."
        return across

    @property
    def centre(self) -> tuple[float, float]:
        frame = self.frame
        return frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2

    def scale_bar(self) -> tuple[float, str]:
        """Return the length of the scale bar in pixels, and what it says that is."""
        length, text = self._ask("scaleBar")
        return length, text

    @property
    def attribution(self) -> Locator:
        return self._page.locator(".bk-Panel")

    @property
    def is_idle(self) -> bool:
        """Whether all is drawn that the page waits for."""
        return self._ask("idle")

    def expect_tiles(self) -> None:
        """Wait until the ground is a tile's."""
        self.expect(lambda: self.ground() == TILE_COLOUR, "tiles are drawn")

    def expect_no_tiles(self) -> None:
        self.expect(lambda: self.ground() != TILE_COLOUR, "no tiles are drawn")

    def expect_ground(self, colour: str) -> None:
        """Wait until the ground has a colour like "#faf8f3"."""
        wanted = tuple(bytes.fromhex(colour[1:]))
        self.expect(lambda: self.ground() == wanted, f"the ground is {colour}")

    def ground(self) -> tuple[int, int, int]:
        """Return the colour of the ground in a corner of the map."""
        frame = self.frame
        return self.colour(frame["x"] + 22, frame["y"] + 22)

    @property
    def tiles_loaded(self) -> int:
        return self._ask("tiles")

    def colour(self, page_x: float, page_y: float) -> tuple[int, int, int]:
        """Return the colour of a pixel."""
        return tuple(self._ask("colour", page_x, page_y))

    def models(self, model: str, name: str) -> list[Any]:
        """Return a property of every Bokeh model of a type."""
        return self._page.evaluate(
            "([model, name]) => tests.map.of(model).map(one => one[name])", [model, name]
        )

    @property
    def basemap(self) -> str:
        return self._ask("basemap")


class TableOnPage:
    """The table with its search field and its pages."""

    def __init__(self, dashboard: DashboardPage) -> None:
        self._dashboard = dashboard
        self._page = dashboard.page
        self._table = self._page.get_by_role("grid", name="Dams")
        self.rows = self._table.locator("tbody tr")
        self.selected = self._table.locator("tbody tr[aria-current=true]")
        self.pointed = self._table.locator("tbody tr.pointed td.name")
        self.ticked = self._table.locator("tbody tr[aria-selected=true]")
        self.search_field = self._page.get_by_role("searchbox", name="Search")
        self.total = self._page.locator("span:near(:text('dams'))")

    def wait_for(self) -> None:
        drawn = self._page.get_by_role("grid", name="Dams", include_hidden=True)
        expect(drawn).to_be_attached()
        expect(self._table.or_(self._page.locator("[data-folded]"))).to_be_visible()

    def row(self, name: str) -> Locator:
        exactly = re.compile(f"^{re.escape(name)}$")
        return self.rows.filter(has=self._page.locator("td.name", has_text=exactly))

    def cell(self, name: str) -> Locator:
        """Return the cell with the name of a dam."""
        return self.row(name).locator("td.name")

    def expect_column(self, number: int, texts: Sequence[str]) -> None:
        """Wait until a column, from 0 for the names, has these texts on this page."""
        cells = self.rows.locator(f"td:nth-child({number + 2})")
        expect(cells).to_have_text(list(texts), use_inner_text=True)

    def search(self, text: str) -> None:
        self._dashboard.bring(self.search_field)
        self.search_field.fill(text)

    def sort_by(self, column: str) -> None:
        """Click on a heading, and wait until the rows follow."""
        was_ascending = self.order(column) == "ascending"
        self._dashboard.click(self.heading(column).get_by_role("button"))
        now = "descending" if was_ascending else "ascending"
        expect(self.heading(column)).to_have_attribute("aria-sort", now)

    def order(self, column: str) -> str | None:
        return self.heading(column).get_attribute("aria-sort")

    def heading(self, column: str) -> Locator:
        return self._table.locator("th").filter(has_text=column)

    def expect_headings(self, *columns: str) -> None:
        """Wait until the table has these columns, whatever their units."""
        expect(self._table.locator("th .label")).to_have_text(list(columns))

    def tick(self, name: str, modifiers: Sequence[Any] = ()) -> None:
        """Click on the checkbox of a dam, and wait until it is ticked."""
        box = self.row(name).get_by_role("checkbox")
        self._dashboard.bring(box)
        box.click(modifiers=list(modifiers))
        expect(box).to_be_checked()

    def expect_ticked(self, *names: str) -> None:
        """Wait until these dams of this page are ticked."""
        expect(self.ticked.locator("td.name")).to_have_text(list(names))

    def show_rows(self, number: int) -> None:
        rows = self._page.get_by_label("Rows per page")
        self._dashboard.bring(rows)
        rows.select_option(str(number))

    def next_page(self) -> None:
        self._dashboard.press("Next page")

    def previous_page(self) -> None:
        self._dashboard.press("Previous page")

    def click_on(self, name: str) -> None:
        """Click on a row, and wait until it is selected."""
        self._dashboard.click(self.cell(name))
        self.expect_selected(name)
        self._dashboard.settle()

    def expect_text(self, text: str) -> None:
        """Wait for a text above or below the rows, such as "3 of 5 dams"."""
        table = self._page.locator(".table")
        expect(table.get_by_text(text, exact=True)).to_be_visible()

    def expect_range(self, first: int, last: int, of: int) -> None:
        """Wait until these rows are shown, by their numbers from 1."""
        self.expect_text(f"{first:,}\N{EN DASH}{last:,} of {of:,}")

    def expect_selected(self, *names: str) -> None:
        expect(self.selected.locator("td.name")).to_have_text(list(names))


class LayersOnPage:
    """The sidebar's layers."""

    def __init__(self, dashboard: DashboardPage) -> None:
        self._dashboard = dashboard
        self._page = dashboard.page
        self.note = self._page.get_by_role("alert").filter(visible=True)
        self.dams = self._page.get_by_role("switch", name=re.compile("^Dams"))
        self.clusters = self._page.get_by_role("switch", name=re.compile("^Clusters"))
        self.opacity = self._page.get_by_role("slider", name="Opacity")

    def wait_for(self) -> None:
        expect(self._page.get_by_role("heading", name="Layers")).to_be_visible()

    def basemap(self, name: str) -> Locator:
        return self._page.get_by_role("radio", name=name)
