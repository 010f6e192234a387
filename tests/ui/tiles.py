"""The tile providers of the world, played by a test: reachable, unreachable, or silent."""

from __future__ import annotations

import re
import struct
import zlib

from playwright.sync_api import BrowserContext, Route

from dam_inventory.views.map.basemaps import TILES

TILE_COLOUR = (200, 80, 120)
TILE_HOSTS = {re.findall(r"//([^/]+)", url)[0] for url, _ in TILES.values()}


class TileProviders:
    """Answers every request for a tile of one browser context, and counts them.

    answer: "tile", "failure" or "silence"; may be changed at any time.
    """

    def __init__(self, context: BrowserContext, answer: str) -> None:
        self.answer = answer
        self.requests: list[str] = []
        for host in TILE_HOSTS:
            context.route(f"https://{host}/**", self._answer)

    def _answer(self, route: Route) -> None:
        self.requests.append(route.request.url)
        if self.answer == "tile":
            anyone = {"Access-Control-Allow-Origin": "*"}
            route.fulfill(body=_PNG, content_type="image/png", headers=anyone)
        elif self.answer == "failure":
            route.abort("namenotresolved")


def _png(size: int, colour: tuple[int, int, int]) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes(colour) * size) * size
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in chunks)


_PNG = _png(256, TILE_COLOUR)
