"""A wire between a page and its server that can be cut and mended."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

_TEXT_FRAME = 0x81
"""The first byte of a text message, of which the second is the size if that is below 126, and if
it is a server's (RFC 6455, section 5.2)."""


class Wire:
    """Carries bytes to and from a server, on a port of its own, until it is cut.

    target: the server's port, which changes when the server is started anew.
    """

    def __init__(self) -> None:
        self.target = 0
        self.port = 0
        self._is_cut = False
        self._is_weak = False
        self._is_slow = False
        self._websockets: set[asyncio.StreamWriter] = set()
        self._dead: set[asyncio.StreamWriter] = set()
        self._ends: set[asyncio.StreamWriter] = set()
        self._carriers: set[asyncio.Task[None]] = set()
        self._is_laid = threading.Event()
        self._loop: asyncio.AbstractEventLoop
        self._end: asyncio.Event
        self._thread = threading.Thread(target=asyncio.run, args=(self._run(),), name="wire")

    @property
    def origin(self) -> str:
        """Where the server seems to be to who looks through this wire."""
        return f"127.0.0.1:{self.port}"

    def to(self, url: str) -> str:
        """Lead to a server, and return the address of its page at this end."""
        address = urlsplit(url)
        self.target = address.port or 0
        return address._replace(netloc=self.origin).geturl()

    def start(self) -> None:
        self._thread.start()
        self._is_laid.wait()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    def cut(self) -> None:
        """Break all connections, and take no new ones."""
        asyncio.run_coroutine_threadsafe(self._break(), self._loop).result()

    def cut_amid_the_next_message(self) -> None:
        """Carry the first websocket frame of what the server says next, and break then."""
        self._is_weak = True

    def fall_silent(self) -> None:
        """Carry nothing any more on the websockets that there are, and tell neither end."""
        self._dead |= self._websockets

    def mend(self) -> None:
        """Take connections again."""
        self._is_cut = False

    @contextmanager
    def slow(self) -> Iterator[None]:
        """Carry what pages say only at the end of the block; what the server says as always."""
        self._is_slow = True
        try:
            yield
        finally:
            self._is_slow = False

    async def _run(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        async with await asyncio.start_server(self._take, "127.0.0.1", 0) as server:
            self.port = server.sockets[0].getsockname()[1]
            self._is_laid.set()
            await self._end.wait()
            await self._break()
            while self._carriers:
                await asyncio.wait(self._carriers)

    async def _break(self) -> None:
        self._is_cut = True
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        carrier = asyncio.ensure_future(self._carry(reader, writer))
        self._carriers.add(carrier)
        carrier.add_done_callback(self._carriers.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self._is_cut:
                raise ConnectionError
            self._ends.add(writer)
            begin = await reader.readuntil(b"\r\n\r\n")
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
        except (OSError, asyncio.IncompleteReadError):
            self._ends.discard(writer)
            writer.close()
            return
        self._ends.add(back)
        if b"Upgrade: websocket" in begin:
            self._websockets |= {writer, back}
        back.write(begin)
        await asyncio.gather(
            self._pump(reader, back, is_page=True), self._pump(there, writer, is_page=False)
        )
        self._ends -= {writer, back}

    async def _pump(
        self, source: asyncio.StreamReader, goal: asyncio.StreamWriter, *, is_page: bool
    ) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                while is_page and self._is_slow:
                    await asyncio.sleep(0.01)
                if goal in self._dead:
                    continue
                if self._is_weak and data[0] == _TEXT_FRAME:
                    self._is_weak = False
                    goal.write(data[: 2 + data[1]])
                    self._ends.discard(goal)
                    await self._break()
                    break
                goal.write(data)
                await goal.drain()
        goal.close()


@contextmanager
def wire() -> Iterator[Wire]:
    """Lay a wire that leads nowhere yet."""
    wire = Wire()
    wire.start()
    yield wire
    wire.stop()
