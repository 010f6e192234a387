"""Writes to websockets that leave the process together, one right after the other.

The system wakes whoever receives a message, which takes longer than to hand over one more. So when
many pages are told the same, what each of them gets is made first, and all of it sent then.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tornado.iostream import IOStream, StreamClosedError


class _Held(threading.local):
    """What this thread holds; a callback that begins in a block would keep a context variable."""

    writes: list[tuple[IOStream, bytes]] | None = None


_held = _Held()


@contextmanager
def together() -> Iterator[None]:
    """Hold what `write` is given until the block ends, which must not wait for anything."""
    held: list[tuple[IOStream, bytes]] = []
    _held.writes = held
    try:
        yield
    finally:
        _held.writes = None
        for stream, data in held:
            write(stream, data)


def write(stream: IOStream, data: bytes) -> None:
    """Write to a websocket's stream, unless its page has gone: Bokeh notices that by itself."""
    if _held.writes is not None:
        _held.writes.append((stream, data))
        return
    with suppress(StreamClosedError):
        stream.write(data)
