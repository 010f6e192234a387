"""DamInventoryApp: one session's dashboard, the same in a browser and in a notebook."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param
from panel.util import edit_readonly

from .command_line import session_lifetime
from .errors import DatabaseUnavailable
from .login import current_user
from .runtime import Runtime
from .settings import Settings
from .store import DamStore
from .views.add_form import AddForm
from .views.address import Address
from .views.assets import asset
from .views.hydrograph_sheet import HydrographSheet
from .views.inventory_panel import InventoryPanel
from .views.layers import LayersPanel
from .views.map import DamMap
from .views.notice import Notice
from .views.place import Place
from .views.session import answer_at_once, schedule_in_session
from .views.side import Side
from .views.table import DamTable
from .views.text import escaped
from .views.toast import NewsBar

logger = logging.getLogger(__name__)

NOTEBOOK_HEIGHT = 900
"""Pixels of the dashboard in a cell, where there is no window to fill."""

_IN_A_CELL = ":host { grid-template-rows: 400px max-content max-content 1fr; }"


class DamInventoryApp(pn.viewable.Viewer):
    """The whole dashboard; `store`, `map`, `table` and `form` can be shown one by one, too.

    runtime: that of the process. In a server the app closes with its session; elsewhere call
    `store.close()` when it is no longer wanted.
    """

    busy = param.Boolean(doc="Whether this session waits for the database.")

    def __init__(self, runtime: Runtime, **params: Any) -> None:
        self.store = DamStore(
            runtime.inventory,
            runtime.feed,
            schedule=schedule_in_session(),
            user=current_user(runtime.permissions),
        )
        super().__init__(**params)
        address = Address.read(pn.state.session_args if pn.state.curdoc else {})
        usual = runtime.settings.basemap
        self.map = DamMap(self.store, address.view, usual, basemap=address.basemap or usual)
        self.table = DamTable(
            self.store, css_classes=["table"], margin=0, search=address.search,
            sort=address.sort, descending=address.descending,
        )  # fmt: skip
        self.news = NewsBar(self.store, patience=session_lifetime(), process=runtime.process)
        self._side = Side(self.store, self._plot)
        self._side.param.watch(self._on_card, "card")
        self._side.param.watch(lambda event: setattr(self, "busy", event.new), "busy")
        self._side.param.watch(lambda e: setattr(self.map, "location", e.new), "location")
        self.map.param.watch(lambda e: setattr(self._side, "location", e.new), "location")
        self.table.param.watch(self._on_plotted, "plotted")
        self._sheet_place = Place("sheet")
        # Seen by few and expensive: its contents are made when it is first opened.
        self._sidebar = pn.Column(sizing_mode="stretch_width", margin=0)
        self._page = self._made_page(runtime.settings)
        self._close_with_session()
        self._follow(address)

    def __panel__(self) -> pn.viewable.Viewable:
        return self._page

    def _close_with_session(self) -> None:
        doc = pn.state.curdoc
        if doc is None:
            return
        if doc.session_context is None:
            # `panel serve --warm` rehearses the page once, in a document that never ends.
            self.store.close()
        else:
            pn.state.on_session_destroyed(lambda _context: self.store.close())
            pn.state.onload(answer_at_once)

    def _follow(self, address: Address) -> None:
        self.store.filter.search = address.search
        if self.store.snapshot.row_of(address.selected) is not None:
            self.store.selected = address.selected
        if address.seen is not None:
            self.store.tell_missed(address.seen)
        self.news.param.watch(lambda event: self._side.recover(event.new), "kept")

    @property
    def form(self) -> AddForm:
        """The form that adds a dam."""
        return self._side.add_form

    @cached_property
    def _sheet(self) -> HydrographSheet:
        sheet = HydrographSheet(self.store, dark=self.map.param.dark)
        self._sheet_place.append(sheet)
        sheet.param.watch(self._on_sheet, "is_open")
        return sheet

    def _plot(self, dam_id: int) -> None:
        self._sheet.show(dam_id)
        self._sheet_place.reveal()

    def _on_sheet(self, event: Any) -> None:
        self._sheet_place.visible = event.new
        if event.new:
            self._sheet_place.reveal()

    def _on_plotted(self, event: Any) -> None:
        if self.store.snapshot.row_of(event.new) is not None:
            self._plot(event.new)
        # The same dam may be asked for again after its sheet was closed.
        self.table.plotted = 0

    @param.depends("store.selected", watch=True)
    def _follow_selection(self) -> None:
        if self.store.selected is not None:
            self.map.show(self.store.selected)

    def _on_card(self, _event: Any) -> None:
        self.map.locating = self._side.is_locating

    def _fill_sidebar(self, _event: Any) -> None:
        if not self._sidebar.objects:
            panel = InventoryPanel(self.store, self._side, self._page)
            self._sidebar.objects = [LayersPanel(self.map), panel]

    def _made_page(self, settings: Settings) -> pmui.Page:
        add = pmui.Button(
            label="Add dam", icon="add", variant="outlined", margin=(0, 4),
            sx={"color": "white", "borderColor": "rgba(255, 255, 255, .7)", "whiteSpace": "nowrap"},
        )  # fmt: skip
        add.on_click(lambda _: self._side.open("add"))
        add.visible = self.store.user.may("add_dams")
        subtitle = (
            pn.pane.HTML(escaped(settings.subtitle), stylesheets=[asset("subtitle.css")], margin=0)
            if settings.subtitle
            else pn.Spacer(width=0)
        )
        body = pn.Column(
            self.map, self._side, self._sheet_place, self.table,
            sizing_mode="stretch_both", margin=0,
            stylesheets=[asset("body.css"), *([] if pn.state.curdoc else [_IN_A_CELL])],
        )  # fmt: skip
        page = pmui.Page(
            title=settings.title,
            header=[subtitle, pn.Spacer(sizing_mode="stretch_width"), self.news, add],
            sidebar=[self._sidebar],
            sidebar_open=False,
            main=[body],
            sx={"& .title": {"fontSize": {"xs": "1.05rem", "sm": "1.5rem"}}},
        )
        if pn.state.curdoc is None:
            page.height = NOTEBOOK_HEIGHT
        # A Page's busy bar is linked to one state of the whole process: every click of anybody
        # would walk through every page, and would keep pages alive for ever.
        with edit_readonly(page):
            page.busy = self.param.busy
        page.param.watch(lambda event: setattr(self.map, "dark", event.new), "dark_theme")
        page.param.watch(lambda event: setattr(self._side, "dark", event.new), "dark_theme")
        page.param.watch(self._fill_sidebar, "sidebar_open")
        return page


def apology(error: DatabaseUnavailable) -> pn.viewable.Viewable:
    """Return what a visitor sees of a process that has not reached its database yet."""
    # Where the database is, is not for visitors.
    logger.error("A page could not be opened: %s", error)
    notice = Notice("warning", margin=20)
    notice.say(
        "The database does not answer at the moment. Please load this page again in a minute."
    )
    return notice
