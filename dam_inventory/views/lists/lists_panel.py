"""ListsPanel: the work lists above the filters, each with its number of dams."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

import panel as pn
import param

from ...domain.fields import FIELD
from ...domain.work_lists import READY_MADE, WorkList, WorkLists
from ...errors import DamInventoryError
from ...session.answers import start
from ...session.store import DamStore
from ...snapshot.criteria import Criteria
from ...snapshot.filters import criteria_of
from ...snapshot.snapshot import Snapshot
from ..bokeh_bridge.delivery import is_serving
from ..components.asking import Action, Asking
from ..components.assets import asset
from ..components.escape import as_json
from ..components.faults import shielded
from ..filters.wording import IN_VIEW
from .queries import name_of, query_of, values_of

MAX_AT_ONCE = 1_000
"""With at most so many dams, all lists are counted in a few milliseconds and need no worker."""

Asked = tuple[Snapshot, dt.date, tuple[str, ...]]
"""What is counted: the dams, the day on which something is due, and the queries of the lists."""


class ListsPanel(Asking, pn.reactive.ReactiveHTML):
    """A fold with the READY_MADE lists and the person's own; create it when it is first opened.

    A click on a list makes it the filter. The lists are counted while the fold is open.
    """

    content = param.String(default="{}", doc="Lists, counts and choices, as JSON.")

    _template: ClassVar[str] = asset("lists/lists_panel.html")
    _scripts: ClassVar[dict[str, Any]] = {
        "render": asset("components/ask.js")
        + asset("components/copy.js")
        + asset("components/focused.js")
        + asset("lists/lists_rows.js")
        + asset("lists/lists_render.js"),
        "content": asset("lists/lists_content.js"),
    }
    _stylesheets: ClassVar[list[str]] = [asset("lists/lists_panel.css")]

    def __init__(self, store: DamStore, **params: Any) -> None:
        self._store = store
        self._answered = 0
        self._is_open = True
        self._fault = ""
        self._counts: dict[str, int] = {}
        self._counted: Asked | None = None
        super().__init__(**params)
        store.param.watch(self._count, "snapshot")
        store.filter.param.watch(self._count, "today")
        store.filter.watch(self._fill)
        store.lists.param.watch(self._count, "lists")
        self._count()

    def _answer(self) -> None:
        self._fill()

    def _perform(self, action: Action) -> None:
        match action:
            case ["open", bool(is_open)]:
                self._is_open = is_open
                if is_open:
                    self._store.lists.load()
                self._count()
            case ["choose", str(name)]:
                self._choose(name)
            case ["save", str(name)]:
                self._change(lambda lists: lists.save(name, query_of(self._store.filter)))
            case ["watch filter"]:
                self._change(self._watch_filter)
            case ["rename", str(name), str(new)]:
                self._change(lambda lists: lists.rename(name, new))
            case ["remove", str(name)]:
                self._change(lambda lists: lists.remove(name))
            case ["restore", str(name), str(query), bool(is_watched)]:
                self._change(lambda lists: lists.save(name, query).watch(name, is_watched))
            case ["watch", str(name), bool(is_wanted)]:
                self._change(lambda lists: lists.watch(name, is_wanted))
            case ["quiet", bool(is_wanted)]:
                self._change(lambda lists: lists.silence(is_wanted))

    def _choose(self, name: str) -> None:
        chosen = [one for one in self._all if one.name == name]
        dam_filter = self._store.filter
        with param.parameterized.batch_call_watchers(dam_filter):
            for one in chosen:
                dam_filter.clear()
                dam_filter.param.update(values_of(one.query))

    def _watch_filter(self, lists: WorkLists) -> WorkLists:
        name = lists.free(name_of(self._store.filter, self._store.units))
        return lists.save(name, query_of(self._store.filter)).watch(name, True)

    def _change(self, change: Callable[[WorkLists], WorkLists]) -> None:
        start(self._changed(change, self._done))

    async def _changed(self, change: Callable[[WorkLists], WorkLists], number: int) -> None:
        fault = ""
        try:
            await self._store.lists.change(change)
        except DamInventoryError as error:
            fault = str(error)
        self._answered, self._fault = number, fault
        self._fill()

    @property
    def _all(self) -> tuple[WorkList, ...]:
        return (*READY_MADE, *self._store.lists.lists.own)

    @shielded
    def _count(self, *_: Any) -> None:
        store = self._store
        asked = (store.snapshot, store.filter.today, tuple(one.query for one in self._all))
        if self._is_open and asked != self._counted:
            self._counted = asked
            wanted = [self._criteria(one) for one in self._all]
            store.compute(
                partial(_counts, store.snapshot, wanted),
                partial(self._on_counted, asked),
                f"lists of {id(self)}",
                few=MAX_AT_ONCE,
                on_error=self._on_error,
            )
        self._fill()

    def _on_error(self) -> None:
        self._counted = None

    @shielded
    def _on_counted(self, asked: Asked, counts: Sequence[int]) -> None:
        self._counts = dict(zip(asked[2], counts, strict=True))
        self._fill()

    def _criteria(self, one: WorkList) -> Criteria:
        return criteria_of(values_of(one.query), self._store.filter.today)

    @shielded
    def _fill(self, *_: Any) -> None:
        dam_filter, lists = self._store.filter, self._store.lists.lists
        shown = self._all if self._is_open else ()
        now = dam_filter.criteria
        rows = [
            {
                "name": one.name,
                "query": one.query,
                "count": self._counts.get(one.query),
                "lacks": self._lacking(one),
                "is_own": one in lists.own,
                "is_watched": one.name in lists.watched,
                "is_chosen": now.is_active and now == self._criteria(one),
            }
            for one in shown
        ]
        is_new = bool(query_of(dam_filter)) and not any(row["is_chosen"] for row in rows)
        self.content = as_json(
            {
                "done": self._done,
                "answered": self._answered,
                "fault": self._fault,
                "is_open": self._is_open,
                "rows": rows,
                "suggested": name_of(dam_filter, self._store.units) if is_new else "",
                "note": f'A list leaves out "{IN_VIEW}".' if dam_filter.in_view else "",
                "watching": len(lists.watching),
                "is_quiet": lists.is_quiet,
                "has_links": is_serving(),
            }
        )

    def _lacking(self, one: WorkList) -> str:
        """Say which field has no values, so that no dam can be in a list; "" if none lacks them."""
        for field in one.needs:
            if not self._store.snapshot.known(field):
                return f"No dam has a value of {FIELD[field].label}."
        return ""


def _counts(snapshot: Snapshot, wanted: Sequence[Criteria]) -> list[int]:
    return [len(snapshot.matching(one)) for one in wanted]
