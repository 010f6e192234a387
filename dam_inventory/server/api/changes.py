"""`/api/changes`: the log, for programs that follow the inventory."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TypeVar
from urllib.parse import urlencode

from ...domain.change_json import as_json
from ...errors import Cancelled, DamInventoryError
from ...live import log_parts
from ...live.follower import Follower
from ...live.log_parts import NOWHERE, Part, Position
from ...live.relay.backoff import Backoff
from ...session.workers import readers
from ..lifecycle import look_after
from . import access
from .arguments import prefers
from .base import ApiHandler
from .media import JSON
from .streams import STREAMS, NoRoom, TooManyStreams

_T = TypeVar("_T")

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
        if prefers(self.request.headers.get("Accept", ""), EVENTS, JSON):
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
        limit = self._limit(given.get("limit", str(DEFAULT_LIMIT)))
        if last := self.request.headers.get("Last-Event-ID"):
            # After an error, a browser would not try again. So it is told to read everything anew.
            return Position.read(last) or NOWHERE, limit
        if "since" not in given:
            if "epoch" in given:
                self.fail(400, "epoch is given without since. Give both.")
            return None, limit
        since = Position.read(given["since"])
        if since is None:
            self.fail(
                400,
                f'since is "{given["since"][:40]}", but must be a whole number of at least 0, or '
                "a mark of an earlier answer.",
            )
        return replace(since, epoch=given.get("epoch", since.epoch)), limit

    def _limit(self, text: str) -> int:
        is_number = text.isascii() and text.isdecimal() and len(text) <= 15
        if not is_number or not 1 <= int(text) <= MAX_LIMIT:
            self.fail(
                400,
                f'limit is "{text[:40]}", but must be a whole number of at least 1 and at most '
                f"{MAX_LIMIT:,}.",
            )
        return int(text)

    def _part(self, since: Position | None, limit: int) -> bytes:
        part = log_parts.after(self.runtime.feed, self.runtime.inventory, since, limit)
        epoch = str(part.end.epoch)
        following = {"since": part.end.mark, "epoch": epoch, "limit": limit}
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
        except (TooManyStreams, NoRoom) as error:
            self.set_header("Content-Type", JSON)
            status = 429 if isinstance(error, TooManyStreams) else 503
            self.put_off(status, _SECONDS_TO_RETRY, str(error))

    async def _follow(self, follower: Follower, woken: asyncio.Event) -> None:
        await self.send(f"retry: {_MILLISECONDS_TO_RETRY}\n\n".encode())
        backoff = Backoff(1, 10)
        is_first = True
        while not STREAMS.is_ending:
            if self.is_gone:
                self._leave()
            woken.clear()
            is_last, pause = True, SECONDS_BETWEEN_SIGNS
            try:
                # Each time: the token may have expired or been revoked.
                self.user = await self._while_alive(access.user_of(self))
                part = await self._while_alive(self.compute(follower.take, readers))
            except access.Refused:
                return  # The client connects again, and is told why.
            except DamInventoryError:  # The feed logs that the database is away.
                pause = backoff.next()
            else:
                try:
                    events = await self.compute(partial(_events, part, is_first), readers)
                except Cancelled:
                    self._leave()
                is_first, is_last = False, part.is_last
                backoff.reset()
                if events:
                    await self.send(events)
            if is_last:
                with suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), pause)
                    continue
                await self.send(b":\n\n")
        await self.send(b": The server is going down.\n\n")

    async def _while_alive(self, work: Awaitable[_T]) -> _T:
        """Wait for something; send signs of life until it is done."""
        doing = asyncio.ensure_future(work)
        try:
            while not (await asyncio.wait([doing], timeout=SECONDS_BETWEEN_SIGNS))[0]:
                await self.send(b":\n\n")
            return doing.result()
        finally:
            doing.cancel()


def _state(part: Part) -> dict[str, object]:
    reset = {"reset": True} if part.is_reset else {}
    end = part.end
    return {"epoch": end.epoch, "seq": end.seq, "mark": end.mark, "newest": part.newest, **reset}


def _events(part: Part, is_first: bool) -> bytes:
    """Return a part as server-sent events.

    is_first: tell the position in any case, so that a client that is cut off before it hears of a
    change knows where it was.
    """
    events = []
    if part.is_reset:
        events.append(f"id: {part.end}\nevent: reset\ndata: {json.dumps(_state(part))}\n\n")
    elif is_first and not part.changes:
        events.append(f"id: {part.end}\n\n")
    for position, one in part.positions():
        # Without a name, so that a browser's `onmessage` hears all kinds, also those to come.
        data = json.dumps(as_json(one, str(part.end.epoch)))
        events.append(f"id: {position}\ndata: {data}\n\n")
    return "".join(events).encode()
