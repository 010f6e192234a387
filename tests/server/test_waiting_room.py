"""The waiting room: turns in rotation, and no visitor is left out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import pytest

from dam_inventory.server.limits.waiting_room import Place, RoomIsFull, WaitingRoom, WentAway


class Visit:
    """A visitor who enters a room, and records its turn."""

    def __init__(self, room: WaitingRoom, name: str, served: list[str]) -> None:
        self.place = Place()
        self._served = served
        self.task = asyncio.create_task(self._come(room, name))

    async def _come(self, room: WaitingRoom, name: str) -> None:
        async with room.turn(name[0], self.place):
            self._served.append(name)


async def settled(*visits: Visit) -> list[BaseException | None]:
    """Return how each visit ended."""
    return await asyncio.gather(*(one.task for one in visits), return_exceptions=True)


async def come(
    room: WaitingRoom, names: list[str], go_away: tuple[str, ...] = ()
) -> tuple[list[str], dict[str, BaseException | None]]:
    """Let visitors come while the room is taken; return who was served, and why others were not."""
    served: list[str] = []
    async with room.turn("first", Place()):
        visits = {}
        for name in names:
            visits[name] = Visit(room, name, served)
            await asyncio.sleep(0.001)
        for name in go_away:
            visits[name].place.give_up()
    ends = await settled(*visits.values())
    return served, {name: end for name, end in zip(names, ends, strict=True) if end}


def run(story: Awaitable[object]) -> object:
    async def told() -> object:
        return await asyncio.wait_for(story, 30)

    return asyncio.run(told())


def test_visitors_take_turns_in_rotation():
    served, _ = run(come(WaitingRoom(50), ["a1", "a2", "a3", "b1", "c1", "b2"]))

    assert served == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_visitors_who_have_left_are_skipped():
    served, others = run(come(WaitingRoom(50), ["a1", "a2", "a3"], go_away=("a1", "a3")))

    assert served == ["a2"]
    assert {name: type(end) for name, end in others.items()} == {"a1": WentAway, "a3": WentAway}


def test_only_a_limited_number_may_wait():
    served, others = run(come(WaitingRoom(2), ["a1", "a2", "a3"]))

    assert served == ["a1", "a2"]
    assert {name: type(end) for name, end in others.items()} == {"a3": RoomIsFull}


def test_a_room_without_places_is_full():
    served, others = run(come(WaitingRoom(0), ["a1"]))

    assert served == []
    assert {name: type(end) for name, end in others.items()} == {"a1": RoomIsFull}


def test_a_visitor_who_takes_all_places_does_not_lock_out_others():
    served, others = run(come(WaitingRoom(4), ["a1", "a2", "a3", "a4", "a5", "b1", "b2", "b3"]))

    assert served == ["a1", "b1", "a2", "b2"]
    assert set(others) == {"a3", "a4", "a5", "b3"}


def test_a_freed_place_is_used_again():
    room = WaitingRoom(1)

    for _ in range(3):
        served, others = run(come(room, ["a1"], go_away=("a1",)))
        assert (served, len(others), len(room)) == ([], 1, 0)

    assert run(come(room, ["a1"])) == (["a1"], {})


def test_a_turn_that_becomes_free_while_a_visitor_enters_is_taken():
    async def story() -> None:
        room, served = WaitingRoom(0), []
        async with room.turn("a", Place()):
            late = Visit(room, "b1", served)
            await asyncio.sleep(0)  # The visitor finds the room full, and tries again.
        await late.task
        assert served == ["b1"]

    run(story())


def test_a_turn_that_raises_passes_to_the_next():
    async def story() -> None:
        room, served, waiting = WaitingRoom(5), [], []

        async def fail() -> None:
            async with room.turn("a", Place()):
                waiting.append(Visit(room, "b1", served))
                await asyncio.sleep(0)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail()
        await waiting[0].task
        assert served == ["b1"]

    run(story())


def test_a_visitor_canceled_with_the_turn_passes_it_on():
    async def story() -> None:
        room, served = WaitingRoom(5), []
        async with room.turn("a", Place()):
            first, second = (Visit(room, name, served) for name in ("b1", "c1"))
            await asyncio.sleep(0)
        first.task.cancel()  # It has the turn, but has not run since.
        await settled(first, second)
        assert served == ["c1"]

    run(story())
