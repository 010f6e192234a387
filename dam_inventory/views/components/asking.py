"""Asking: the base of components whose page asks for one action after another."""

from __future__ import annotations

import json
from typing import Any

import param

from ...session.store import DamStore
from .faults import shielded

MAX_LENGTH = 50_000
MAX_ACTIONS = 200
_MOST = 2**31

Action = list[Any]
"""A verb and its arguments, of any kind: a browser can send anything."""


class Asking(param.Parameterized):
    """Performs what a page asks for with `ask.js`; derive it before ReactiveHTML.

    Subclasses have the session's `_store`, and `_perform` and `_answer`.
    """

    asked = param.String(default="[]", doc="What the person asked for; see `read`.")

    _store: DamStore
    _done = 0
    """The number of the last action that was performed; the answer tells it to the page."""

    @param.depends("asked", watch=True)
    @shielded
    def _on_asked(self) -> None:
        todo, self._done = read(self.asked, self._done)
        with param.parameterized.batch_call_watchers(self._store.filter):
            for action in todo:
                self._perform(action)
        self._answer()

    def _perform(self, action: Action) -> None:
        """Do what the page asks; ignore what makes no sense."""
        raise NotImplementedError

    def _answer(self) -> None:
        """Show the page what has come of it."""
        raise NotImplementedError


def read(text: str, done: int) -> tuple[list[Action], int]:
    """Return the actions that are not done yet, and the number of the last one.

    text: a JSON list of actions, each a number followed by a verb and its arguments. A page sends
    all actions of which it does not know that they are done, because Panel keeps only the last
    value of a property that changes twice in a moment.
    """
    try:
        sent = json.loads(text[:MAX_LENGTH])
    except (ValueError, RecursionError):
        return [], done
    actions = []
    for one in sent[:MAX_ACTIONS] if isinstance(sent, list) else []:
        is_action = isinstance(one, list) and len(one) > 1 and type(one[0]) is int
        if is_action and done < one[0] < _MOST:
            done = one[0]
            actions.append(one[1:])
    return actions, done
