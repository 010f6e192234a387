"""Writes to websockets that leave the process together, one right after the other.

The system wakes whoever receives a message, which takes longer than to hand over one more. So when
many pages are told the same, what each of them gets is made first, and all of it sent then.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from tornado.iostream import IOStream, StreamClosedError

_held: ContextVar[list[tuple[IOStream, bytes]] | None] = ContextVar("held", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Hold what `write` is given until the block ends, which must not wait for anything."""
    held: list[tuple[IOStream, bytes]] = []
    token = _held.set(held)
    try:
        yield
    finally:
        _held.reset(token)
        for stream, data in held:
            write(stream, data)


def write(stream: IOStream, data: bytes) -> None:
    """Write to a websocket's stream, unless its page has gone: Bokeh notices that by itself."""
    held = _held.get()
    if held is not None:
        held.append((stream, data))
        return
    with suppress(StreamClosedError):
        stream.write(data)
