"""Sending: how the API works in workers, and sends what clients have to read."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any, NoReturn, TypeVar

from tornado.iostream import StreamClosedError
from tornado.web import Finish

from ...errors import Cancelled, DamInventoryError
from ...session.workers import Workers, answers, exporters
from ..auth.attempts import network
from ..limits.web_server import CLIENT_CLOSED_REQUEST
from .arguments import takes_gzip
from .media import HTML
from .page import CONTENT_SECURITY_POLICY
from .places import NoPlace, Places
from .refusing import Refusing

Result = TypeVar("Result")

SECONDS_TO_READ = 60
"""A client that reads nothing for so long is disconnected."""

SECONDS_TO_BEGIN = 10
"""After that the headers of a file are sent, whose first byte takes longer: a proxy would give up.
Until then, an error still has its status."""

MAX_BYTES_HELD = 64_000_000
"""Total size of the answers that clients have not read yet, but for streams."""

_PIECE = 256 * 1024
_WORTH_PACKING = 1000
_PLACES = "dam_inventory.api.places"
_HELD = "dam_inventory.api.held"


class Sending(Refusing):
    """Sends bodies and streams. is_gone: whether the client has gone."""

    is_gone = False

    async def compute(self, work: Callable[[], Result], workers: Workers = answers) -> Result:
        """Do something in a worker, and return its result or raise its DamInventoryError."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()

        def wanted() -> Result:
            if self.is_gone:
                raise Cancelled("The client has gone.")
            return work()

        def resolve(outcome: Any) -> None:
            if answer.done():
                return
            if isinstance(outcome, DamInventoryError):
                answer.set_exception(outcome)
            else:
                answer.set_result(outcome)

        def done(outcome: Any) -> None:
            with suppress(RuntimeError):  # The server has ended, and its event loop with it.
                loop.call_soon_threadsafe(resolve, outcome)

        workers.do(wanted, done)
        result: Result = await answer
        return result

    async def answer(self, body: bytes, media_type: str) -> None:
        """Send a body, packed if the client takes that, in pieces that it has to read."""
        self.set_header("Content-Type", media_type)
        if media_type == HTML:
            self.set_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        if self._takes_gzip() and len(body) >= _WORTH_PACKING:
            self.set_header("Content-Encoding", "gzip")
            body = await self.compute(lambda: gzip.compress(body, 1))
        self.set_header("Content-Length", str(len(body)))
        shared = self.application.settings
        if shared.setdefault(_HELD, 0) + len(body) > MAX_BYTES_HELD:
            self.put_off(503, 5, "The server is busy with other answers. Try again soon.")
        shared[_HELD] += len(body)
        try:
            await self.send(body)
        finally:
            shared[_HELD] -= len(body)

    async def stream_in_turn(self, chunks: Iterator[bytes], is_packed: bool = False) -> None:
        """Send what `stream` does as soon as there is a place for a large answer."""
        places: Places = self.application.settings.setdefault(_PLACES, Places())
        try:
            async with places.one(network(self.request.remote_ip or "")):
                await self.stream(chunks, is_packed)
        except NoPlace as error:
            self.put_off(429 if error.is_own else 503, 10, str(error))

    async def stream(self, chunks: Iterator[bytes], is_packed: bool = False) -> None:
        """Send what an iterator yields, each part when the client has read the one before.

        chunks: a generator, which runs in workers, and is closed when the client goes away.
        is_packed: whether packing it once more would gain nothing.
        """
        packer = None
        if not is_packed and self._takes_gzip():
            self.set_header("Content-Encoding", "gzip")
            packer = zlib.compressobj(1, wbits=31)
        if self.request.method == "HEAD":
            await self.flush()
            return
        has_begun, start, work = False, time.monotonic(), partial(_next, chunks, packer)
        try:
            while (chunk := await self.compute(work, exporters)) is not None:
                if chunk:
                    has_begun = True
                    await self.send(chunk)
                elif not has_begun and time.monotonic() - start >= SECONDS_TO_BEGIN:
                    has_begun = True
                    await self._sent()
            if packer is not None:
                await self.send(packer.flush())
        except DamInventoryError:
            if has_begun:
                # Not an orderly end: the client would take a part for all.
                self._leave()
            raise
        finally:
            if (close := getattr(chunks, "close", None)) is not None:
                exporters.do(close, lambda _: None)

    async def send(self, body: bytes) -> None:
        """Send bytes; end this request if the client has gone, or does not read them."""
        for start in range(0, len(body), _PIECE) if self.request.method != "HEAD" else ():
            self.write(body[start : start + _PIECE])
            await self._sent()
        if self.request.method == "HEAD":
            await self.flush()

    async def _sent(self) -> None:
        try:
            await asyncio.wait_for(self._flushed(), SECONDS_TO_READ)
        except (StreamClosedError, TimeoutError):
            self._leave()

    async def _flushed(self) -> None:
        if self.is_gone:
            raise StreamClosedError
        await self.flush()

    def _leave(self) -> NoReturn:
        """Stop: the client has gone, or reads nothing."""
        self.set_status(CLIENT_CLOSED_REQUEST, "Client Closed Request")
        stream = getattr(self.request.connection, "stream", None)
        if stream is not None:
            stream.close()
        raise Finish

    def on_connection_close(self) -> None:
        """Remember that the client has gone."""
        self.is_gone = True

    def _takes_gzip(self) -> bool:
        return takes_gzip(self.request.headers.get("Accept-Encoding", ""))


def _next(chunks: Iterator[bytes], packer: Any) -> bytes | None:
    """Return the next bytes to send, none if others may have their turn, None at the end."""
    for chunk in chunks:
        # Of no bytes, a packer makes a header, with which the answer would begin.
        if not chunk or (chunk := packer.compress(chunk) if packer else chunk):
            return chunk
    return None
