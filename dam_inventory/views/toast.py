"""NewsBar: the badge in the header, the toast, and what a page says that lost its server."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar
from uuid import uuid4

import panel as pn
import param

from .. import sentences
from ..changes import Fact
from ..store import DamStore
from .assets import asset
from .push import push
from .text import as_json


class NewsBar(pn.reactive.ReactiveHTML):
    """A toast at the bottom right that stays until it is answered, and the badge left after it.

    What a toast says is one property, `content`, of one Bokeh model: news must reach hundreds
    of sessions within a blink, and every other way sends more (see `benchmarks/`).
    """

    content = param.String(default="{}", doc="The toast's sentence and buttons, as JSON.")
    waiting = param.Integer(default=0, doc="How many changes the badge counts.")
    session = param.String(doc="Tells this run of the page from another; empty in a notebook.")
    process = param.String(doc="Tells the server's process from another, as its /health does.")
    patience = param.Number(default=0, doc="Seconds that the server keeps a page that was lost.")
    kept = param.String(doc="The drafts, as JSON, of a page that had to be loaded anew.")
    wakes = param.Integer(default=0, doc="How often the page has been woken; nobody reads it.")

    _template: ClassVar[str] = asset("toast.html")
    _scripts: ClassVar[dict[str, Any]] = {
        **dict.fromkeys(("content", "waiting"), asset("toast.js")),
        "render": f"self.content(); {asset('connection.js')}",
    }
    _stylesheets: ClassVar[list[str]] = [asset("toast.css")]

    def __init__(self, store: DamStore, **params: Any) -> None:
        self._store = store
        session = uuid4().hex if pn.state.curdoc else ""
        super().__init__(session=session, content=self._told(), **params)
        store.param.watch(self._tell, ["news", "dismissed", "own", "missed", "is_stale"])

    def _tell(self, *_: Any) -> None:
        self._push(self._told())
        if not self._store.unread:
            self.waiting = sentences.count(self._store.news)

    def _told(self) -> str:
        store = self._store
        seen = store.news[-1].seq if store.news else store.snapshot.revision
        if store.own:
            sentence = sentences.confirmation(store.own[0], store.own[1:])
        elif store.unread:
            sentence = _announcement(_Changes(store.unread))
        else:
            sentence = sentences.missed(store.missed) if store.missed else ""
        reloads = bool(store.unread) and not store.own
        return _content(sentence, reloads, seen, store.is_stale)

    def _push(self, content: str) -> None:
        models = [model for model, _ in self._models.values()]
        if pn.state.curdoc is None or not models:
            self.content = content
        for model in models:
            push(model.data, "content", content)

    def _reload(self, _event: Any = None) -> None:
        self._store.reload()

    def _dismiss(self, _event: Any = None) -> None:
        self._store.dismiss()


class _Changes(tuple[Fact, ...]):
    """Changes that hundreds of sessions are told at once: quick to find in a cache.

    Sessions hold the same facts, which are equal at a glance; to hash all of them takes longer
    than to put them into a sentence.
    """

    def __hash__(self) -> int:
        return hash((len(self), self[-1].seq))


@lru_cache(maxsize=8)
def _announcement(changes: _Changes) -> str:
    return sentences.announcement(changes)


@lru_cache(maxsize=8)
def _content(sentence: str, reloads: bool, seen: int, is_stale: bool) -> str:
    return as_json({"sentence": sentence, "reloads": reloads, "seen": seen, "stale": is_stale})
