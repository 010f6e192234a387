"""DamTable: a paged table of a store's dams, sorted and searched on the server."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

import panel as pn
import param

from ...domain.fields import SORTABLE
from ...session.store import DamStore
from ...snapshot.order import Rows
from ...snapshot.snapshot import Snapshot
from ..components.assets import asset
from ..components.escape import as_json, label, shown
from ..components.faults import shielded

PAGE_SIZES = (10, 25, 50)


class DamTable(pn.reactive.ReactiveHTML):
    """A page of dams, with a search field and page controls; a click selects a dam.

    This is one component, and only `content` changes: it costs a tenth of a table widget with
    separate controls (see `benchmarks/`), and shows all values as text.
    """

    search = param.String(doc="The search text of the store's filter.")
    sort = param.String(default=SORTABLE[0], doc="The sort column, one of SORTABLE.")
    descending = param.Boolean(doc="Whether the order is reversed.")
    page = param.Integer(default=0, doc="The current page, from 0.")
    page_size = param.Integer(default=PAGE_SIZES[0], doc="Rows per page, one of PAGE_SIZES.")
    plotted = param.Integer(default=0, doc="ID of the dam whose hydrograph is to be shown.")
    clicked = param.Integer(default=0, doc="ID of the dam that was clicked last.")
    content = param.String(default="{}", doc="The content of the page, as JSON.")

    _heads = (
        "".join(
            f'<th scope="col"><button type="button" value="{c}">{label(c)}</button></th>'
            for c in SORTABLE
        )
        + '<th scope="col"><span>Hydrograph</span></th>'
    )
    _sizes = "".join(f"<option>{size}</option>" for size in PAGE_SIZES)
    _template: ClassVar[str] = (
        asset("table/table.html").replace("HEADS", _heads).replace("SIZES", _sizes)
    )
    _scripts: ClassVar[dict[str, Any]] = {
        "render": asset("table/table_render.js"),
        "content": asset("table/table_content.js"),
        "search": "if (view.shadow_el.activeElement !== search) { search.value = data.search }",
    }
    _stylesheets: ClassVar[list[str]] = [asset("table/table.css")]

    def __init__(self, store: DamStore, **params: Any) -> None:
        self._store = store
        super().__init__(**params)
        store.param.watch(self._follow, ["snapshot", "rows", "selected"])
        store.filter.param.watch(lambda event: setattr(self, "search", event.new), "search")
        self._fill()

    @param.depends("search", watch=True)
    def _on_search(self) -> None:
        with param.parameterized.batch_call_watchers(self._store):
            self._store.filter.search = self.search
            self.page = 0

    @param.depends("clicked", watch=True)
    def _on_click(self) -> None:
        if self._store.snapshot.row_of(self.clicked) is not None:
            self._store.selected = self.clicked
        # So that the same dam can be clicked again after its card was closed.
        self.clicked = 0

    def _follow(self, *events: Any) -> None:
        page = self.page
        is_sorted = self._store.snapshot.is_sorted(self._column)
        if is_sorted and any(event.name == "selected" for event in events):
            page = self._page_of(self._store.selected)
        if page != self.page:
            self.page = page
        else:
            self._fill()

    def _page_of(self, dam_id: int | None) -> int:
        """Return the page of a dam; if the dam is not in the table, the current page."""
        snapshot, rows = self._store.snapshot, self._store.rows
        row = snapshot.row_of(dam_id)
        place = None if row is None else snapshot.place(row, self._column, self.descending, rows)
        return int(self.page) if place is None else place // self._size

    @param.depends("sort", "descending", "page_size", watch=True)
    def _on_order(self) -> None:
        self.page = 0
        self._fill()

    @property
    def _size(self) -> int:
        # A browser can send anything: an invalid size is read as the default.
        return next((size for size in PAGE_SIZES if size == self.page_size), PAGE_SIZES[0])

    @property
    def _column(self) -> str:
        return self.sort if self.sort in SORTABLE else SORTABLE[0]

    def _order(self, part: slice) -> Rows:
        snapshot, rows = self._store.snapshot, self._store.rows
        return snapshot.page(self._column, self.descending, rows, part)

    @param.depends("page", watch=True)
    @shielded
    def _fill(self, *_: Any) -> None:
        snapshot, column = self._store.snapshot, self._column
        if self._store.is_searching:
            return  # The answer fills the page.
        if snapshot.is_sorted(column):
            self.content = as_json(self._shown())
        else:
            self._store.compute(partial(snapshot.sort, column), self._fill, "sort")

    def _shown(self) -> Mapping[str, Any]:
        snapshot, rows = self._store.snapshot, self._store.rows
        count = len(snapshot) if rows is None else len(rows)
        size = self._size
        pages = max(1, math.ceil(count / size))
        page = min(max(self.page, 0), pages - 1)
        on_page = self._order(slice(page * size, (page + 1) * size))
        total = f"{len(snapshot):,} dams"
        return {
            "rows": _lines(snapshot, on_page),
            "search": self._store.filter.search,
            "selected": self._store.selected,
            "sort": self._column,
            "descending": self.descending,
            "first": f"{page * size + 1:,}",
            "last": f"{page * size + len(on_page):,}",
            "count": f"{count:,}" if count else 0,
            "page": page,
            "pages": pages,
            "size": size,
            "summary": total if rows is None else f"{count:,} of {total}",
        }


def _lines(snapshot: Snapshot, rows: Rows) -> list[list[Any]]:
    """Return for each row its id, whether it has a hydrograph, and its texts."""
    texts = [
        [shown(column, value) for value in snapshot.column(column, rows)] for column in SORTABLE[1:]
    ]
    has_hydrograph = [one is not None for one in snapshot.column("hydrograph_id", rows)]
    ids = snapshot.ids(rows).tolist()
    return [[*line] for line in zip(ids, has_hydrograph, snapshot.names(rows), *texts, strict=True)]
