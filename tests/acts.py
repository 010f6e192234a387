"""Random changes of an inventory, by pages and scripts.

For `panel serve --plugins tests.acts`, too: a page of `truth_app.py` acts when it is told to, and
tells which revision its session shows.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from tornado.web import RequestHandler

from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.hydrograph import Hydrograph
from dam_inventory.errors import DamInventoryError
from dam_inventory.session.actions import Actions
from dam_inventory.session.answers import start
from dam_inventory.session.store import DamStore

RIVER = "Provo River"
"""The river of each dam until it is edited."""

ROWS = 100
"""As many as a page of the table has; there are never more dams."""

MOST_IMPORTED = 8

_LATEST = 12
ROOM = 35
"""For what several acts at once may add, restore or import."""

STORES: dict[str, DamStore] = {}
"""Those of the pages in this process, by `NewsBar.session`."""

PRESSED: Counter[str] = Counter()
"""How often *Reload* or *Nevermind* have been handled: Panel does it after it has answered."""


def keep(session: str, store: DamStore) -> None:
    """Let a page be told to act, and note when its person's answers to the toast are handled."""

    def noting(handle: Callable[..., None]) -> Callable[..., None]:
        def noted(*arguments: Any) -> None:
            handle(*arguments)
            PRESSED[session] += 1

        return noted

    STORES[session] = store
    store.reload = noting(store.reload)  # type: ignore[method-assign]
    store.dismiss = noting(store.dismiss)  # type: ignore[method-assign]
    store.dismiss_to = noting(store.dismiss_to)  # type: ignore[method-assign]


def act(store: DamStore, actions: Actions[Any], choose: random.Random) -> Any:
    """Begin a random change of what a store shows, and return what its action returns."""
    ids = [int(dam_id) for dam_id in store.dams.index]
    kinds = ["add"] * 4 + ["edit"] * 4 + ["hydrograph"] * 2 + ["undo"] * 3
    if ids:
        kinds += ["remove"] * 2 + ["remove several"]
    if ids and len(store.newest) > ROWS - ROOM:
        kinds = ["remove several"]
    kind = choose.choice(kinds)
    if kind == "add" or not ids:
        return actions.add(draft(choose))
    dam_id = choose.choice(ids)
    if kind == "edit":
        river = f"River {choose.randrange(10**6)}"
        return actions.edit(dam_id, {"river": river}, store.snapshot.mark)
    if kind == "remove":
        return actions.remove(dam_id)
    if kind == "remove several":
        return actions.remove_all(choose.sample(ids, min(len(ids), choose.randint(2, 9))))
    if kind == "hydrograph":
        flow = Hydrograph([0.0, 1.0], [1.0, 2.0], name=f"Flow {choose.randrange(10**6)}")
        return actions.assign_hydrograph(dam_id, flow, beside=True)
    newest = store.newest.revision
    return actions.undo(choose.randint(max(1, newest - _LATEST), newest))


def draft(choose: random.Random) -> DamDraft:
    """Return a dam with a name that no other has."""
    return DamDraft(name(choose), "Other", RIVER, "1941", 40.5, -111.5)


def name(choose: random.Random) -> str:
    return f"Dam {choose.randrange(10**9)}"


class Act(RequestHandler):
    """The person at a page makes a random change: answers when it is made or refused."""

    async def get(self) -> None:
        store = STORES[self.get_query_argument("session")]
        choose = random.Random(self.get_query_argument("seed"))
        outcome: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        async def answered() -> None:
            try:
                change = await act(store, store.later, choose)
                outcome.set_result(change and change.seq)
            except DamInventoryError as refusal:
                outcome.set_result(str(refusal))
            except Exception as error:
                outcome.set_exception(error)

        store.soon(lambda: start(answered()))
        self.write(json.dumps({"outcome": await outcome}))


class Shown(RequestHandler):
    """Answers with the revision that a page's session shows, after all that waits for it."""

    async def get(self) -> None:
        session = self.get_query_argument("session")
        store = STORES[session]
        while PRESSED[session] < int(self.get_query_argument("pressed")):
            await asyncio.sleep(0.005)
        for _ in range(2):  # What waits may let something else wait.
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            store.soon(lambda turn=turn: turn.set_result(None))  # type: ignore[misc]
            await turn
        self.write(json.dumps({"revision": store.snapshot.revision}))


ROUTES = [("/act", Act, {}), ("/shown", Shown, {})]
