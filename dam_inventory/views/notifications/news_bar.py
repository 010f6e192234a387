"""NewsBar: the badge in the header, the toast, and the message about a lost connection."""

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
from ..bokeh_bridge.internals import models_of
from ..bokeh_bridge.push import push
from ..components.assets import asset
from ..components.escape import as_json
from ..components.faults import shielded

_PAGES = {Way.WEBSOCKET, Way.SESSION}
_WARNINGS = {
    Condition.CURRENT: "",
    Condition.UNAVAILABLE: messages.STALE,
    Condition.MISSING: messages.MISSING,
    Condition.OUTDATED: "A newer version of the dashboard has upgraded the database. What you see "
    "may be incomplete. Reload the page in a few minutes.",
    Condition.FAILED: "Changes can't be read because of an unexpected error. It has been "
    "logged. What you see may be out of date.",
}


_CONNECTION = asset("bokeh_bridge/connection.js") + asset("notifications/connection.js")


class NewsBar(pn.reactive.ReactiveHTML):
    """A toast at the bottom right that stays until it is dismissed, and then a badge.

    The toast has a line for the session's own change, one for changes missed while the page was
    disconnected, and one for new changes. *Reload* loads the new changes. *Nevermind* and *Close*
    dismiss the toast.
    The toast's text is one property, `content`, of one Bokeh model: it must reach hundreds of
    sessions at once, and any other way sends more data (see `benchmarks/`).
    """

    content = param.String(default="{}", doc="The toast's text and buttons, as JSON.")
    waiting = param.Integer(default=0, doc="Number of changes on the badge.")
    session = param.String(doc="Identifies this run of the page; empty in a notebook.")
    process = param.String(doc="Identifies the server's process, as its /health does.")
    cell = param.String(doc="The key that identifies the kernel to a notebook's page.")
    patience = param.Number(default=0, doc="Seconds that the server keeps a disconnected page.")
    kept = param.String(doc="The drafts, as JSON, of a page that had to be reloaded.")
    wakes = param.Integer(default=0, doc="How often the page has woken up; only tests the socket.")

    _template: ClassVar[str] = asset("notifications/toast.html")
    _scripts: ClassVar[dict[str, Any]] = {
        **dict.fromkeys(("content", "waiting"), asset("notifications/toast.js")),
        "render": f"self.content(); {_CONNECTION}",
    }
    _stylesheets: ClassVar[list[str]] = [asset("notifications/toast.css")]

    def __init__(self, store: DamStore, **params: Any) -> None:
        self._store = store
        session = uuid4().hex if is_serving() else ""
        super().__init__(session=session, content=self._rendered(), **params)
        store.param.watch(self._update, ["news", "condition", "fault", "is_closed"])

    @shielded
    def _update(self, *_: Any) -> None:
        if self._store.is_closed and self.session:
            return  # The page is closed.
        news = self._store.news
        if news.own and is_serving():
            # After all other updates of the page: when the toast confirms that a dam was added,
            # the form must be ready for the next one.
            pn.state.curdoc.add_next_tick_callback(lambda: self._push(self._rendered()))
        else:
            self._push(self._rendered())
        if not news.unread:
            self.waiting = messages.count(news.dismissed.changes) + news.dismissed.earlier

    def _rendered(self) -> str:
        store, news = self._store, self._store.news
        seen = store.snapshot.mark
        if last := (news.unread or news.dismissed).changes[-1:]:
            seen = Mark.of(store.snapshot.ground.epoch, last[0].seq, last[0].at)
        lines = [messages.RESTORED] if news.is_restored else []
        if news.own:
            loaded = news.loaded
            lines.append(messages.confirmation(news.own, loaded.changes, loaded.earlier))
        if news.missed:
            lines.append(messages.missed(news.missed))
        lines += [messages.gone(*one) for one in news.gone]
        if news.unread:
            lines.append(_announcement(_Changes(news.unread.changes), news.unread.earlier))
        warning = _WARNINGS[store.condition] or store.fault
        if store.is_closed:
            warning = f"{messages.CLOSED} Run its cell again."
        return _content("\n".join(lines), bool(news.unread), seen, store.snapshot.epoch, warning)

    def _push(self, content: str) -> None:
        models = [model.data for model in models_of(self)]
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
    """A key of changes for a cache that hundreds of sessions use at once.

    Its hash is cheap: hashing every change would take longer than writing the sentence. Sessions
    share the same objects, so comparing them is fast.
    """

    def __hash__(self) -> int:
        return hash((len(self), self[-1].seq))


@lru_cache(maxsize=8)
def _announcement(changes: _Changes, earlier: int) -> str:
    return messages.announcement(changes, earlier)


@lru_cache(maxsize=8)
def _content(text: str, reloads: bool, seen: Mark, epoch: str, warning: str) -> str:
    return as_json(
        {"text": text, "reloads": reloads, "seen": str(seen), "epoch": epoch, "warning": warning}
    )
