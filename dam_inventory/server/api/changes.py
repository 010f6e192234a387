"""`/api/changes`: the log, for programs that follow the inventory."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlencode

from ...domain.change_json import as_json
from ...errors import DamInventoryError
from ...live import log_parts
from ...live.follower import Follower
from ...live.log_parts import Part, Position
from ...live.relay.backoff import Backoff
from ...session.workers import readers
from ..lifecycle import look_after
from .base import ApiHandler
from .media import JSON
from .streams import STREAMS, TooManyStreams

EVENTS = "text/event-stream"
DEFAULT_LIMIT = 1_000
MAX_LIMIT = 10_000

SECONDS_BETWEEN_SIGNS = 15.0
"""A quiet stream sends a comment so often, so that nothing between takes it for dead."""

_MILLISECONDS_TO_RETRY = 3_000
_SECONDS_TO_RETRY = 30
_PARAMETERS = ("since", "epoch", "limit")


class ChangesHandler(ApiHandler):
    """Answers with the changes after a position, or streams them as server-sent events."""

    _woken: asyncio.Event | None = None

    async def get(self) -> None:
        """Answer in the form that the client accepts."""
        since, limit = self._asked()
        if EVENTS in self.request.headers.get("Accept", ""):
            await self._stream(since)
        elif not self.is_known(since):
            await self.answer(await self.compute(partial(self._part, since, limit), readers), JSON)

    def on_connection_close(self) -> None:
        """End the stream: the client has gone."""
        super().on_connection_close()
        if self._woken is not None:
            self._woken.set()

    def _asked(self) -> tuple[Position | None, int]:
        """Return the position and the limit that the client asks for."""
        given: dict[str, str] = {}
        for name in self.request.query_arguments:
            if name not in _PARAMETERS:
                known = ", ".join(_PARAMETERS)
                self.fail(400, f'"{name[:40]}" is not a parameter. The parameters are {known}.')
            values = self.get_query_arguments(name)
            if len(values) > 1:
                self.fail(400, f"{name} is given {len(values):,} times. Give it once.")
            given[name] = values[0]
        limit = self._number("limit", given.get("limit", str(DEFAULT_LIMIT)), 1, MAX_LIMIT)
        if last := self.request.headers.get("Last-Event-ID"):
            position = Position.read(last)
            if position is None:
                self.fail(400, f'Last-Event-ID is "{last[:40]}", but must be EPOCH:SEQ.')
            return position, limit
        if "since" not in given:
            if "epoch" in given:
                self.fail(400, "epoch is given without since. Give both.")
            return None, limit
        return Position(given.get("epoch"), self._number("since", given["since"], 0)), limit

    def _number(self, name: str, text: str, low: int, high: int | None = None) -> int:
        is_number = text.isascii() and text.isdecimal() and len(text) <= 15
        if not is_number or int(text) < low or (high is not None and int(text) > high):
            most = "" if high is None else f" and at most {high:,}"
            self.fail(
                400, f'{name} is "{text[:40]}", but must be a whole number of at least {low}{most}.'
            )
        return int(text)

    def _part(self, since: Position | None, limit: int) -> bytes:
        part = log_parts.after(self.runtime.feed, self.runtime.inventory, since, limit)
        epoch = str(part.end.epoch)
        following = {"since": part.end.seq, "epoch": epoch, "limit": limit}
        found = {
            **_state(part),
            "changes": [as_json(one, epoch) for one in part.changes],
            "next": None if part.is_last else f"{self.root}/changes?{urlencode(following)}",
        }
        return json.dumps(found).encode()

    async def _stream(self, since: Position | None) -> None:
        self.set_header("Content-Type", EVENTS)
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Accel-Buffering", "no")  # for nginx
        if self.request.method == "HEAD":
            return
        for context in self.application.applications.values():  # type: ignore[attr-defined]
            look_after(context.application)  # It may have served no page so far.
        loop, woken = asyncio.get_running_loop(), asyncio.Event()
        self._woken = woken

        def wake() -> None:
            with suppress(RuntimeError):  # The server has ended, and its event loop with it.
                loop.call_soon_threadsafe(woken.set)

        try:
            with STREAMS.one(self.request.remote_ip or "", wake):
                follower = Follower(self.runtime.feed, self.runtime.inventory, since, wake)
                try:
                    await self._follow(follower, woken)
                finally:
                    follower.close()
        except TooManyStreams as error:
            self.set_header("Content-Type", JSON)
            self.put_off(429, _SECONDS_TO_RETRY, str(error))

    async def _follow(self, follower: Follower, woken: asyncio.Event) -> None:
        await self.send(f"retry: {_MILLISECONDS_TO_RETRY}\n\n".encode())
        backoff = Backoff(1, 10)
        is_first = True
        while not STREAMS.is_ending:
            if self.is_gone:
                self._leave()
            woken.clear()
            events, is_last, pause = b"", True, SECONDS_BETWEEN_SIGNS
            try:
                events, is_last = await self._while_alive(partial(_events, follower, is_first))
                is_first = False
                backoff.reset()
            except DamInventoryError:  # The feed logs that the database is away.
                pause = backoff.next()
            if events:
                await self.send(events)
            if is_last:
                with suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), pause)
                    continue
                await self.send(b":\n\n")
        await self.send(b": The server is going down.\n\n")

    async def _while_alive(self, work: Any) -> Any:
        """Do something in a worker; send signs of life until it is done."""
        doing = asyncio.ensure_future(self.compute(work, readers))
        try:
            while not (await asyncio.wait([doing], timeout=SECONDS_BETWEEN_SIGNS))[0]:
                await self.send(b":\n\n")
            return doing.result()
        finally:
            doing.cancel()


def _state(part: Part) -> dict[str, object]:
    reset = {"reset": True} if part.is_reset else {}
    return {"epoch": part.end.epoch, "seq": part.newest, **reset}


def _events(follower: Follower, is_first: bool) -> tuple[bytes, bool]:
    """Return what follows as server-sent events, and whether there is no more.

    is_first: tell the position in any case, so that a client that is cut off before it hears of a
    change knows where it was.
    """
    part = follower.take()
    events = []
    if part.is_reset:
        events.append(_event(part.end, "reset", _state(part)))
    elif is_first and not part.changes:
        events.append(f"id: {part.end}\n\n")
    for one in part.changes:
        told = as_json(one, str(part.end.epoch))
        events.append(_event(Position(part.end.epoch, one.seq), str(told["kind"]), told))
    return "".join(events).encode(), part.is_last


def _event(position: Position, kind: str, data: dict[str, object]) -> str:
    return f"id: {position}\nevent: {kind}\ndata: {json.dumps(data)}\n\n"
