"""Tornado's server with limits on connections, request size and request time."""

from __future__ import annotations

import errno
import logging
import socket
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, ClassVar

from tornado.httpserver import HTTPServer
from tornado.httputil import (
    HTTPHeaders,
    HTTPMessageDelegate,
    RequestStartLine,
    ResponseStartLine,
)
from tornado.ioloop import IOLoop
from tornado.iostream import IOStream, SSLIOStream, UnsatisfiableReadError
from tornado.log import access_log
from tornado.web import Application, RequestHandler

from ...config.redaction import shown
from .crowd import Crowd, network, raise_descriptors

logger = logging.getLogger(__name__)

SECONDS_FOR_A_REQUEST = 30
"""Time limit for a request's headers, for its body, and for the start of the next request."""

MAX_BYTES_OF_HEADERS = 64 * 1024
MAX_BYTES_OF_URL = 16 * 1024
MAX_BYTES_OF_FORM = 64 * 1024
MAX_BYTES_OF_BODY = 1_000_000
_FORM = "application/x-www-form-urlencoded"
_SHORTAGE = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_PAUSE = 0.5
_SECONDS_OF_SILENCE = 60.0
CLIENT_CLOSED_REQUEST = 499


class Rarely:
    """Logs a warning at most once per minute."""

    def __init__(self) -> None:
        self._said = -_SECONDS_OF_SILENCE

    def say(self, text: str, *arguments: object) -> None:
        """Log a warning, unless one was logged recently."""
        if time.monotonic() - self._said >= _SECONDS_OF_SILENCE:
            self._said = time.monotonic()
            logger.warning(text, *arguments)


class LimitedServer(HTTPServer):
    """Replaces `tornado.httpserver.HTTPServer` after a call of `install`."""

    crowd: ClassVar[Crowd]
    """The connections of this process, which has one server."""

    def initialize(self, request_callback: Any, **options: Any) -> None:  # type: ignore[override]
        """Set Tornado's own limits."""
        limits = {
            "idle_connection_timeout": SECONDS_FOR_A_REQUEST,
            # Longer than our limit, which replies with a status before Tornado closes.
            "body_timeout": SECONDS_FOR_A_REQUEST + 5,
            "max_header_size": MAX_BYTES_OF_HEADERS,
            "max_body_size": 1000 * MAX_BYTES_OF_BODY,
        }
        super().initialize(request_callback, **{**limits, **options})
        if isinstance(request_callback, Application):
            request_callback.settings.setdefault("log_function", log_request)
        self._rarely = Rarely()

    def add_sockets(self, sockets: Iterable[socket.socket]) -> None:
        """Listen at these sockets; if file descriptors run out, pause and continue."""
        super().add_sockets([_Listener(one, self._on_shortage) for one in sockets])

    def handle_stream(self, stream: IOStream, address: Any) -> None:
        """Serve a connection; if there are too many, close it, or the one that is idle longest."""
        where = address[0] if isinstance(address, tuple) and not self.xheaders else ""
        if self.crowd.is_full and not self.close_longest_idle():
            self._rarely.say("%d connections are open; a new one was refused.", len(self.crowd))
            _answer(stream, 503)
        elif not self.crowd.enter(stream, network(where)):
            self._rarely.say("Too many connections from %s; a new one was refused.", where)
            _answer(stream, 503)
        else:
            _answer_long_headers(stream)
            super().handle_stream(stream, address)

    def start_request(self, server_conn: Any, request_conn: Any) -> HTTPMessageDelegate:
        """Check a request while it arrives."""
        self.crowd.wait(server_conn.stream)
        delegate = super().start_request(server_conn, request_conn)
        return _Request(delegate, request_conn, server_conn.stream, self)

    def on_close(self, server_conn: Any) -> None:
        """Remove a closed connection."""
        self.crowd.leave(server_conn.stream)
        super().on_close(server_conn)

    def close_longest_idle(self) -> bool:
        """Close the connection that has waited longest for a whole request; return whether any."""
        stream = self.crowd.longest_idle()
        if not isinstance(stream, IOStream):
            return False
        self.crowd.leave(stream)
        stream.close()
        return True

    def _on_shortage(self, error: OSError) -> None:
        self._rarely.say("Can't accept connections for a moment: %s.", error.strerror)
        self.close_longest_idle()


class _Listener(socket.socket):
    """A listening socket that pauses if `accept` fails because descriptors run out.

    Without the pause, the event loop would retry at once, and log each failure, without end.
    """

    def __init__(self, listening: socket.socket, on_shortage: Callable[[OSError], None]) -> None:
        family, kind, proto = listening.family, listening.type, listening.proto
        super().__init__(family, kind, proto, fileno=listening.detach())
        self.setblocking(False)
        self._on_shortage = on_shortage

    def accept(self) -> tuple[socket.socket, Any]:
        try:
            return super().accept()
        except OSError as error:
            if error.errno not in _SHORTAGE:
                raise
            self._on_shortage(error)
        loop = IOLoop.current()
        loop.update_handler(self.fileno(), 0)
        loop.call_later(_PAUSE, self._resume)
        raise BlockingIOError

    def _resume(self) -> None:
        if self.fileno() >= 0:
            IOLoop.current().update_handler(self.fileno(), IOLoop.READ)


class _Request(HTTPMessageDelegate):
    """Receives one request, and refuses it as soon as it is too long or too slow."""

    def __init__(
        self, inner: HTTPMessageDelegate, connection: Any, stream: IOStream, server: LimitedServer
    ) -> None:
        self._inner = inner
        self._connection = connection
        self._stream = stream
        self._server = server
        self._most = MAX_BYTES_OF_BODY
        self._size = 0
        self._is_refused = False
        self._timeout: object = None

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> Awaitable[None] | None:
        if headers.get("Content-Type", "").lower().startswith(_FORM):
            self._most = MAX_BYTES_OF_FORM
        length = headers.get("Content-Length", "")
        if len(getattr(start_line, "path", "")) > MAX_BYTES_OF_URL:
            self._refuse(414)
            return None
        if length.isdecimal() and (len(length) > 9 or int(length) > self._most):
            self._refuse(413)
            return None
        if length or "Transfer-Encoding" in headers:
            self._timeout = IOLoop.current().call_later(SECONDS_FOR_A_REQUEST, self._refuse, 408)
        return self._inner.headers_received(start_line, headers)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        if self._is_refused:
            return None
        self._size += len(chunk)
        if self._size > self._most:
            self._refuse(413)
            return None
        hog = self._server.crowd.receive(self._stream, len(chunk))
        if isinstance(hog, IOStream):
            # Right away: many more chunks may arrive before Tornado notices that it is closed.
            self._server.crowd.leave(hog)
            hog.close()
        return self._inner.data_received(chunk)

    def finish(self) -> None:
        self._forget_timeout()
        if not self._is_refused:
            self._server.crowd.work(self._stream)
            self._inner.finish()

    def on_connection_close(self) -> None:
        self._forget_timeout()
        if not self._is_refused:
            self._inner.on_connection_close()

    def _refuse(self, status: int) -> None:
        self._forget_timeout()
        self._is_refused = True
        if self._stream.closed():
            return
        reason = HTTPStatus(status).phrase
        body = f"{status} {reason}\n".encode()
        headers = HTTPHeaders(
            {"Content-Type": "text/plain", "Content-Length": str(len(body)), "Connection": "close"}
        )
        self._connection.write_headers(ResponseStartLine("HTTP/1.1", status, reason), headers, body)
        self._connection.finish()

    def _forget_timeout(self) -> None:
        if self._timeout is not None:
            IOLoop.current().remove_timeout(self._timeout)
            self._timeout = None


def _answer(stream: IOStream, status: int) -> None:
    """Send a status and close the connection, even if data is still unread or unwritten."""
    _send_status(stream, status)
    stream.close()


def _send_status(stream: IOStream, status: int) -> None:
    if isinstance(stream, SSLIOStream) or stream.socket is None:
        return
    retry = "Retry-After: 5\r\n" if status == 503 else ""
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{retry}"
    with suppress(OSError):
        stream.socket.send(f"{head}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())


def _answer_long_headers(stream: IOStream) -> None:
    """Reply with 431 if headers are too long; Tornado would close the connection silently."""
    close = stream.close

    def answer_and_close(exc_info: Any = False) -> None:
        if isinstance(exc_info, UnsatisfiableReadError):
            _send_status(stream, 431)
        close(exc_info)

    stream.close = answer_and_close  # type: ignore[method-assign]


def log_request(handler: RequestHandler) -> None:
    """Log a request as Tornado does, but not as an error if its client must wait or has left."""
    status = handler.get_status()
    if status == CLIENT_CLOSED_REQUEST or getattr(handler, "is_put_off", False):
        level = logging.INFO
    elif status >= 500:
        level = logging.ERROR
    else:
        level = logging.INFO if status < 400 else logging.WARNING
    milliseconds = 1000 * handler.request.request_time()
    access_log.log(
        level,
        "%d %s %s (%s) %.2fms",
        status,
        handler.request.method,
        shown(handler.request.uri or ""),
        handler.request.remote_ip,
        milliseconds,
    )


def install() -> None:
    """Make Tornado create this server as its `HTTPServer`; call it before the server is created."""
    LimitedServer.crowd = Crowd(raise_descriptors())
    HTTPServer.configure(LimitedServer)
