"""Bokeh's request handlers for a page and its websocket, which run the checks first.

Other modules add their checks to the lists in `checks`, which this module exports, too.
"""

from __future__ import annotations

import random
from importlib.resources import files

from bokeh.server.session import ServerSession
from bokeh.server.urls import per_app_patterns
from bokeh.server.views.metadata_handler import MetadataHandler
from panel.io.server import AutoloadJsHandler, DocHandler, WSHandler
from tornado.web import Finish, RequestHandler

from .checks import ask, before_all, before_message, before_page, before_websocket, token_of
from .limits.admission import FRESH, PENALTIES, ROOM
from .limits.messages import MessageRefused
from .limits.waiting_room import Place, RoomIsFull, WentAway
from .limits.web_server import CLIENT_CLOSED_REQUEST
from .page_socket import PageSocket

__all__ = [
    "MessageRefused",
    "before_all",
    "before_message",
    "before_page",
    "before_websocket",
    "install",
    "token_of",
]


class _InTurn(RequestHandler):
    """Creates sessions one at a time; skips clients that disconnect before their turn."""

    is_put_off = False
    waiting_page = ""
    _place: Place | None = None

    async def prepare(self) -> None:
        """Run the checks before a session is created; they may refuse the page."""
        await super().prepare()  # type: ignore[misc]
        await ask(before_all, self)
        await ask(before_page, self)

    async def get_session(self) -> ServerSession:
        """Wait for the turn and create the session; reply with 503 at once if the room is full."""
        self._place = Place()
        address = self.request.remote_ip or ""
        await PENALTIES.served(address)
        try:
            async with ROOM.turn(address, self._place):
                session = await super().get_session()  # type: ignore[misc]
        except WentAway:
            self.set_status(CLIENT_CLOSED_REQUEST, "Client Closed Request")
            raise Finish from None
        except RoomIsFull:
            self._put_off()
            raise Finish from None
        FRESH.add(session)
        return session

    def on_connection_close(self) -> None:
        """Give up the turn: the client has disconnected."""
        super().on_connection_close()
        if self._place is not None:
            self._place.give_up()

    def _put_off(self) -> None:
        self.is_put_off = True
        # Clients that arrive at the same moment should not all return at the same moment.
        seconds = random.randint(3, 8)  # noqa: S311  # not a secret
        self.set_status(503)
        self.set_header("Retry-After", str(seconds))
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.waiting_page.replace("{seconds}", str(seconds)))


class Page(_InTurn, DocHandler):
    """The page itself."""

    waiting_page = files(__package__).joinpath("waiting.html").read_text("utf-8")


class EmbeddedPage(_InTurn, AutoloadJsHandler):
    """The script that embeds the page in another site."""


class Metadata(MetadataHandler):
    """Bokeh's metadata of the app, for other programs; creates no session."""

    async def prepare(self) -> None:
        """Run the checks; they may refuse the request."""
        await super().prepare()
        await ask(before_all, self)


_INSTEAD = {
    DocHandler: Page,
    AutoloadJsHandler: EmbeddedPage,
    MetadataHandler: Metadata,
    WSHandler: PageSocket,
}


def install() -> None:
    """Serve every page with these handlers; call it before the server is created."""
    per_app_patterns[:] = [
        (route, _INSTEAD.get(handler, handler), *more) for route, handler, *more in per_app_patterns
    ]
