"""How many streams a process has open, and how they end."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from dam_inventory.server import lifecycle
from dam_inventory.server.api.streams import (
    MOST,
    MOST_PER_CLIENT,
    NoRoom,
    Streams,
    TooManyStreams,
)


def ignore() -> None:
    pass


def test_a_client_has_a_share_of_its_own():
    streams = Streams()
    with ExitStack() as stack:
        for i in range(MOST_PER_CLIENT):
            stack.enter_context(streams.one(f"2001:db8::{i:x}", ignore))
        with pytest.raises(TooManyStreams), streams.one("2001:db8::ffff", ignore):
            pass
        with streams.one("2001:db8:0:1::1", ignore):
            assert len(streams) == MOST_PER_CLIENT + 1
    with streams.one("2001:db8::ffff", ignore):
        assert len(streams) == 1


def test_a_process_has_a_limit_for_all():
    streams = Streams()
    with ExitStack() as stack:
        for i in range(MOST):
            stack.enter_context(streams.one(f"203.0.113.{i}", ignore))
        with pytest.raises(NoRoom), streams.one("198.51.100.1", ignore):
            pass


def test_all_are_woken_to_end_and_no_other_begins():
    async def run() -> bool:
        streams, woken = Streams(), asyncio.Event()

        async def stream() -> None:
            with streams.one("203.0.113.1", woken.set):
                await woken.wait()

        streaming = asyncio.create_task(stream())
        await asyncio.sleep(0)
        streams.end()
        await streams.ended()
        with pytest.raises(NoRoom), streams.one("203.0.113.2", ignore):
            pass
        await streaming
        return streams.is_ending

    assert asyncio.run(run())


def test_streams_are_told_to_end_before_the_sessions(monkeypatch: pytest.MonkeyPatch):
    streams, told = Streams(), []
    monkeypatch.setattr(lifecycle, "STREAMS", streams)
    monkeypatch.setattr(lifecycle, "websockets_of", lambda _: [])

    class App:
        async def on_session_destroyed(self, _: object) -> None:
            told.append("session")

    async def run() -> None:
        woken = asyncio.Event()

        async def stream() -> None:
            with streams.one("203.0.113.1", woken.set):
                await woken.wait()
                told.append("stream")

        streaming = asyncio.create_task(stream())
        await asyncio.sleep(0)
        session = SimpleNamespace(document=SimpleNamespace(session_context=None))
        await lifecycle._end(App(), [session] * 3)
        await streaming

    asyncio.run(run())

    assert told.index("stream") < 2
