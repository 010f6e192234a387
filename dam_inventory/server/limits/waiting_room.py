"""A waiting room: visitors get turns in rotation, and only a limited number may wait."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class RoomIsFull(Exception):
    """No place is left to wait in."""


class WentAway(Exception):
    """The visitor has left and no longer needs the turn."""


class Place:
    """A place in the room, which can be given up at any time."""

    def __init__(self) -> None:
        self.is_given_up = False
        self._turn: asyncio.Future[None] | None = None

    def give_up(self) -> None:
        """Leave the room; the turn goes to another visitor."""
        self.is_given_up = True
        self.end(WentAway())

    def end(self, reason: Exception) -> None:
        """Stop waiting; `wait` raises the reason."""
        if self._turn is not None and not self._turn.done():
            self._turn.set_exception(reason)

    def call(self) -> bool:
        """Give this place the turn; return whether its visitor still waits."""
        if self._turn is None or self._turn.done():
            return False
        self._turn.set_result(None)
        return True

    @property
    def was_called(self) -> bool:
        """Whether this place has the turn."""
        turn = self._turn
        return turn is not None and turn.done() and not (turn.cancelled() or turn.exception())

    async def wait(self) -> None:
        """Wait for the turn; raise the reason if this place will not get it."""
        self._turn = asyncio.get_running_loop().create_future()
        await self._turn


class WaitingRoom:
    """Gives turns to visitors, in rotation.

    places: how many may wait. If all are taken, a visitor who holds fewer places than another
    takes the last place of that other visitor.
    """

    def __init__(self, places: int) -> None:
        self.places = places
        self._is_taken = False
        self._waiting: dict[str, deque[Place]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    @asynccontextmanager
    async def turn(self, visitor: str, place: Place) -> AsyncIterator[None]:
        """Wait for a turn, and hold it until the block ends.

        Raises RoomIsFull, or WentAway if the place was given up before the turn came.
        """
        if self._is_taken and len(self) >= self.places:
            await _let_others_run()
        if self._is_taken:
            await self._wait(visitor, place)
        self._is_taken = True
        try:
            await _let_others_run()
            if place.is_given_up:
                raise WentAway
            yield
        finally:
            self._next()

    async def _wait(self, visitor: str, place: Place) -> None:
        if len(self) >= self.places:
            self._make_room_for(visitor)
        self._waiting.setdefault(visitor, deque()).append(place)
        try:
            await place.wait()
        except BaseException:
            if place.was_called:
                self._next()  # This place can no longer take its turn.
            else:
                self._forget(visitor, place)
            raise

    def _make_room_for(self, visitor: str) -> None:
        if not self._waiting:
            raise RoomIsFull
        greediest = max(self._waiting, key=lambda one: len(self._waiting[one]))
        fewest = len(self._waiting.get(visitor, ()))
        if len(self._waiting[greediest]) <= fewest + 1:
            raise RoomIsFull
        place = self._waiting[greediest][-1]
        self._forget(greediest, place)
        place.end(RoomIsFull())

    def _forget(self, visitor: str, place: Place) -> None:
        places = self._waiting.get(visitor)
        if places and place in places:
            places.remove(place)
            if not places:
                del self._waiting[visitor]

    def _next(self) -> None:
        """Pass the turn on; it stays taken in between, so that no newcomer jumps the queue."""
        while self._waiting:
            visitor = next(iter(self._waiting))
            places = self._waiting.pop(visitor)
            place = places.popleft()
            if places:
                self._waiting[visitor] = places  # now last in the rotation
            if place.call():
                return
        self._is_taken = False


async def _let_others_run() -> None:
    """Let other tasks run, so that disconnected visitors give up their places."""
    for _ in range(3):
        await asyncio.sleep(0)
