"""Removal: asks whether the ticked dams are to be removed, and removes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ...domain.changes import MAX_TOGETHER
from ...domain.messages import several
from ...errors import DamInventoryError
from ...session.answers import start
from ...session.store import NONE_CHOSEN, DamStore, Ids

_MAX_NAMED = 8


class Removal:
    """The question about the ticked dams of a store, and its answer.

    on_change: called when `shown` has changed.
    """

    def __init__(self, store: DamStore, on_change: Callable[[], None]) -> None:
        self._store = store
        self._on_change = on_change
        self._asked = NONE_CHOSEN
        self._refused = ""
        self._is_busy = False

    @property
    def is_possible(self) -> bool:
        """Whether the user may remove all ticked dams, and they are few enough."""
        store = self._store
        if not 0 < len(store.chosen) <= MAX_TOGETHER:
            return False
        by = store.snapshot.column("added_by", store.snapshot.rows_with(store.chosen))
        return all(map(store.user.may_change, {*by}))

    def answer(self, text: str) -> None:
        """Take what a browser sends: "ask ...", "remove ..." or "keep ..."; ignore the rest."""
        if self._is_busy:
            return
        what = text.partition(" ")[0]
        if what == "ask" and self.is_possible:
            self._asked, self._refused = self._store.chosen, ""
        elif what == "keep":
            self._forget()
        elif what == "remove" and self._is_open:
            start(self._remove(self._asked))
            return
        self._on_change()

    @property
    def shown(self) -> Mapping[str, Any] | None:
        """The question or the error, for the browser; None for neither."""
        if self._refused or self._is_busy:
            question = self._refused
        elif self._is_open:
            count, snapshot = len(self._asked), self._store.snapshot
            names = several(snapshot.names(snapshot.rows_with(self._asked)), _MAX_NAMED)
            dams = f"{count:,} dams and their hydrographs" if count > 1 else "1 dam"
            question = f"Remove {dams}? {names}"
        else:
            return None
        return {"text": question, "isBusy": self._is_busy, "isRefused": bool(self._refused)}

    @property
    def _is_open(self) -> bool:
        """Whether the question is about what is still ticked."""
        asked = self._asked
        is_asked = len(asked) > 0 and not self._refused
        return is_asked and np.array_equal(asked, self._store.chosen)

    async def _remove(self, asked: Ids) -> None:
        self._is_busy = True
        self._on_change()
        try:
            await self._store.later.remove_all(asked.tolist())
            self._forget()
        except DamInventoryError as error:
            self._refused = str(error)
        finally:
            self._is_busy = False
            self._on_change()

    def _forget(self) -> None:
        self._asked, self._refused = NONE_CHOSEN, ""
