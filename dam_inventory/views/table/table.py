"""DamTable: a paged table of a store's dams, sorted and searched on the server."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

import panel as pn
import param

from ...domain.messages import dams
from ...session.store import DamStore
from ...snapshot.sorting import BY_NAME, as_text, sorting_of
from ..components.assets import asset
from ..components.escape import as_json
from ..components.faults import shielded
from . import cells, columns
from .ordering import Ordering
from .removal import Removal
from .selection import Selection

PAGE_SIZES = (10, 25, 50, 100)


class DamTable(pn.reactive.ReactiveHTML):
    """A page of dams, with a search field and page controls; a click selects a dam.

    This is one component, and only `content` changes: it costs a tenth of a table widget with
    separate controls (see `benchmarks/`), and shows all values as text.
    """

    search = param.String(doc="The search text of the store's filter.")
    sort = param.String(default=BY_NAME, doc="The order, as `sorting_of` reads it.")
    columns = param.String(doc='The chosen columns, as `columns_of` reads them; "" for the usual.')
    page = param.Integer(default=0, doc="The current page, from 0.")
    page_size = param.Integer(default=PAGE_SIZES[0], doc="Rows per page, one of PAGE_SIZES.")
    plotted = param.Integer(default=0, doc="ID of the dam whose hydrograph is to be shown.")
    clicked = param.Integer(default=0, doc="ID of the dam that was clicked last.")
    ticked = param.String(doc="What was ticked last; see `Selection.ask`.")
    compare = param.Event(doc="Show the comparison of the ticked dams.")
    export = param.Event(doc="Export the ticked dams.")
    removal = param.String(doc="What was answered about a removal; see `Removal.answer`.")
    content = param.String(default="{}", doc="The content of the page, as JSON.")
    asked = param.Boolean(doc="Whether somebody has opened the chooser of columns.")
    choices = param.String(doc="The columns to choose from, as JSON, once they were asked for.")

    _sizes = "".join(f"<option>{size}</option>" for size in PAGE_SIZES)
    _template: ClassVar[str] = asset("table/table.html").replace("SIZES", _sizes)
    _scripts: ClassVar[dict[str, Any]] = {
        "render": "\n".join(
            [
                asset("bokeh_bridge/pointing.js"),
                asset("table/table_pointed.js"),
                asset("table/table_render.js"),
            ]
        ),
        "content": asset("table/table_content.js"),
        "search": "if (view.shadow_el.activeElement !== search) { search.value = data.search }",
        "choices": asset("table/table_chooser.js"),
    }
    _stylesheets: ClassVar[list[str]] = [asset("components/hazard.css"), asset("table/table.css")]

    def __init__(self, store: DamStore, **params: Any) -> None:
        self._store = store
        self._ordering = Ordering(store)
        self._selection = Selection(store, self._ordering)
        self._removal = Removal(store, self._fill)
        super().__init__(**params)
        self._ordering.sorting = sorting_of(self.sort)
        store.param.watch(self._follow, ["snapshot", "rows", "selected", "chosen"])
        store.param.watch(self._on_units, "units")
        store.filter.watch(self._on_filter)
        self._fill()

    @param.depends("search", watch=True)
    def _on_search(self) -> None:
        self._store.filter.search = self.search

    def _on_filter(self, *events: Any) -> None:
        self.search = self._store.filter.search
        # A pan of the map is no reason to leave the page that a link has asked for.
        if any(event.name != "view" for event in events):
            self.page = 0

    @param.depends("clicked", watch=True)
    def _on_click(self) -> None:
        if self._store.snapshot.row_of(self.clicked) is not None:
            self._store.selected = self.clicked
        # So that the same dam can be clicked again after its card was closed.
        self.clicked = 0

    @param.depends("ticked", watch=True)
    def _on_tick(self) -> None:
        if self._selection.ask(self.ticked):
            self.param.trigger("compare")
        elif self._selection.refusal:
            self._fill()

    def _export(self, _event: Any) -> None:
        self.param.trigger("export")

    @param.depends("removal", watch=True)
    def _on_removal(self) -> None:
        self._removal.answer(self.removal)

    @param.depends("asked", watch=True)
    def _on_asked(self) -> None:
        if self.asked:
            self.choices = as_json(columns.choices(self._store.snapshot, self._store.units))

    def _on_units(self, _event: Any) -> None:
        self._on_asked()
        self._fill()

    def _follow(self, *events: Any) -> None:
        if any(event.name == "snapshot" and event.new is not event.old for event in events):
            # The map follows in the same turn of the event loop; both would be a long one.
            self._store.soon(partial(self._turn_to, events))
        else:
            self._turn_to(events)

    @shielded
    def _turn_to(self, events: Sequence[Any]) -> None:
        page = self.page
        if any(event.name == "selected" for event in events) and not self._store.is_searching:
            if not self._ordering.is_ready:
                self._ordering.prepare(partial(self._turn_to, events))
                return
            page = self._page_of(self._store.selected)
        if page != self.page:
            self.page = page
        else:
            self._fill()

    def _page_of(self, dam_id: int | None) -> int:
        """Return the page of a dam; if the dam is not in the table, the current page."""
        place = self._ordering.place(dam_id)
        return int(self.page) if place is None else place // self._size

    @param.depends("sort", "page_size", watch=True)
    def _on_order(self) -> None:
        self._ordering.sorting = sorting_of(self.sort)
        self.page = 0
        self._fill()

    @property
    def _size(self) -> int:
        # A browser can send anything: an invalid size is read as the default.
        return next((size for size in PAGE_SIZES if size == self.page_size), PAGE_SIZES[0])

    @param.depends("page", "columns", watch=True)
    @shielded
    def _fill(self, *_: Any) -> None:
        if self._store.is_searching:
            return  # The answer fills the page.
        if self._ordering.is_ready:
            self.content = as_json(self._shown())
        else:
            self._ordering.prepare(self._fill)

    def _without_rows(self) -> str:
        """Say why the table is empty."""
        store = self._store
        if len(store.snapshot) == 0:
            may_add = store.user.may("add_dams")
            return "No dams yet. Add one, or import a file." if may_add else "No dams yet."
        return "No dams match the search." if store.filter.search else "No dams match the filters."

    def _shown(self) -> Mapping[str, Any]:
        snapshot, rows = self._store.snapshot, self._store.rows
        count = len(snapshot) if rows is None else len(rows)
        size = self._size
        pages = max(1, math.ceil(count / size))
        page = min(max(self.page, 0), pages - 1)
        on_page = self._ordering.part(slice(page * size, (page + 1) * size))
        total = dams(len(snapshot))
        chosen = columns.columns_of(self.columns)
        shown = chosen or columns.usual(snapshot)
        ids, arrived = snapshot.ids(on_page).tolist(), self._store.arrived
        ticked = self._selection.among(ids)
        return {
            "columns": columns.heads(shown, self._ordering.sorting, self._store.units),
            "chosen": columns.as_text(chosen),
            "rows": cells.lines(snapshot, on_page, shown, ticked, self._store.units),
            "arrived": {"at": arrived.revision, "ids": [one for one in ids if one in arrived]},
            "places": cells.places(snapshot, on_page),
            "search": self._store.filter.search,
            "selected": self._store.selected,
            "ticked": f"{len(self._store.chosen):,}" if len(self._store.chosen) else "",
            "refusal": self._selection.refusal,
            "turn": self._selection.turn,
            "isWhole": self._selection.is_whole,
            "reason": self._without_rows(),
            "mayRemove": self._removal.is_possible,
            "question": self._removal.shown,
            "sort": as_text(self._ordering.sorting),
            "first": page * size + 1,
            "last": page * size + len(on_page),
            "count": count,
            "page": page,
            "pages": pages,
            "size": size,
            "summary": total if rows is None else f"{count:,} of {total}",
        }
