"""NewsBar: the badge in the header, the toast, and what a page says that lost its server."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar
from uuid import uuid4

import panel as pn
import param

from ...domain import messages
from ...domain.changes import Change
from ...domain.mark import Mark
from ...live.change_feed import Condition
from ...session.store import DamStore
from ..bokeh_bridge.delivery import Way, is_serving, way_to
from ..bokeh_bridge.push import push
from ..components.assets import asset
from ..components.escape import as_json
from ..components.faults import shielded

_PAGES = {Way.WEBSOCKET, Way.SESSION}
_WARNINGS = {
    Condition.CURRENT: "",
    Condition.UNAVAILABLE: messages.STALE,
    Condition.MISSING: messages.MISSING,
    Condition.OUTDATED: "This page is older than its server's database, which a newer version has "
    "changed. What you see may be incomplete. Load the page again in a few minutes.",
    Condition.FAILED: "Changes can't be read because of an unexpected error. It has been "
    "logged. What you see may be old.",
}


_CONNECTION = asset("bokeh_bridge/connection.js") + asset("notifications/connection.js")


class NewsBar(pn.reactive.ReactiveHTML):
    """A toast at the bottom right that stays until it is answered, and the badge left after it.

    It has a line for the session's own change, one for what was missed while the page was away,
    and one for news. *Reload* answers the news, *Nevermind* and *Close* all that is there.
    What a toast says is one property, `content`, of one Bokeh model: news must reach hundreds
    of sessions within a blink, and every other way sends more (see `benchmarks/`).
    """

    content = param.String(default="{}", doc="The toast's sentence and buttons, as JSON.")
    waiting = param.Integer(default=0, doc="How many changes the badge counts.")
    session = param.String(doc="Tells this run of the page from another; empty in a notebook.")
    process = param.String(doc="Tells the server's process from another, as its /health does.")
    cell = param.String(doc="The key by which a notebook's page knows the kernel.")
    patience = param.Number(default=0, doc="Seconds that the server keeps a page that was lost.")
    kept = param.String(doc="The drafts, as JSON, of a page that had to be loaded anew.")
    wakes = param.Integer(default=0, doc="How often the page has been woken; nobody reads it.")

    _template: ClassVar[str] = asset("notifications/toast.html")
    _scripts: ClassVar[dict[str, Any]] = {
        **dict.fromkeys(("content", "waiting"), asset("notifications/toast.js")),
        "render": f"self.content(); {_CONNECTION}",
    }
    _stylesheets: ClassVar[list[str]] = [asset("notifications/toast.css")]

    def __init__(self, store: DamStore, **params: Any) -> None:
        self._store = store
        session = uuid4().hex if is_serving() else ""
        super().__init__(session=session, content=self._told(), **params)
        told = ["news", "dismissed", "own", "missed", "condition", "fault", "is_restored"]
        store.param.watch(self._tell, [*told, "is_closed"])

    @shielded
    def _tell(self, *_: Any) -> None:
        if self._store.is_closed and self.session:
            return  # The page is gone.
        if self._store.own and is_serving():
            # After all that this change of the session's own does to its page: whoever reads that
            # a dam was added must find the form for the next one.
            pn.state.curdoc.add_next_tick_callback(lambda: self._push(self._told()))
        else:
            self._push(self._told())
        if not self._store.unread:
            self.waiting = messages.count(self._store.news)

    def _told(self) -> str:
        store = self._store
        seen = store.snapshot.mark
        if store.news:
            seen = Mark.of(store.snapshot.ground.epoch, store.news[-1].seq, store.news[-1].at)
        lines = [messages.RESTORED] if store.is_restored else []
        if store.own:
            lines.append(messages.confirmation(store.own[0], store.own[1:]))
        if store.missed:
            lines.append(messages.missed(store.missed))
        unread = store.unread
        if unread:
            lines.append(_announcement(_Changes(unread)))
        warning = _WARNINGS[store.condition] or store.fault
        if store.is_closed:
            warning = f"{messages.CLOSED} Run its cell again."
        return _content("\n".join(lines), bool(unread), seen, store.snapshot.epoch, warning)

    def _push(self, content: str) -> None:
        models = [model.data for model, _ in self._models.values()]
        pages = [model for model in models if way_to(model.document) in _PAGES]
        for model in pages:
            push(model, "content", content)
        if not pages:
            self.content = content

    def _reload(self, _event: Any = None) -> None:
        self._store.reload()

    def _dismiss(self, _event: Any = None) -> None:
        self._store.dismiss()


class _Changes(tuple[Change, ...]):
    """Changes that hundreds of sessions are told at once: quick to find in a cache.

    Sessions hold the same facts, which are equal at a glance; to hash all of them takes longer
    than to put them into a sentence.
    """

    def __hash__(self) -> int:
        return hash((len(self), self[-1].seq))


@lru_cache(maxsize=8)
def _announcement(changes: _Changes) -> str:
    return messages.announcement(changes)


@lru_cache(maxsize=8)
def _content(text: str, reloads: bool, seen: Mark, epoch: str, warning: str) -> str:
    return as_json(
        {"text": text, "reloads": reloads, "seen": str(seen), "epoch": epoch, "warning": warning}
    )
