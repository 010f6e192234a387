"""Watching: whether a session's news concern the lists that its person watches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import param

from ..domain import concern, messages
from ..domain.concern import Concern
from ..snapshot.filters import criteria_of
from ..snapshot.snapshot import Snapshot
from .concerns import NO_CONCERNS, Concerns, Ids, Watch, changed_dams, concerns, matches
from .news import News, Recent

if TYPE_CHECKING:
    from .store import DamStore

FEW = 50
"""So many changed dams are compared at once; for more, a worker does it."""

Parse = Callable[[str], Mapping[str, Any]]
"""Returns the parameters of a DamFilter for the query of a list."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What some news concern.

    concerns: those of the unread changes, or of the dismissed ones if nothing is unread. missed:
    those of the changes that were made while the page was away.
    """

    news: News
    concerns: Concerns = NO_CONCERNS
    missed: tuple[Concern, ...] = ()


class Watching(param.Parameterized):
    """Compares the news of a store with the lists that are watched.

    It costs nothing while none is watched. While some are, a view shows news only once they are
    answered, so that a toast leads with what concerns them, or does not appear at all.
    """

    answer: Answer | None = param.ClassSelector(
        class_=Answer, default=None, doc="What the latest news concern; None if nothing is watched."
    )

    def __init__(self, store: DamStore, parse: Parse) -> None:
        self._store = store
        self._parse = parse
        self._watcher: Any = None
        super().__init__()
        store.lists.param.watch(self._follow, "lists")
        self._follow()

    @property
    def is_needed(self) -> bool:
        """Whether any list is watched."""
        return self._watcher is not None

    @property
    def is_ready(self) -> bool:
        """Whether the news of the store may be shown."""
        if not self.is_needed:
            return True
        return self.answer is not None and self.answer.news is self._store.news

    @property
    def concerned(self) -> int | None:
        """How many dams of the news concern what is watched; None if nothing is."""
        return None if self._watcher is None or not self.answer else self.answer.concerns.dams

    @property
    def sentences(self) -> list[str]:
        """What the unread news mean for the lists that they concern."""
        if self.concerned is None or self.answer is None:
            return []
        unread = self.answer.news.unread
        added = messages.count([one for one in unread.changes if messages.adds(one)])
        total = messages.count(unread.changes) + unread.earlier
        return concern.sentences(self.answer.concerns.lists, total, added)

    @property
    def sentences_of_missed(self) -> list[str]:
        """How many of the dams that changed while the page was away match the lists."""
        return [] if self.answer is None else concern.sentences_of_missed(self.answer.missed)

    def _follow(self, *_: Any) -> None:
        is_wanted = bool(self._store.lists.lists.watching)
        if is_wanted and self._watcher is None:
            self._watcher = self._store.param.watch(self._look, "news")
        elif not is_wanted and self._watcher is not None:
            self._store.param.unwatch(self._watcher)
            self._watcher = self.answer = None
        if is_wanted:
            self._look()

    def _look(self, *_: Any) -> None:
        store, news = self._store, self._store.news
        ids, missed = changed_dams(_told(news).changes), changed_dams(news.missed)
        if not len(ids) and not len(missed):
            self.answer = Answer(news)
            return
        watches = [
            Watch(one.name, criteria_of(self._parse(one.query), store.filter.today))
            for one in store.lists.lists.watching
        ]
        is_few = len(ids) + len(missed) <= FEW
        store.compute(
            partial(_answer, news, ids, missed, watches, store.snapshot, store.newest),
            self._on_found,
            "watched",
            is_quick=is_few,
            few=None if is_few else 0,
            on_error=partial(self._on_found, Answer(news)),
        )

    def _on_found(self, answer: Answer) -> None:
        if self._watcher is None or answer.news is not self._store.news:
            return  # Nothing is watched any more, or another answer will come.
        is_quiet = self._store.lists.lists.is_quiet
        if answer.news.unread and not answer.concerns.dams and is_quiet:
            self._store.count_unread()
        else:
            self.answer = answer


def _answer(
    news: News,
    ids: Ids,
    missed: Ids,
    watches: Sequence[Watch],
    shown: Snapshot,
    newest: Snapshot,
) -> Answer:
    found = concerns(ids, watches, shown, newest) if len(ids) else NO_CONCERNS
    return Answer(news, found, matches(missed, watches, shown) if len(missed) else ())


def _told(news: News) -> Recent:
    return news.unread or news.dismissed
