"""A bare Tornado app: GET /add writes one toast to all websockets; no Bokeh server is faster."""

from __future__ import annotations

import asyncio
import json
import sys
import time

from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler

_open: set[WebSocketHandler] = set()


class Toasts(WebSocketHandler):
    """A websocket that receives toasts."""

    def open(self) -> None:
        _open.add(self)

    def on_close(self) -> None:
        _open.discard(self)


class Add(RequestHandler):
    """Writes a toast, and answers with the time before that, in time.monotonic_ns."""

    def get(self) -> None:
        toast = {"title": "Dam Notification", "text": self.get_query_argument("name")}
        at = time.monotonic_ns()
        text = json.dumps(toast)
        for socket in _open:
            socket.write_message(text)
        self.write(json.dumps({"at": at}))


class Home(RequestHandler):
    """Answers when the server is up."""

    def get(self) -> None:
        self.write("Up.")


async def main(port: int) -> None:
    Application([("/", Home), ("/add", Add), ("/ws", Toasts)]).listen(port, "127.0.0.1")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
