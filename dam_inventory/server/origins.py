"""What a page of another site needs to show the dashboard, for the sites that the server allows."""

from __future__ import annotations

from urllib.parse import urlsplit

from bokeh.server.util import check_allowlist
from bokeh.settings import settings
from tornado.web import RequestHandler


class ReadByHosts(RequestHandler):
    """Lets the pages of allowed origins read an answer, as they may open a websocket."""

    def set_default_headers(self) -> None:
        """Allow the origin of the request, if it may open a websocket."""
        super().set_default_headers()
        self.set_header("Vary", "Origin")
        origin = self.request.headers.get("Origin", "")
        allowed = settings.allowed_ws_origin() or self.application.websocket_origins  # type: ignore[attr-defined]
        host = _host(origin)
        if host and check_allowlist(host, list(allowed)):
            self.set_header("Access-Control-Allow-Origin", origin)


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
