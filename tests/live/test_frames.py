"""Several messages travel to a websocket in one piece, and arrive as what they are."""

from __future__ import annotations

import asyncio

import pytest
from tornado.testing import bind_unused_port
from tornado.web import Application
from tornado.websocket import WebSocketHandler, websocket_connect

from dam_inventory.live.frames import text_frames


@pytest.mark.parametrize("level", [None, 6], ids=["plain", "a page that may get compressed ones"])
def test_texts_of_all_sizes_arrive_one_by_one(level: int | None):
    texts = ["", "{}", "é" * 62, "x" * 125, "x" * 126, "x" * 65_535, "é" * 32_768, "x" * 300_000]

    class Handler(WebSocketHandler):
        def get_compression_options(self) -> dict[str, int] | None:
            return None if level is None else {"compression_level": level}

        async def open(self, *_arguments: str) -> None:
            await self.ws_connection.stream.write(text_frames(*texts))
            await self.write_message("last")

    async def read() -> list[str | bytes | None]:
        socket, port = bind_unused_port()
        server = Application([("/", Handler)]).listen(0)
        server.add_socket(socket)
        url = f"ws://127.0.0.1:{port}/"
        connection = await websocket_connect(url, compression_options={} if level else None)
        found = [await connection.read_message() for _ in [*texts, "last"]]
        connection.close()
        server.stop()
        return found

    assert asyncio.run(read()) == [*texts, "last"]
