"""For `panel serve --plugins tests.narrow`: a server whose waiting room can be kept full."""

from __future__ import annotations

import asyncio

from tornado.web import RequestHandler

from dam_inventory.server.limits.admission import ROOM
from dam_inventory.server.limits.waiting_room import Place

_is_over = asyncio.Event()
_holding: set[asyncio.Task[None]] = set()


async def _hold() -> None:
    async with ROOM.turn("somebody", Place()):
        await _is_over.wait()


class HoldHandler(RequestHandler):
    """From now on nobody may wait, and nobody has a turn."""

    def get(self) -> None:
        ROOM.places = 0
        _holding.add(asyncio.create_task(_hold()))


class ReleaseHandler(RequestHandler):
    """The turn that was held is over."""

    def get(self) -> None:
        _is_over.set()


ROUTES = [("/hold", HoldHandler, {}), ("/release", ReleaseHandler, {})]
