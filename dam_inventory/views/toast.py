"""NewsBar: the badge in the header and the toast, both of them views of a store's news."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar

import panel as pn
import param

from .. import sentences
from ..store import DamStore
from .assets import asset
from .push import push
from .text import as_json


class NewsBar(pn.reactive.ReactiveHTML):
    """A toast at the bottom right that stays until it is answered, and the badge left after it.

    What a toast says is one property, `content`, of one Bokeh model: news must reach hundreds
    of sessions within a blink, and every other way sends more (see `benchmarks/`).
    """

    content = param.String(default='{"sentence": "", "reloads": true}')
    waiting = param.Integer(default=0)

    _template: ClassVar[str] = asset("toast.html")
    _scripts: ClassVar[dict[str, Any]] = dict.fromkeys(
        ("render", "content", "waiting"), asset("toast.js")
    )
    _stylesheets: ClassVar[list[str]] = [asset("toast.css")]

    def __init__(self, store: DamStore, **params: Any) -> None:
        self._store = store
        super().__init__(**params)
        store.param.watch(self._tell, ["news", "dismissed", "own"])

    def _tell(self, *_: Any) -> None:
        own, unread = self._store.own, self._store.unread
        if own:
            self._push(_content(sentences.confirmation(own[0], own[1:]), False))
        elif unread:
            self._push(_content(sentences.announcement(unread), True))
        else:
            self._push(_content("", True))
            self.waiting = sentences.count(self._store.news)

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


@lru_cache(maxsize=8)
def _content(sentence: str, reloads: bool) -> str:
    return as_json({"sentence": sentence, "reloads": reloads})
