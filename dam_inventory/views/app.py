"""DamInventoryApp: the dashboard of one session, in a browser or a notebook."""

from __future__ import annotations

import logging
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn, Self

import geoviews
import panel as pn
import panel_material_ui as pmui
import param
from bokeh.core.validation import silence
from bokeh.core.validation.warnings import EMPTY_LAYOUT
from bokeh.embed.bundle import extension_dirs
from bokeh.server.tornado import DEFAULT_UNUSED_LIFETIME_MS
from panel.util import edit_readonly

from ..config.notebook import is_kernel
from ..config.settings import Settings
from ..domain.permissions import Permissions, User
from ..errors import DamInventoryError
from ..runtime import Runtime
from ..session.comparison import compared_of
from ..session.store import DamStore
from . import theme
from .bokeh_bridge import cell
from .bokeh_bridge.delivery import (
    Way,
    address_elsewhere,
    load_early,
    use_own_components,
    use_own_style_sheets,
    way_to,
)
from .bokeh_bridge.documents import answer_at_once, schedule_in_session
from .bokeh_bridge.internals import keep_out_of_threads, note_connection
from .cards.card_stack import Side
from .cards.inventory_panel import InventoryPanel
from .charts.charts import DamCharts
from .compare.comparison import Comparison
from .components.assets import asset
from .components.escape import escaped
from .components.icons import icon
from .components.slot import Place
from .filters.chips import FilterChips
from .filters.rail import FilterRail
from .find.find_box import FindBox
from .forms.add_form import AddForm
from .hydrograph.sheet import HydrographSheet
from .layout.dock import Dock
from .layout.filters_button import FiltersButton
from .layout.view_tools import ViewTools
from .lists.lists_panel import ListsPanel
from .map.dam_map import DamMap
from .map.layers import LayersPanel
from .notifications.news_bar import NewsBar
from .report.sheet import Sheet
from .report.view import ReportView
from .table.table import DamTable
from .transfer.saver import Saver
from .url_state import Address

logger = logging.getLogger(__name__)

# FastAPI serves only the files of extensions that are registered before the first page.
extension_dirs.setdefault("geoviews", Path(geoviews.__file__).parent / "dist")
# Panel's own servers do this, too. FastAPI's would warn about every column that is still empty.
silence(EMPTY_LAYOUT, True)

INLINE_HEIGHT = 900
"""Height of the dashboard in pixels where it has no window to fill: in a cell, or another page."""

_DOCUMENT = (
    asset("layout/page.html")
    .replace("LOOK", asset("layout/skeleton.css"))
    .replace("BEGIN", asset("layout/skeleton_begin.js"))
    .replace("END", asset("layout/skeleton_end.js"))
)
"""The HTML around the page: it shows a skeleton until the page is drawn."""

SHARED = (
    "A DamInventoryApp belongs to one session and can't be served to others. Pass pn.serve a "
    "function that creates one for each session: pn.serve(lambda: DamInventoryApp(runtime))."
)

UNSAVED = (
    "A DamInventoryApp lives from its server and can't be saved in a file. Serve it with `panel "
    "serve`; its page prints reports, and exports dams."
)


class DamInventoryApp(pn.viewable.Viewer):
    """The whole dashboard; `map`, `table`, `form` and `charts` can also be shown separately.

    With a `report` in the address of its page, it is that report, and has none of these parts.

    runtime: the process's runtime.
    user: the person at the page, from the server's login. Without `user`: the anonymous user if
    there is no login, and a read-only user if there is one.
    session_lifetime: seconds that the server keeps a session without a connected page.
    owns_runtime: whether `close` closes the runtime, too.

    On a server, the app closes with its session; in a notebook, with its runtime. Elsewhere, call
    `close` when the app is no longer needed, or use it as a context manager.
    """

    busy = param.Boolean(doc="Whether this session waits for the database.")

    def __init__(
        self,
        runtime: Runtime,
        user: User | None = None,
        session_lifetime: float = DEFAULT_UNUSED_LIFETIME_MS / 1000,
        owns_runtime: bool = False,
        **params: Any,
    ) -> None:
        self._session = _session_id()
        self._owned = runtime if owns_runtime else None
        # Neither a page nor the page that `--warm` builds at startup.
        self._is_in_cell = self._session is None and is_kernel()
        key = cell.prepare() if self._is_in_cell else ""
        self.store = DamStore(
            runtime.inventory,
            runtime.feed,
            schedule=schedule_in_session(),
            user=user or _visitor(runtime.permissions),
            max_import_bytes=runtime.settings.max_import_bytes,
        )
        try:
            super().__init__(**params)
            self._make(runtime, session_lifetime, key)
        except BaseException:
            # Nobody else knows the store: it would be told news for ever.
            self.store.close()
            raise

    def _make(self, runtime: Runtime, session_lifetime: float, key: str) -> None:
        address = Address.read(pn.state.session_args if self._session else {})
        self._has_api = runtime.settings.api
        self._elsewhere = address_elsewhere()
        use_own_style_sheets(self._elsewhere)
        use_own_components()
        self.store.units = address.units
        if address.report is not None:
            self._page = self._made_report(address.report, address, runtime.settings.title)
            self._close_with_session(runtime)
            return
        usual = runtime.settings.basemap
        basemap = address.basemap or usual
        self.map = DamMap(self.store, address.view, usual, basemap=basemap)
        self.map.clusters = address.clusters
        if address.color is not None:
            self.map.color_by = address.color
        self.table = DamTable(
            self.store, css_classes=["table"], margin=0, sizing_mode="stretch_width",
            min_width=280, search=address.search,
            sort=address.sort, columns=address.columns, page_size=address.page_size,
        )  # fmt: skip
        self._rail = Place("rail")
        self._rail.visible = True
        self._lists = pn.Column(sizing_mode="stretch_width", margin=0)
        filters = FiltersButton(margin=0)
        filters.param.watch(self._fill_rail, "is_open")
        offered = address.list
        chips = FilterChips(self.store, offered=offered, margin=0, sizing_mode="stretch_width")
        is_served = self._session is not None and not self._elsewhere
        self._tools = ViewTools(self.store, self.map, is_served=is_served, margin=0)
        self._tools.param.watch(self._print, "printing")
        self._head = pn.Row(
            filters,
            chips,
            self._tools,
            css_classes=["head"],
            margin=0,
            sizing_mode="stretch_width",
        )
        self.find = FindBox(self.store, self.map, margin=(0, 8, 0, 16))
        self.news = NewsBar(
            self.store, patience=session_lifetime, process=runtime.process, cell=key,
            elsewhere=self._elsewhere,
        )  # fmt: skip
        self._side = Side(self.store, self._plot, self._has_links, runtime.settings.owner)
        self._side.param.watch(self._on_card, "card")
        self._tools.param.watch(lambda _: self._side.open_export(), "export")
        self._side.param.watch(lambda event: setattr(self, "busy", event.new), "busy")
        self._side.param.watch(lambda e: setattr(self.map, "location", e.new), "location")
        self.map.param.watch(lambda e: setattr(self._side, "location", e.new), "location")
        self._side.param.watch(lambda _: self.map.zoom_to_dam(self.store.selected), "zoom")
        self.table.param.watch(self._on_plotted, "plotted")
        self.table.param.watch(self._compare, "compare")
        self.table.param.watch(lambda _: self._side.open_export("chosen"), "export")
        self._side.param.watch(self._compare, "compare")
        self.store.param.watch(self._follow_comparison, "compared")
        self._dock = Dock(
            is_served=is_served,
            css_classes=["dock"],
            margin=0,
            sizing_mode="stretch_width",
        )
        self._dock.param.watch(self._on_tab, "tab")
        self._dock.param.watch(lambda _: self._side.open_export(), "export")
        self._dock.param.watch(self._on_closed, "closed")
        self._side.param.watch(lambda e: setattr(self._dock, "cards", e.new), "cards")
        self._side.param.watch(lambda e: setattr(self._dock, "unsaved", e.new), "unsaved")
        self._sheet_place = Place("sheet", "stretch_both")
        self._charts_place = Place("charts", "stretch_both")
        self._compare_place = Place("compare", "stretch_both")
        self._saver_place = Place("saver")
        self.store.exporting.param.watch(self._on_export, "changed")
        self._is_plotted = False
        """Whether a hydrograph was asked for since a dam was selected or the sheet closed."""
        # Rarely opened and expensive: its contents are created when it is first opened.
        self._sidebar = pn.Column(sizing_mode="stretch_width", margin=0)
        self._page = self._made_page(runtime.settings)
        self._close_with_session(runtime)
        self.store.lists.load()
        self._follow(address)

    def __panel__(self) -> pn.viewable.Viewable:
        if _session_id() not in (None, self._session):
            logger.error(SHARED)
            return pn.pane.Str(SHARED, margin=20)
        return self._whole

    def show(self, *_arguments: Any, **_options: Any) -> NoReturn:
        """Refuse to serve one dashboard to several sessions. Raises DamInventoryError."""
        raise DamInventoryError(SHARED)

    def save(self, *_arguments: Any, **_options: Any) -> NoReturn:
        """Refuse to save a live dashboard in a file. Raises DamInventoryError."""
        raise DamInventoryError(UNSAVED)

    def _close_with_session(self, runtime: Runtime) -> None:
        if self._session is not None:
            pn.state.on_session_destroyed(lambda _context: self.store.close())
            pn.state.onload(answer_at_once)
            note_connection(pn.state.curdoc)
            keep_out_of_threads(pn.state.curdoc)
        elif self._is_in_cell:
            runtime.on_close(self.store.close)
        elif pn.state.curdoc is not None:
            # `--warm` builds this page at startup, in a document that never ends.
            self.store.close()

    def _follow(self, address: Address) -> None:
        self.store.filter.param.update(search=address.search, **address.filters)
        if self.store.snapshot.row_of(address.selected) is not None:
            self.store.selected = address.selected
        if address.page is not None:
            self.table.page = address.page
        self._dock.tab = address.tab
        self.store.compared = compared_of(address.compared, self.store.snapshot)
        linked = (address.selected, *address.compared)
        self.store.tell_gone(one for one in linked if one is not None)
        if address.seen is not None:
            self.store.tell_missed(address.seen)
        self.news.param.watch(lambda event: self._side.recover(event.new), "kept")

    def close(self) -> None:
        """Close the store, and a runtime that this app owns; to call it twice is harmless."""
        self.store.close()
        owned, self._owned = self._owned, None
        if owned is not None:
            owned.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def charts(self) -> DamCharts:
        """The charts of the dams that match the filter, apart from those of the dashboard."""
        return DamCharts(self.store, margin=0, sizing_mode="stretch_width")

    @property
    def form(self) -> AddForm:
        """The form that adds a dam."""
        return self._side.add_form

    @cached_property
    def _whole(self) -> pn.viewable.Viewable:
        # A Page that is no root leaves the look and the window of another page alone.
        if self._elsewhere:
            return pn.Column(self._page, sizing_mode="stretch_width", margin=0)
        return self._page

    @cached_property
    def _sheet(self) -> HydrographSheet:
        sheet = HydrographSheet(self.store, dark=self.map.param.dark)
        self._sheet_place.put(sheet)
        sheet.param.watch(self._on_sheet, "is_open")
        return sheet

    @cached_property
    def _charts(self) -> DamCharts:
        charts = DamCharts(self.store, margin=0, sizing_mode="stretch_width")
        # A person who goes from tab to tab by keyboard stays among the tabs.
        self._charts_place.put(charts, focus="stay")
        return charts

    @cached_property
    def _comparison(self) -> Comparison:
        comparison = Comparison(self.store, dark=self.map.param.dark)
        self._compare_place.put(comparison)
        return comparison

    @cached_property
    def _paper(self) -> Sheet:
        return Sheet(self.store, self.map, self.table, str(self._page.title))

    def _print(self, _event: Any) -> None:
        self._paper.write(lambda sheet: setattr(self._tools, "sheet", sheet))

    def _compare(self, _event: Any) -> None:
        self._comparison.focus()
        self._dock.show("compare")

    def _follow_comparison(self, _event: Any) -> None:
        self._dock.compared = len(self.store.compared)
        _ = self._comparison  # It writes the dams to the address.

    def _on_export(self, _event: Any) -> None:
        if not self._saver_place.objects:
            self._saver_place.put(Saver(self.store, margin=0), focus="stay")

    def _has_links(self) -> bool:
        # Other servers, as FastAPI's or a notebook's, have no /api of ours.
        return self._has_api and way_to(pn.state.curdoc) is Way.WEBSOCKET

    def _plot(self, dam_id: int) -> None:
        self._show_hydrograph(dam_id)
        self._dock.show("hydrograph")

    def _show_hydrograph(self, dam_id: int | None) -> None:
        self._is_plotted = True
        self._sheet.show(dam_id)

    def _on_sheet(self, event: Any) -> None:
        if not event.new:
            self._is_plotted = False
            self._dock.show("table")

    def _on_tab(self, _event: Any) -> None:
        if self._dock.tab == "hydrograph" and not self._is_plotted:
            self._show_hydrograph(self.store.selected)
        elif self._dock.tab == "compare":
            _ = self._comparison
        if self._dock.tab == "charts" or "_charts" in self.__dict__:
            self._charts.show(self._dock.tab == "charts")

    def _on_plotted(self, event: Any) -> None:
        if self.store.snapshot.row_of(event.new) is not None:
            self._plot(event.new)
        # So that the same dam can be plotted again after its sheet was closed.
        self.table.plotted = 0

    @param.depends("store.selected", watch=True)
    def _follow_selection(self) -> None:
        if self.store.selected is not None:
            self.map.show(self.store.selected)
            self._is_plotted = False
            if self._dock.tab == "hydrograph":
                self._show_hydrograph(self.store.selected)

    def _on_card(self, _event: Any) -> None:
        self.map.locating = self._side.is_locating
        self._dock.card = self._side.card

    def _on_closed(self, event: Any) -> None:
        for _ in range(min(event.new - event.old, self._side.cards)):
            self._side.close_top()

    def _fill_sidebar(self, _event: Any) -> None:
        if not self._sidebar.objects:
            panel = InventoryPanel(self.store, self._side, self._page)
            self._sidebar.objects = [LayersPanel(self.map), panel]

    def _fill_rail(self, event: Any) -> None:
        if event.new and not self._rail.objects:
            rail = FilterRail(self.store, sizing_mode="stretch_width", margin=0)
            rail.param.watch(self._fill_lists, "has_lists")
            self._rail.put(self._lists, rail, focus="stay")

    def _fill_lists(self, _event: Any) -> None:
        self.store.lists.load()
        self._lists.append(ListsPanel(self.store, sizing_mode="stretch_width", margin=0))

    def _made_report(self, subject: int | str, address: Address, title: str) -> ReportView:
        self.store.filter.view = address.view
        self.store.filter.param.update(search=address.search, **address.filters)
        return ReportView(self.store, subject, title, sort=address.sort)

    def _made_page(self, settings: Settings) -> pmui.Page:
        add = pmui.Button(
            label="Add dam", icon=icon("add"), variant="contained", color="primary", size="small",
            margin=(0, 8), sx=theme.ADD, css_classes=["add"],
        )  # fmt: skip
        add.on_click(lambda _: self._side.open("add"))
        add.visible = self.store.user.may("add_dams")
        subtitle = (
            pn.pane.HTML(
                escaped(settings.subtitle),
                stylesheets=[asset("subtitle.css")],
                margin=0,
            )
            if settings.subtitle
            else pn.Spacer(width=0)
        )
        body = pn.Column(
            self._rail, self._head, self.map, self._side, self._dock, self._charts_place,
            self._sheet_place, self._compare_place, self.table, self._saver_place,
            sizing_mode="stretch_both", margin=0, stylesheets=[asset("layout/layout.css")],
        )  # fmt: skip
        load_early(pmui.Page)
        page = pmui.Page(
            title=settings.title,
            # Its link stays here; see `layout/leaving.js`.
            site_url="",
            template=_DOCUMENT,
            header=[
                subtitle,
                self.find,
                pn.Spacer(sizing_mode="stretch_width"),
                self.news,
                *self._import_buttons(),
                add,
            ],
            sidebar=[self._sidebar],
            sidebar_open=False,
            sidebar_resizable=False,
            main=[body],
            sx=theme.PAGE,
            theme_config=theme.MATERIAL,
        )
        if self._session is None or self._elsewhere:
            page.height = INLINE_HEIGHT
        # Page links its busy indicator to one state of the whole process: every click in any
        # session would update every page, and would keep closed pages in memory.
        with edit_readonly(page):
            page.busy = self.param.busy
        page.param.watch(lambda event: setattr(self.map, "dark", event.new), "dark_theme")
        page.param.watch(lambda event: setattr(self._side, "dark", event.new), "dark_theme")
        page.param.watch(self._fill_sidebar, "sidebar_open")
        return page

    def _import_buttons(self) -> list[pmui.Button]:
        """Return the button that imports a file, only for a person who may do so."""
        if not self._side.can_import:
            return []
        button = pmui.Button(
            label="Import a file", icon=icon("file_upload"), variant="outlined", color="default",
            size="small", margin=(0, 0, 0, 8), sx=theme.IMPORT,
        )  # fmt: skip
        button.on_click(lambda _: self._side.open("import"))
        return [button]


def _session_id() -> str | None:
    """Return the ID of the current session, or None outside a session."""
    context = pn.state.curdoc.session_context if pn.state.curdoc else None
    return None if context is None else str(context.id)


def _visitor(permissions: Permissions) -> User:
    """Return the user of a page that is served without `user`."""
    context = pn.state.curdoc.session_context if pn.state.curdoc else None
    is_login = pn.config.basic_auth or pn.config.oauth_provider or (context and context.logout_url)
    return User(None, frozenset()) if is_login else permissions.user(None)
