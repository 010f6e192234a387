"""The websocket of a page, which checks each message before Bokeh reads it."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from typing import Any

from bokeh.protocol.message import Message
from bokeh.util.token import get_session_id
from tornado.ioloop import IOLoop
from tornado.iostream import IOStream, StreamClosedError
from tornado.websocket import WebSocketClosedError

from ..live.frames import text_frames
from .checks import ask, before_all, before_message, before_websocket, while_open
from .internals import SessionSocket
from .limits.admission import FRESH, PENALTIES, ROOM
from .limits.crowd import network
from .limits.messages import MAX_BYTES_OF_MESSAGE, Conversation, MessageRefused
from .limits.waiting_room import Place, RoomIsFull, WentAway
from .limits.web_server import LimitedServer
from .sweep import SWEEP

logger = logging.getLogger(__name__)

TRY_AGAIN_LATER = 1013
UNEXPECTED = 1011
"""Close codes of a websocket (RFC 6455, section 7.4.1, and its registry)."""

MAX_CONNECTIONS_PER_SESSION = 4
"""A page has one websocket, and for a moment two while it reconnects."""

SECONDS_TO_BEGIN = 60
"""How long a page that has its session may take to request the document; pages do so at once."""

_MAX_REASON_LENGTH = 120


class PageSocket(SessionSocket):
    """Closes a connection that sends too much, too often, or a message that no page sends."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._conversation = Conversation()
        self._is_refused = False
        self._place = Place()
        self._timeout: object = None
        self.unfinished_since: float | None = None

    @property
    def max_message_size(self) -> int:
        """Maximum size of a message in bytes."""
        return min(MAX_BYTES_OF_MESSAGE, int(super().max_message_size))

    async def prepare(self) -> None:
        """Run the checks; they may refuse the handshake."""
        await super().prepare()
        if self.current_user is not None:  # Otherwise Panel has refused it.
            await ask(before_all, self)
            await ask(before_websocket, self)

    def open(self, *args: Any, **options: Any) -> None:
        """Open the websocket, unless this address has too many open already."""
        if not LimitedServer.crowd.open(self, network(self.request.remote_ip or "")):
            self.refuse(MessageRefused("Too many pages are open from this address."))
            return
        SWEEP.add(self)
        super().open(*args, **options)

    async def open_session(self, token: str) -> None:
        """Open the session of a page, or wait for a turn to create it."""
        session_id = get_session_id(token)
        try:
            if any(one.id == session_id for one in self.application_context.sessions):
                await super().open_session(token)
            else:
                address = self.request.remote_ip or ""
                await PENALTIES.served(address)
                async with ROOM.turn(address, self._place):
                    await super().open_session(token)
        except RoomIsFull:
            self.close(TRY_AGAIN_LATER, "The server is busy. Try again later.")
        except WentAway:
            return
        FRESH.open(session_id)
        connection = self.connection
        if self._place.is_given_up and connection is not None:
            # The page has closed the websocket, maybe before Bokeh had a connection to end.
            self.application.client_lost(connection)
        if self.ws_connection is None or connection is None:
            return  # The connection has no session, or will soon have none.
        if connection.session.connection_count > MAX_CONNECTIONS_PER_SESSION:
            self.refuse(MessageRefused("The session is open too often."))

    async def on_message(self, fragment: str | bytes) -> None:
        """Check a fragment and pass it to Bokeh."""
        if self._is_refused:  # The browser may send more until it reads the close frame.
            return
        try:
            if self.connection is None:
                raise MessageRefused("A message arrived before the session existed.")
            self._conversation.judge(fragment, time.monotonic(), self._is_known)
            self.check()
            for check in before_message:
                check(self, fragment)
        except MessageRefused as refused:
            self.refuse(refused)
            return
        await super().on_message(fragment)

    async def send_message(self, message: Message[Any]) -> None:
        """Send a message of Bokeh's; count its errors, and start the page's time limit."""
        stream = getattr(self.ws_connection, "stream", None)
        if message.buffers or stream is None or self.get_compression_options() is not None:
            await super().send_message(message)
        else:
            await self._send_at_once(message, stream)
        if message.msgtype == "ACK" and not self._place.is_given_up:
            self._timeout = IOLoop.current().call_later(SECONDS_TO_BEGIN, self._expect_beginning)
        elif message.msgtype == "ERROR":
            try:
                self._conversation.fail(time.monotonic())
            except MessageRefused as refused:
                self.refuse(refused)

    async def _send_at_once(self, message: Message[Any], stream: IOStream) -> None:
        """Send the three parts of a message with one system call instead of three."""
        parts = message.header_json, message.metadata_json, message.content_json
        with await self.write_lock.acquire(), suppress(StreamClosedError):
            await stream.write(text_frames(*parts))

    def ping(self, data: bytes = b"") -> None:
        """Ask the browser whether it is still there; do nothing where it has just gone.

        Bokeh would take the session from a connection that can't be asked, before `on_close` and
        before the messages that have come already: both then fail.
        """
        with suppress(WebSocketClosedError):
            super().ping(data)

    def check(self) -> None:
        """Run the checks of an open websocket; they may raise MessageRefused."""
        for check in while_open:
            check(self)

    def refuse(self, refused: MessageRefused) -> None:
        """Close the connection with the reason, and ignore what it still sends."""
        if not self._is_refused:
            self._is_refused = True
            logger.warning("Closed the websocket of %s: %s", self.request.remote_ip, refused)
            PENALTIES.give(self.request.remote_ip or "")
            self.close(refused.code, str(refused))

    def close(self, code: int | None = None, reason: str | None = None) -> None:
        """Close the connection with a code and a reason that the protocol allows."""
        # Bokeh uses codes above 10,000, and whole messages as the reason.
        short = reason and reason.encode()[:_MAX_REASON_LENGTH].decode(errors="ignore")
        super().close(code if code is None or code < 5000 else UNEXPECTED, short)

    def on_close(self) -> None:
        """Forget the connection."""
        self._place.give_up()
        if self._timeout is not None:
            IOLoop.current().remove_timeout(self._timeout)
        LimitedServer.crowd.close(self)
        SWEEP.discard(self)
        super().on_close()

    def _is_known(self, model_id: str) -> bool:
        models = self.connection.session.document.models if self.connection else {}
        return model_id in models

    def _expect_beginning(self) -> None:
        self._timeout = None
        if not self._conversation.has_begun:
            self.refuse(MessageRefused("Nothing was asked for in time."))
