"""How many large answers are sent at once."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from dam_inventory.server.api.places import NoPlace, Places


def test_a_client_has_only_so_many_places():
    async def take() -> None:
        places = Places(most=9, most_per_client=2, seconds=30)
        async with AsyncExitStack() as stack:
            for _ in range(2):
                await stack.enter_async_context(places.one("a"))
            with pytest.raises(NoPlace) as refused:
                await stack.enter_async_context(places.one("a"))
            assert refused.value.is_own
            await stack.enter_async_context(places.one("b"))
        async with places.one("a"):
            pass

    asyncio.run(take())


def test_who_finds_no_place_waits_for_one():
    async def take() -> list[str]:
        places, told = Places(most=1, most_per_client=2, seconds=30), []

        async def wait() -> None:
            async with places.one("b"):
                told.append("b")

        async with places.one("a"):
            waiting = asyncio.create_task(wait())
            await asyncio.sleep(0)
            told.append("a")
        await waiting
        return told

    assert asyncio.run(take()) == ["a", "b"]


def test_who_waits_too_long_is_refused_and_takes_no_place():
    async def take() -> None:
        places = Places(most=1, most_per_client=2, seconds=0.001)
        async with places.one("a"):
            for _ in range(3):
                with pytest.raises(NoPlace) as refused:
                    async with places.one("b"):
                        raise AssertionError
                assert not refused.value.is_own
        async with places.one("b"):
            pass

    asyncio.run(take())
