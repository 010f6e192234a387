"""A websocket client, light enough that hundreds of them cost less than what they measure."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any

HOST = "127.0.0.1"

_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_LAST_FRAGMENT = 0x80
_RETRY_AFTER = re.compile(r"^Retry-After: (\d+)", re.MULTILINE)
_TOKEN = re.compile(r'"token":\s*"([^"]+)"')


async def get(port: int, path: str) -> str:
    """Return the body of a page; retry while the server asks for it, as its waiting page does."""
    while True:
        status, retry_after, body = await _get(port, path)
        if " 503 " in status and retry_after is not None:
            await asyncio.sleep(int(retry_after.group(1)))
        elif " 200 " in status:
            return body
        else:
            raise ConnectionError(f"{path}: {status}")


async def _get(port: int, path: str) -> tuple[str, re.Match[str] | None, str]:
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n\r\n".encode()
    )
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    body = (await reader.read()).decode()
    writer.close()
    return head.split("\r\n", 1)[0], _RETRY_AFTER.search(head), body


class Websocket(asyncio.Protocol):
    """The client side of RFC 6455, without extensions.

    on_frame: called with the payload of every text or binary frame. on_pong: called with each pong.
    """

    def __init__(self, on_frame: Callable[[bytes], None]) -> None:
        self.on_frame = on_frame
        self.on_pong: Callable[[], None] = lambda: None
        self.received = 0
        """Bytes of all payloads so far."""
        self.closed = asyncio.get_running_loop().create_future()
        self._opened = asyncio.get_running_loop().create_future()
        self._buffer = b""

    @classmethod
    async def connect(
        cls,
        port: int,
        path: str,
        on_frame: Callable[[bytes], None],
        subprotocols: Iterable[str] = (),
    ) -> Websocket:
        loop = asyncio.get_running_loop()
        _, socket = await loop.create_connection(lambda: cls(on_frame), HOST, port)
        key = base64.b64encode(os.urandom(16)).decode()
        offered = ", ".join(subprotocols)
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: {HOST}:{port}",
            f"Origin: http://{HOST}:{port}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {key}",
            *([f"Sec-WebSocket-Protocol: {offered}"] if offered else []),
        ]
        socket._transport.write("\r\n".join([*lines, "\r\n"]).encode())
        await socket._opened
        return socket

    def send(self, payload: bytes, opcode: int = _TEXT) -> None:
        size = len(payload)
        if size < 126:
            head = bytes([_LAST_FRAGMENT | opcode, 0x80 | size])
        else:
            head = bytes([_LAST_FRAGMENT | opcode, 0x80 | 127]) + size.to_bytes(8, "big")
        # A mask of zeros is allowed, and leaves the payload as it is.
        self._transport.write(head + bytes(4) + payload)

    def ping(self) -> None:
        """Send a ping. A server's event loop answers it without further work: see `on_pong`."""
        self.send(b"", _PING)

    def stop_reading(self) -> None:
        """Leave in the kernel's buffers whatever the server sends from now on."""
        self._transport.pause_reading()

    async def close(self) -> None:
        if not self.closed.done():
            self.send(b"", _CLOSE)
            await asyncio.wait([self.closed], timeout=5)
        self._transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        error = exc or ConnectionError("The server closed the connection.")
        if not self._opened.done():
            self._opened.set_exception(error)
        self.closed.set_result(error)

    def data_received(self, data: bytes) -> None:
        if self._buffer:
            data = self._buffer + data
        start = 0 if self._opened.done() else self._read_answer(data)
        if not self._opened.done() or self._opened.exception():
            self._buffer = data
            return
        while (frame := _frame(data, start)) is not None:
            opcode, first, start = frame
            if opcode < _CLOSE:
                self.received += start - first
                self.on_frame(data[first:start])
            elif opcode == _PING:
                self.send(data[first:start], _PONG)
            elif opcode == _PONG:
                self.on_pong()
            elif opcode == _CLOSE:
                self._transport.close()
        self._buffer = data[start:]

    def _read_answer(self, data: bytes) -> int:
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return 0
        if data.startswith(b"HTTP/1.1 101"):
            self._opened.set_result(None)
        else:
            self._opened.set_exception(ConnectionError(data[:200].decode()))
        return end + 4


def _frame(data: bytes, start: int) -> tuple[int, int, int] | None:
    """Return the opcode of the frame at `start`, and where its payload begins and ends."""
    if len(data) < start + 2:
        return None
    if not data[start] & _LAST_FRAGMENT:
        raise ValueError("Fragmented messages are not expected from these servers.")
    first, size = start + 2, data[start + 1]
    if size >= 126:
        width = 2 if size == 126 else 8
        size = int.from_bytes(data[first : first + width], "big")
        first += width
    return (data[start] & 0x0F, first, first + size) if len(data) >= first + size else None


class BokehSession:
    """A page of a Bokeh server, opened as bokehjs does: page, websocket, document.

    on_message: called with the content of every message after that; earlier ones are in the
    document.
    document: the document as received; `buffers` is its number of binary parts.
    """

    def __init__(self, on_message: Callable[[bytes], None]) -> None:
        self.on_message = on_message
        self.document = b""
        self.buffers = 0
        self._parts: list[bytes] = []
        self._expected = 3
        self._waiting: dict[str, asyncio.Future[bytes]] = {}

    @classmethod
    async def open(
        cls,
        port: int,
        path: str,
        on_message: Callable[[bytes], None] = lambda content: None,
        query: str = "",
    ) -> BokehSession:
        self = cls(on_message)
        token = _TOKEN.search(await get(port, path + query))
        if token is None:
            raise ConnectionError(f"{path} has no session token.")
        acknowledged = self._expect("ACK")
        self.socket = await Websocket.connect(
            port, f"{path}/ws", self._on_frame, ["bokeh", token.group(1)]
        )
        self.socket.closed.add_done_callback(self._on_lost)
        await acknowledged
        await self.ask("PULL-DOC-REQ")
        await self.send_event("document_ready")
        return self

    def models(self) -> Iterator[dict[str, Any]]:
        """Return every model of the document as received."""
        return _objects(json.loads(self.document))

    async def ask(self, kind: str, content: object = None) -> bytes:
        """Send a message, and return the content of the answer."""
        message_id = uuid.uuid4().hex
        answer = self._expect(message_id)
        for part in ({"msgid": message_id, "msgtype": kind}, {}, content or {}):
            self.socket.send(json.dumps(part).encode())
        return await answer

    async def send_event(self, name: str, **values: object) -> None:
        """Send a UI event, and return when the server has handled it."""
        data = {"type": "event", "name": name, "values": _map(values)}
        await self.patch({"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": data})

    async def patch(self, event: dict[str, object]) -> None:
        """Change the server's document, and return when it has answered."""
        await self.ask("PATCH-DOC", {"events": [event]})

    def _expect(self, message_id: str) -> asyncio.Future[bytes]:
        self._waiting[message_id] = asyncio.get_running_loop().create_future()
        return self._waiting[message_id]

    def _on_lost(self, closed: asyncio.Future[Exception]) -> None:
        for answer in self._waiting.values():
            answer.set_exception(closed.result())

    def _on_frame(self, payload: bytes) -> None:
        self._parts.append(payload)
        if len(self._parts) == 1:
            self._header = json.loads(payload)
            self._expected = 3 + 2 * self._header.get("num_buffers", 0)
        if len(self._parts) < self._expected:
            return
        content, self._parts = self._parts[2], []
        if self._header["msgtype"] == "PULL-DOC-REPLY":
            self.document, self.buffers = content, self._header.get("num_buffers", 0)
        about = "ACK" if self._header["msgtype"] == "ACK" else self._header.get("reqid")
        answer = self._waiting.pop(about, None)
        if answer is None:
            if self.document:
                self.on_message(content)
        elif self._header["msgtype"] == "ERROR":
            answer.set_exception(ConnectionError(content.decode()))
        else:
            answer.set_result(content)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get("type") == "object":
            yield value
        for one in value.values():
            yield from _objects(one)
    elif isinstance(value, list):
        for one in value:
            yield from _objects(one)


def _map(values: dict[str, object]) -> dict[str, object]:
    return {"type": "map", "entries": [list(pair) for pair in values.items()]}


class Audience:
    """Measures when the last of its members has received a text."""

    def __init__(self) -> None:
        self._text = b"\0"
        self._missing: set[int] = set()
        self._members = 0
        self._at = 0
        self._complete: asyncio.Future[int] | None = None

    @property
    def missing(self) -> int:
        """How many members have not received the text yet."""
        return len(self._missing)

    def member(self) -> Callable[[bytes], None]:
        """Return the function that a new member calls with each payload that it receives."""
        number = self._members
        self._members += 1

        def hear(payload: bytes) -> None:
            if self._text in payload and number in self._missing:
                self._at = time.monotonic_ns()
                self._missing.discard(number)
                if not self._missing and self._complete is not None:
                    self._complete.set_result(self._at)

        return hear

    def listen_for(self, text: str) -> asyncio.Future[int]:
        """Return the time (time.monotonic_ns) at which the last member has received `text`."""
        self._text = text.encode()
        self._missing = set(range(self._members))
        self._complete = asyncio.get_running_loop().create_future()
        return self._complete
