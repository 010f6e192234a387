"""What somebody may do to a server: each attack lasts some seconds, in a process of its own."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from itertools import count, cycle
from typing import Any, NamedTuple, TypeAlias

from _client import HOST, BokehSession
from _rooms import allow_many_files

from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.mercator import to_mercator

MB = 1_000_000
A_SECOND = 180
"""Messages in a second, somewhat fewer than are allowed without end."""

CHANGES = 2_000
_WORDS = ("otter lake", "canon", "smith", "heron river", "xq", "a", "creek 7", "")


class Target(NamedTuple):
    """A server under attack. hydrographs: IDs of dams that have one. seconds: how long."""

    port: int
    path: str
    database_url: str
    hydrographs: tuple[int, ...]
    seconds: float

    @property
    def origin(self) -> bytes:
        return f"{HOST}:{self.port}".encode()


Attack: TypeAlias = Callable[[Target], Awaitable[None]]


def run(name: str, target: Target) -> None:
    """Run an attack for its time, and leave."""
    allow_many_files()
    asyncio.run(ATTACKS[name](target))


# Messages of a page


class Page(NamedTuple):
    """An open page, and the IDs of what messages are about."""

    session: BokehSession
    table: str
    figure: str
    ranges: tuple[str, str]

    @classmethod
    async def open(cls, target: Target) -> Page:
        session = await BokehSession.open(target.port, target.path)
        models = list(session.models())
        table = next(one["id"] for one in models if one["name"] == "DamTable1")
        figure = next(
            one
            for one in models
            if (one["name"], one["attributes"].get("name")) == ("Figure", "map")
        )
        x, y = (figure["attributes"][axis]["id"] for axis in ("x_range", "y_range"))
        return cls(session, table, figure["id"], (x, y))

    def say(self, *events: object) -> None:
        """Send a message without waiting for its answer."""
        self.post({"events": [*events]})

    def post(self, content: object, kind: str = "PATCH-DOC") -> None:
        """Send a message of a kind; content: JSON, or what is sent as such."""
        text = content if isinstance(content, str) else json.dumps(content)
        for part in (json.dumps({"msgid": "1", "msgtype": kind}), "{}", text):
            self.session.socket.send(part.encode())

    @property
    def is_closed(self) -> bool:
        return self.session.socket.closed.done()


def changed(model: str, attribute: str, new: object) -> dict[str, Any]:
    return {"kind": "ModelChanged", "model": {"id": model}, "attr": attribute, "new": new}


def _event(name: str, **values: object) -> dict[str, Any]:
    entries = [list(pair) for pair in values.items()]
    told = {"type": "event", "name": name, "values": {"type": "map", "entries": entries}}
    return {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": told}


def view(page: Page, longitude: float, latitude: float, kilometers: float) -> list[dict[str, Any]]:
    """Return the events of a map that was moved."""
    x, y = map(float, to_mercator(longitude, latitude))
    half = 1000 * kilometers / 2
    edges = {"x0": x - half, "x1": x + half, "y0": y - half / 2, "y1": y + half / 2}
    names = [(one, end) for one in page.ranges for end in ("start", "end")]
    moved = [changed(*name, value) for name, value in zip(names, edges.values(), strict=True)]
    return [*moved, _event("rangesupdate", model={"id": page.figure}, **edges)]


Flood: TypeAlias = Callable[[Page, int, Target], list[dict[str, Any]]]


def _searches(page: Page, number: int, _: Target) -> list[dict[str, Any]]:
    return [changed(page.table, "search", f"{_WORDS[number % len(_WORDS)]} {number % 3 or ''}")]


def _pans(page: Page, number: int, _: Target) -> list[dict[str, Any]]:
    return view(page, -122 + number * 7 % 50, 30 + number * 3 % 17, (80, 800, 5000)[number % 3])


def _taps(page: Page, number: int, _: Target) -> list[dict[str, Any]]:
    x, y = map(float, to_mercator(-122 + number * 7 % 50, 30 + number * 3 % 17))
    place = {"sx": 100 + number % 500, "sy": 100 + number % 300, "x": x, "y": y}
    return [_event("tap", model={"id": page.figure}, **place)]


def _hydrographs(page: Page, number: int, target: Target) -> list[dict[str, Any]]:
    return [changed(page.table, "clicked", target.hydrographs[number % len(target.hydrographs)])]


def flood(events: Flood) -> Attack:
    """Send what a page sends, as often as is allowed."""

    async def attack(target: Target) -> None:
        page, loop = await Page.open(target), asyncio.get_running_loop()
        start = loop.time()
        for number in count():
            await asyncio.sleep(max(0, start + number / A_SECOND - loop.time()))
            if loop.time() > start + target.seconds or page.is_closed:
                break
            page.say(*events(page, number, target))
        await page.session.socket.close()

    return attack


def refused(content: Callable[[], Iterator[tuple[object, str]]]) -> Attack:
    """Send what is not allowed; when the server hangs up, come back and send it again."""

    async def attack(target: Target) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + target.seconds
        while loop.time() < end:
            with suppress(ConnectionError):
                page = await Page.open(target)
                for number, message in enumerate(content()):
                    page.post(*message)
                    if number % 100 == 0:
                        await asyncio.sleep(0)
                with suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.shield(page.session.socket.closed), 5)
                await page.session.socket.close()

    return attack


def _small() -> Iterator[tuple[object, str]]:
    for _ in range(10_000):
        yield {}, "SERVER-INFO-REQ"


def _large() -> Iterator[tuple[object, str]]:
    yield {"events": [changed("p0", "tags", "x" * 50 * MB)]}, "PATCH-DOC"


def _models() -> Iterator[tuple[object, str]]:
    new = [{"type": "object", "name": "Range1d", "id": f"x{one}"} for one in range(100_000)]
    yield {"events": [changed("p0", "tags", new)]}, "PATCH-DOC"


def _bogus() -> Iterator[tuple[object, str]]:
    messages = [
        ("[" * 9000 + "]" * 9000, "PATCH-DOC"),
        ("\\", "PATCH-DOC"),
        ({"events": [{"kind": "Bogus"}]}, "PATCH-DOC"),
        ({}, "BOGUS"),
    ]
    yield from (one for _, one in zip(range(40), cycle(messages), strict=False))


async def stopped_reading(target: Target) -> None:
    """Open pages that stop reading, one of which goes on panning, while dams are added."""
    pages = [await Page.open(target) for _ in range(5)]
    for page in pages:
        page.session.socket.stop_reading()
    adding = asyncio.create_task(asyncio.to_thread(_add, target.database_url))
    for number in count():
        if adding.done() and number > A_SECOND * target.seconds:
            break
        if not pages[0].is_closed:
            pages[0].say(*_pans(pages[0], number, target))
        await asyncio.sleep(1 / A_SECOND)
    await adding
    await asyncio.gather(*(page.session.socket.close() for page in pages))


def _add(database_url: str) -> None:
    engine = open_database(database_url)
    inventory = Inventory(engine)
    for number in range(CHANGES):
        inventory.add(DamDraft(f"Heard {number}", "Other", "Green River", "1941", 40.5, -111.5))
    engine.dispose()


# Requests


def dial(target: Target, request: bytes, receive: int | None = None) -> socket.socket:
    """Send bytes, and return the connection. receive: bytes that the kernel may keep of answers."""
    connection = socket.socket()
    if receive is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    connection.settimeout(10)
    connection.connect((HOST, target.port))
    with suppress(BrokenPipeError, ConnectionResetError, TimeoutError):
        connection.sendall(request)
    return connection


def requests(number: int, request: Callable[[Target], bytes], receive: int | None = None) -> Attack:
    """Send many requests and wait, without reading; at the end, leave."""

    async def attack(target: Target) -> None:
        text = request(target)
        connections = [await asyncio.to_thread(dial, target, text, receive) for _ in range(number)]
        await asyncio.sleep(target.seconds)
        for connection in connections:
            connection.close()

    return attack


async def given_up(target: Target) -> None:
    """Ask for 100 pages, and leave at once; several times."""
    loop = asyncio.get_running_loop()
    end = loop.time() + target.seconds
    while loop.time() < end:
        for _ in range(100):
            (await asyncio.to_thread(dial, target, _get(target.path)(target))).close()
        await asyncio.sleep(1)


def _get(path: str) -> Callable[[Target], bytes]:
    return lambda target: b"GET %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (path.encode(), target.origin)


def _half(target: Target) -> bytes:
    return b"GET / HTTP/1.1\r\nHost: %s\r\n" % target.origin


def _unfinished(target: Target) -> bytes:
    head = b"POST /health HTTP/1.1\r\nHost: %s\r\nContent-Type: text/plain\r\n" % target.origin
    return head + b"Content-Length: %d\r\n\r\n" % MB + b"x" * 900_000


ATTACKS: dict[str, Attack] = {
    "searches": flood(_searches),
    "taps": flood(_taps),
    "pans": flood(_pans),
    "hydrograph requests": flood(_hydrographs),
    "10,000 small messages": refused(_small),
    "a message of 50 MB": refused(_large),
    "100,000 models": refused(_models),
    "bogus protocol": refused(_bogus),
    f"stops reading, {CHANGES:,} changes": stopped_reading,
    "300 half requests": requests(300, _half),
    "400 unfinished bodies": requests(400, _unfinished),
    "100 pages given up": given_up,
    "downloads that nobody reads": requests(30, _get("/api/dams.csv"), receive=4096),
}
"""By name. Logins are in tests/server/test_login_page.py: this server has none."""
