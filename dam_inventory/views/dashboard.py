"""Dashboard: the parts of the page of one session, and what they tell each other."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

from ..runtime import Runtime
from ..session.comparison import compared_of
from ..session.store import DamStore
from .bokeh_bridge.delivery import Way, way_to
from .cards.card_stack import Side
from .cards.inventory_panel import InventoryPanel
from .components.slot import Place
from .filters.chips import FilterChips
from .filters.rail import FilterRail
from .find.find_box import FindBox
from .layout.filters_button import FiltersButton
from .layout.page import buttons, made_page
from .layout.panes import Panes
from .layout.view_tools import ViewTools
from .lists.lists_panel import ListsPanel
from .map.dam_map import DamMap
from .map.layers import LayersPanel
from .notifications.news_bar import NewsBar
from .report.sheet import Sheet
from .table.table import DamTable
from .transfer.saver import Saver
from .url_state import Address


class Dashboard:
    """Filters, map, table, cards, panes and bar, as the address of the page asks for them.

    page: all of them. map, table, find, news, side: some of them.
    session_lifetime: as for `DamInventoryApp`. cell: the key of a notebook's kernel, or "".
    is_served: whether a server made the page. elsewhere: as `address_elsewhere` says.
    """

    def __init__(
        self,
        store: DamStore,
        runtime: Runtime,
        address: Address,
        session_lifetime: float,
        *,
        cell: str,
        is_served: bool,
        elsewhere: str,
    ) -> None:
        self._store = store
        settings = runtime.settings
        self._has_api = settings.api
        has_window = is_served and not elsewhere
        self.map = _map(store, address, settings.basemap)
        self.table = DamTable(
            store, css_classes=["table"], margin=0, sizing_mode="stretch_width",
            min_width=280, search=address.search,
            sort=address.sort, columns=address.columns, page_size=address.page_size,
        )  # fmt: skip
        self.find = FindBox(store, self.map, margin=(0, 8, 0, 16))
        self.news = NewsBar(
            store, patience=session_lifetime, process=runtime.process, cell=cell,
            elsewhere=elsewhere,
        )  # fmt: skip
        self._panes = Panes(store, self.map.param.dark, is_served=has_window)
        self._dock = self._panes.dock
        self.side = Side(store, self._panes.plot, self._has_links, settings.owner)
        self._tools = ViewTools(store, self.map, is_served=has_window, margin=0)
        self._filters = FiltersButton(margin=0)
        self._rail = Place("rail")
        self._rail.visible = True
        self._lists = pn.Column(sizing_mode="stretch_width", margin=0)
        self._saver_place = Place("saver")
        # Rarely opened and expensive: its contents are created when it is first opened.
        self._sidebar = pn.Column(sizing_mode="stretch_width", margin=0)
        head = pn.Row(
            self._filters,
            FilterChips(store, offered=address.list, margin=0, sizing_mode="stretch_width"),
            self._tools,
            css_classes=["head"],
            margin=0,
            sizing_mode="stretch_width",
        )
        space = pn.Spacer(sizing_mode="stretch_width")
        self.page: pmui.Page = made_page(
            settings,
            header=[self.find, space, self.news, *buttons(self.side)],
            sidebar=self._sidebar,
            body=[self._rail, head, self.map, self.side, self._dock, *self._panes.places,
                  self.table, self._saver_place],
            is_inline=not has_window,
            busy=self.side.param.busy,
        )  # fmt: skip
        self._link()

    def _link(self) -> None:
        """Let the parts follow each other, and create others when they are first asked for."""
        side, dock, table, tools = self.side, self._dock, self.table, self._tools
        _follow(side, "location", self.map)
        _follow(self.map, "location", side)
        _follow(side, "cards", dock)
        _follow(side, "unsaved", dock)
        self.page.param.watch(lambda event: setattr(self.map, "dark", event.new), "dark_theme")
        self.page.param.watch(lambda event: setattr(side, "dark", event.new), "dark_theme")
        self._store.param.watch(self._show_selected, "selected")
        side.param.watch(self._on_card, "card")
        side.param.watch(lambda _: self.map.zoom_to_dam(self._store.selected), "zoom")
        table.param.watch(self._on_plotted, "plotted")
        dock.param.watch(self._on_closed, "closed")
        for part in (table, side):
            part.param.watch(lambda _: self._panes.compare(), "compare")
        for bar in (tools, dock):
            bar.param.watch(lambda _: side.open_export(), "export")
        table.param.watch(lambda _: side.open_export("chosen"), "export")
        tools.param.watch(self._print, "printing")
        self._filters.param.watch(self._fill_rail, "is_open")
        self._store.exporting.param.watch(self._add_saver, "changed")
        self.page.param.watch(self._fill_sidebar, "sidebar_open")

    def begin(self, address: Address) -> None:
        """Show what the address asks for beside the first view, and what was missed meanwhile."""
        store = self._store
        store.lists.load()
        store.filter.param.update(search=address.search, **address.filters)
        if store.snapshot.row_of(address.selected) is not None:
            store.selected = address.selected
        if address.page is not None:
            self.table.page = address.page
        self._dock.tab = address.tab
        store.compared = compared_of(address.compared, store.snapshot)
        linked = (address.selected, *address.compared)
        store.tell_gone(one for one in linked if one is not None)
        if address.seen is not None:
            store.tell_missed(address.seen)
        self.news.param.watch(lambda event: self.side.recover(event.new), "kept")

    def _has_links(self) -> bool:
        # Other servers, as FastAPI's or a notebook's, have no /api of ours.
        return self._has_api and way_to(pn.state.curdoc) is Way.WEBSOCKET

    def _show_selected(self, event: Any) -> None:
        if event.new is not None:
            self.map.show(event.new)

    def _on_plotted(self, event: Any) -> None:
        if self._store.snapshot.row_of(event.new) is not None:
            self._panes.plot(event.new)
        # So that the same dam can be plotted again after its sheet was closed.
        self.table.plotted = 0

    def _on_card(self, _event: Any) -> None:
        self.map.locating = self.side.is_locating
        self._dock.card = self.side.card

    def _on_closed(self, event: Any) -> None:
        for _ in range(min(event.new - event.old, self.side.cards)):
            self.side.close_top()

    @cached_property
    def _paper(self) -> Sheet:
        return Sheet(self._store, self.map, self.table, str(self.page.title))

    def _print(self, _event: Any) -> None:
        self._paper.write(lambda sheet: setattr(self._tools, "sheet", sheet))

    def _add_saver(self, _event: Any) -> None:
        if not self._saver_place.objects:
            self._saver_place.put(Saver(self._store, margin=0), focus="stay")

    def _fill_sidebar(self, _event: Any) -> None:
        if not self._sidebar.objects:
            panel = InventoryPanel(self._store, self.side, self.page)
            self._sidebar.objects = [LayersPanel(self.map), panel]

    def _fill_rail(self, event: Any) -> None:
        if event.new and not self._rail.objects:
            rail = FilterRail(self._store, sizing_mode="stretch_width", margin=0)
            rail.param.watch(self._fill_lists, "has_lists")
            self._rail.put(self._lists, rail, focus="stay")

    def _fill_lists(self, _event: Any) -> None:
        self._store.lists.load()
        self._lists.append(ListsPanel(self._store, sizing_mode="stretch_width", margin=0))


def _map(store: DamStore, address: Address, usual: str) -> DamMap:
    dam_map = DamMap(store, address.view, usual, basemap=address.basemap or usual)
    dam_map.clusters = address.clusters
    if address.color is not None:
        dam_map.color_by = address.color
    return dam_map


def _follow(source: param.Parameterized, name: str, target: param.Parameterized) -> None:
    """Set a parameter of the target to each new value of the same parameter of the source."""
    source.param.watch(lambda event: setattr(target, name, event.new), name)
