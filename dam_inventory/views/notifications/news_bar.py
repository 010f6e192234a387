"""NewsBar: the badge in the header, the toast, and the message about a lost connection."""

from __future__ import annotations

import json
from operator import is_
from typing import Any, ClassVar
from uuid import uuid4

import panel as pn
import param

from ...domain import messages
from ...domain.changes import (
    Change,
    DamEdited,
    DamRestored,
    DamsImported,
    HydrographAssigned,
    HydrographRemoved,
    Removal,
)
from ...domain.mark import Mark
from ...errors import DamInventoryError
from ...session.answers import start
from ...session.news import News
from ...session.store import DamStore
from ...session.watching import Watching
from ..bokeh_bridge.delivery import Way, is_serving, way_to
from ..bokeh_bridge.internals import models_of
from ..bokeh_bridge.push import push
from ..components.assets import asset
from ..components.escape import as_json
from ..components.faults import shielded
from ..lists.queries import values_of
from .toast import WARNINGS, announcement, read, written

_PAGES = {Way.WEBSOCKET, Way.SESSION}
_CLOCK = asset("notifications/clock.js")
_CONNECTION = asset("bokeh_bridge/connection.js") + asset("notifications/connection.js")
_REFOCUS = asset("components/focused.js") + asset("notifications/refocus.js")
_AWAY = asset("notifications/away.js")
_ABOVE_WARNING = asset("notifications/above_warning.js")
_KEPT = asset("lists/kept.js")
_MAX_KEPT = 500_000
"""More than the work lists of a person take, in characters."""


class NewsBar(pn.reactive.ReactiveHTML):
    """A toast below the bar, and then a badge.

    The toast has a line for the session's own change, one for changes missed while the page was
    disconnected, and one for new changes. *Reload* loads the new changes. *Nevermind* and *Close*
    dismiss the toast. The line for the session's own change leaves by itself, and after an edit, a
    removal, an import, or an assigned or removed hydrograph offers to undo it; the other lines
    stay until they are dismissed.
    The toast's text is one property, `content`, of one Bokeh model: it must reach hundreds of
    sessions at once, and any other way sends more data (see `benchmarks/`).
    """

    content = param.String(default="{}", doc="The toast's text and buttons, as JSON.")
    waiting = param.Integer(default=0, doc="Number of changes on the badge.")
    session = param.String(doc="Identifies this run of the page; empty in a notebook.")
    process = param.String(doc="Identifies the server's process, as its /health does.")
    elsewhere = param.String(doc="Where the server has this page, if another site's page shows it.")
    cell = param.String(doc="The key that identifies the kernel to a notebook's page.")
    patience = param.Number(default=0, doc="Seconds that the server keeps a disconnected page.")
    kept = param.String(doc="The drafts, as JSON, of a page that had to be reloaded.")
    said = param.String(
        doc="The person's answer to the line for their own change: `undo` or `leave`, its `seq`, "
        "and a number that differs each time."
    )
    concerned = param.Integer(
        default=-1, doc="How many of `waiting` concern watched lists; -1 if none is watched."
    )
    lists = param.String(doc="The work lists, as JSON, where the browser keeps them.")
    keeps_lists = param.Boolean(doc="Whether the browser keeps the work lists.")
    wakes = param.Integer(default=0, doc="How often the page has woken up; only tests the socket.")

    _template: ClassVar[str] = asset("notifications/toast.html")
    _scripts: ClassVar[dict[str, Any]] = {
        **dict.fromkeys(("content", "waiting", "concerned"), asset("notifications/toast.js")),
        "lists": asset("lists/keep.js"),
        "render": f"{_CLOCK}; self.content(); {_KEPT}; {_REFOCUS}; {_CONNECTION}; {_AWAY}"
        f"; {_ABOVE_WARNING}",
    }
    _stylesheets: ClassVar[list[str]] = [asset("notifications/toast.css")]

    def __init__(self, store: DamStore, **params: Any) -> None:
        self._store = store
        self._watching = Watching(store, values_of)
        session = uuid4().hex if is_serving() else ""
        self._refused: tuple[int, str] = (0, "")
        """The `seq` of a change that could not be undone, and why."""
        self._is_undoing = False
        super().__init__(
            session=session,
            content=self._rendered(),
            keeps_lists=not store.lists.is_in_inventory,
            **params,
        )
        store.param.watch(self._update, ["news", "condition", "fault", "is_closed"])
        self._watching.param.watch(self._update, "answer")
        if self.keeps_lists:
            store.lists.param.watch(self._keep, "lists")
        if session:
            store.tell_first(self._tell_first)

    @shielded
    def _update(self, *_: Any) -> None:
        if self._store.is_closed and self.session:
            return  # The page is closed.
        if not self._watching.is_ready and not self._store.is_closed:
            return  # The answer shows the news.
        news = self._store.news
        if news.own and is_serving():
            # After all other updates of the page: when the toast confirms that a dam was added,
            # the form must be ready for the next one.
            pn.state.curdoc.add_next_tick_callback(lambda: self._push(self._rendered()))
        else:
            self._push(self._rendered())
        if not news.unread:
            concerned = self._watching.concerned
            self.param.update(
                waiting=messages.count(news.dismissed.changes) + news.dismissed.earlier,
                concerned=-1 if concerned is None else concerned,
            )

    def _tell_first(self, news: News) -> None:
        """Show the toast of news before they arrive, which takes longer than to write it.

        `_update` makes the same of them afterwards, and does not send it again.
        """
        if news.own is None and not self._watching.is_needed:
            _send([model.data for model in models_of(self)], self._rendered_once(news))

    def _rendered_once(self, news: News) -> str:
        """Return the content, rendered once for all sessions that show and hear the same."""
        global _last_rendered
        store = self._store
        of = (news, store.snapshot.ground, store.condition, store.fault)
        if all(map(is_, of, _last_rendered[0])):
            return _last_rendered[1]
        content = self._rendered(news)
        _last_rendered = of, content
        return content

    def _rendered(self, news: News | None = None) -> str:
        """Return the content. news: by default those of the store."""
        store, news = self._store, news or self._store.news
        seen = store.snapshot.mark
        if last := (news.unread or news.dismissed).changes[-1:]:
            seen = Mark.of(store.snapshot.ground.epoch, last[0].seq, last[0].at)
        lines = [messages.RESTORED] if news.is_restored else []
        if news.own:
            loaded = news.loaded
            lines.append(messages.confirmation(news.own, loaded.changes, loaded.earlier))
            if self._is_refused:
                lines.append(self._refused[1])
        if news.missed:
            lines.append(messages.missed(news.missed))
            lines += self._watching.sentences_of_missed
        lines += [messages.gone(*one) for one in news.gone]
        if news.unread:
            lines += self._watching.sentences
            lines.append(announcement(news.unread.changes, news.unread.earlier))
            if news.dismissed:
                dismissed = messages.count(news.dismissed.changes) + news.dismissed.earlier
                lines.append(messages.still_waiting(dismissed))
        warning = WARNINGS[store.condition] or store.fault
        if store.is_closed:
            warning = f"{messages.CLOSED} Run its cell again."
        own = 0 if news.own is None or self._is_refused else news.own.seq
        undoes = own > 0 and self._may_undo
        text = "\n".join(lines)
        reloads = bool(news.unread)
        return written(text, reloads, own, undoes, seen, store.snapshot.epoch, warning)

    def _keep(self, event: Any) -> None:
        self.lists = as_json(event.new.as_dict())

    @param.depends("lists", watch=True)
    def _restore(self) -> None:
        try:
            kept = json.loads(self.lists[:_MAX_KEPT] or "{}")
        except (ValueError, RecursionError):
            return
        self._store.lists.restore(kept)

    @property
    def _is_refused(self) -> bool:
        own = self._store.news.own
        return own is not None and own.seq == self._refused[0]

    @property
    def _may_undo(self) -> bool:
        own = self._store.news.own
        match own:
            case DamEdited():
                row = self._store.snapshot.row_of(own.dam_id)
                is_kind = own.undoes is None and row is not None and self._store.may_change(row)
            case HydrographAssigned():
                is_kind = not own.replaced
            case HydrographRemoved():
                is_kind = own.undoes is None
            case _:
                is_kind = isinstance(own, DamsImported | Removal)
        return is_kind and own is not None and self._store.user.may_undo(own)

    @param.depends("said", watch=True)
    def _on_said(self) -> None:
        own = self._store.news.own
        if own is None:
            return
        # By now, the toast may tell of another change.
        if self.said.startswith(f"leave {own.seq} "):
            self._store.forget_own(own.seq)
        elif self.said.startswith(f"undo {own.seq} ") and self._may_undo and not self._is_undoing:
            start(self._undo(own))

    async def _undo(self, own: Change) -> None:
        self._is_undoing = True
        mark = Mark.of(self._store.snapshot.ground.epoch, own.seq, own.at)
        try:
            restored = await self._store.later.undo(mark)
        except DamInventoryError as error:
            self._refused = own.seq, str(error)
            self._update()
        else:
            if isinstance(restored, DamRestored):
                self._store.selected = restored.dam_id
        finally:
            self._is_undoing = False

    @property
    def _pages(self) -> list[Any]:
        """The Bokeh models of this component in pages that are open."""
        models = [model.data for model in models_of(self)]
        return [model for model in models if way_to(model.document) in _PAGES]

    def _push(self, content: str) -> None:
        if pages := self._pages:
            _send(pages, content)
        else:
            self.content = content

    def _reload(self, _event: Any = None) -> None:
        self._store.reload()

    def _dismiss(self, event: Any = None) -> None:
        answered = None if event is None else _answered(event)
        if answered is None or answered == self._rendered():
            self._store.dismiss()
            return
        # The toast tells of more by now, of which the person does not know yet.
        seen, own, epoch = read(answered)
        if seen is None or epoch != self._store.snapshot.epoch:
            return
        self._store.dismiss_to(seen.seq)
        if isinstance(own, int):
            self._store.forget_own(own)


def _send(pages: list[Any], content: str) -> None:
    for model in pages:
        if model.content != content:
            push(model, "content", content)


def _answered(event: Any) -> str | None:
    """Return the content of the toast to which a button belonged when it was pressed."""
    button = event.data.get("target")
    content = button.get("value") if isinstance(button, dict) else None
    return content if isinstance(content, str) else None


_last_rendered: tuple[tuple[object, ...], str] = ((None,) * 4, "")
"""What `_rendered_once` has answered last, and of what."""
