"""A browser without a window: it logs in, reads pages and opens their websockets."""

from __future__ import annotations

import http.cookiejar
import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit

from websockets.sync.client import ClientConnection, connect

from tests.servers import PATIENCE
from tests.ui.server import ROOT, Server

SECRET = b"k" * 44
SAFE = {
    "BOKEH_SIGN_SESSIONS": "true",
    "BOKEH_SECRET_KEY": SECRET.decode(),
    "PANEL_COOKIE_SECRET": "c" * 44,
}
WITH_PASSWORDS = ("--auth-module", str(ROOT / "auth.py"))


def password_of(name: str) -> str:
    return f"the password of {name}"


class Visitor:
    """Somebody with cookies of their own at a server."""

    def __init__(self, server: Server) -> None:
        self.url = server.url
        self.origin = server.url.rpartition("/")[0]
        self.cookies = http.cookiejar.CookieJar()
        self.headers: dict[str, str] = {}
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def open(self, path: str = "/dashboard", **form: str) -> tuple[int, str, str]:
        """Return status, path at last and text of a page, after sending a form if one is given."""
        data = urlencode(form).encode() if form else None
        request = urllib.request.Request(self.origin + path, data, self.headers)
        try:
            answer = self._opener.open(request, timeout=PATIENCE)
        except HTTPError as error:
            answer = error
        with answer:
            return answer.status, urlsplit(answer.url).path, answer.read().decode()

    def log_in(self, name: str, password: str) -> bool:
        """Return whether the dashboard was shown after a login."""
        self.open("/dashboard")
        _, path, _ = self.open("/login", username=name, password=password)
        return path == "/dashboard"

    def token(self) -> str:
        """Open the dashboard, and return the token with which its page opens the websocket."""
        _, _, text = self.open("/dashboard")
        found = re.search(r'"token":"([^"]+)"', text)
        assert found, text
        return found[1]

    @contextmanager
    def connected(
        self, token: str, origin: str | None = None, query: str = ""
    ) -> Iterator[ClientConnection]:
        """Open the websocket of the session that a token is for.

        Raises InvalidStatus or ConnectionClosed where the server refuses.
        """
        header = "; ".join(f"{one.name}={one.value}" for one in self.cookies)
        url = self.url.replace("http", "ws", 1) + "/ws" + query
        with connect(
            url,
            subprotocols=["bokeh", token],
            origin=origin or self.origin,
            additional_headers={"Cookie": header},
            proxy=None,
            max_size=None,
            max_queue=None,  # Whoever closes it need not have read everything.
            open_timeout=PATIENCE,
            close_timeout=PATIENCE,
        ) as connection:
            assert '"ACK"' in connection.recv(timeout=PATIENCE)
            yield connection
