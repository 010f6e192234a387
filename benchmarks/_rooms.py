"""Groups of open websockets that wait for a toast."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Awaitable, Callable
from statistics import median, quantiles

from _client import Audience, BokehSession, Websocket
from _servers import Server

_AT_ONCE = 4

Join = Callable[[Server, Callable[[bytes], None]], Awaitable[object]]


async def join_app(server: Server, hear: Callable[[bytes], None]) -> object:
    """Open a page of Dam Inventory."""
    return await BokehSession.open(server.port, server.path, hear)


async def join_peer(server: Server, hear: Callable[[bytes], None]) -> object:
    """Open a websocket of a compared server."""
    return await Websocket.connect(server.port, "/ws", hear)


async def fill(server: Server, join: Join, size: int) -> tuple[Audience, list[object]]:
    """Open `size` websockets; return their audience, and the objects that must stay alive."""
    audience, turns = Audience(), asyncio.Semaphore(_AT_ONCE)

    async def one() -> object:
        async with turns:
            return await join(server, audience.member())

    return audience, await asyncio.gather(*(one() for _ in range(size)))


def allow_many_files() -> None:
    """Raise the limit of open files, here and in child processes, as far as the system allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def cell(times: list[float]) -> str:
    """Return the median and the 95th percentile."""
    return f"{median(times):.1f} / {quantiles(times, n=20)[-1]:.1f}"
