"""ReportView: the page with the report of one dam, or of the dams that match a filter."""

from __future__ import annotations

from typing import Any, ClassVar

import panel as pn
import param

from ...domain.messages import dams, gone
from ...errors import DamInventoryError
from ...session.record import Record
from ...session.store import DamStore
from ...snapshot.sorting import BY_NAME, sorting_of
from ..components.assets import asset
from ..components.escape import as_json
from ..components.faults import shielded
from ..filters.wording import in_words
from ..table.ordering import Ordering
from .curve import curve, in_one_line
from .dam import dam_report
from .dams import MAX_ROWS, dams_report
from .location import location_map
from .pages import Imprint, dam_page, dams_page, sentence_page

_HEAD = asset("report/page.html").replace("STYLE", asset("report/paper.css"))
"""Extends Panel's page by what a page without its templates lacks."""


class ReportView(pn.reactive.ReactiveHTML):
    """A page without a map, to read on a phone and to print. It does not follow later changes.

    store: its filter says which dams a report of the list contains.
    subject: the ID of a dam, or LIST. title: the name of the inventory.
    sort: the order of the list, as `sorting_of` reads it.
    """

    content = param.String(default="{}", doc="The report, as JSON: see `report_content.js`.")
    units = param.String(doc="The name of the system of units.")
    notice = param.String(doc="What is to be said above the report, on screen only.")

    _template: ClassVar[str] = asset("report/report.html")
    _scripts: ClassVar[dict[str, Any]] = {
        "render": asset("report/report.js"),
        "content": asset("report/report_content.js"),
        "notice": "stale.textContent = data.notice",
    }
    _stylesheets: ClassVar[list[str]] = [
        asset("components/hazard.css"),
        asset("report/report.css"),
    ]

    def __init__(
        self, store: DamStore, subject: int | str, title: str, sort: str = BY_NAME, **params: Any
    ) -> None:
        self._store = store
        self._snapshot = store.snapshot
        self._imprint = Imprint(title, store.filter.today, store.snapshot.revision)
        self._ordering = Ordering(store)
        self._ordering.sorting = sorting_of(sort)
        super().__init__(units=store.units.name, margin=0, sizing_mode="stretch_width", **params)
        store.param.watch(self._on_news, "news")
        store.param.watch(self._on_fault, "fault")
        if isinstance(subject, str):
            store.param.watch(self._show_list, "rows")
            self._head("Dams")
            self._show_list()
        else:
            self._show_dam(subject)

    def _head(self, heading: str) -> None:
        """Prepare the document around the report: its title, and what paper it suits."""
        if (doc := pn.state.curdoc) is not None:
            doc.title = f"{heading} - {self._imprint.title}"
            doc.template = _HEAD

    def _put(self, html: str, *, is_ready: bool = True) -> None:
        self.content = as_json({"html": html, "isReady": is_ready})

    @shielded
    def _show_dam(self, dam_id: int) -> None:
        row = self._snapshot.row_of(dam_id)
        if row is None:
            self._head("No report")
            self._put(sentence_page("No report", gone(dam_id, None), self._imprint))
            self._store.tell_gone((dam_id,))
            return
        name, values = self._snapshot.name(row), self._snapshot.values(row)
        self._head(name)
        units, today = self._store.units, self._imprint.today
        location = ""
        if "latitude" in values and "longitude" in values:
            place = (values["longitude"], values["latitude"])
            location = location_map(*place, values.get("state", ""))

        def show(record: Record | None, *, is_ready: bool = True) -> None:
            flow = None if record is None else record.hydrograph
            drawn = ("", "") if flow is None else (curve(flow, units), in_one_line(flow, units))
            report = dam_report(name, values, today, units, record)
            html = dam_page(report, self._imprint, location, *drawn)
            self._put(html, is_ready=is_ready)

        def on_read(outcome: Record | DamInventoryError) -> None:
            if isinstance(outcome, DamInventoryError):
                self.notice = f"Sources, history and hydrograph can't be read. {outcome}"
                show(None)
            else:
                show(outcome)

        show(None, is_ready=False)
        self._store.record(dam_id, row, on_read)

    @shielded
    def _show_list(self, *_: Any) -> None:
        store = self._store
        if store.snapshot is not self._snapshot:
            return
        if store.is_searching:
            self._put(sentence_page("Dams", "Searching …", self._imprint), is_ready=False)
        elif not self._ordering.is_ready:
            self._ordering.prepare(self._show_list)
        else:
            snapshot, imprint = store.snapshot, self._imprint
            rows = self._ordering.part(slice(0, MAX_ROWS))
            total = dams(len(snapshot))
            count = len(snapshot) if store.rows is None else len(store.rows)
            summary = total if store.rows is None else f"{count:,} of {total}"
            said = in_words(store.filter, store.units)

            def page() -> str:
                report = dams_report(snapshot, rows, count, imprint.today)
                return dams_page(report, said, summary, imprint)

            store.compute(page, self._put, "report")

    def _on_news(self, event: Any) -> None:
        for dam_id, removal in event.new.gone:
            self._put(sentence_page("No report", gone(dam_id, removal), self._imprint))
        if event.new.waiting or event.new.is_restored:
            self.notice = "The inventory has changed. Reload this page for a new report."

    def _on_fault(self, event: Any) -> None:
        self.notice = event.new
