"""The routes of the API."""

from __future__ import annotations

from tornado.web import RequestHandler

from .changes import ChangesHandler
from .landing import Landing, Nothing
from .links import API

Route = tuple[str, type[RequestHandler], dict[str, object]]

ROUTES: list[Route] = [
    (rf"{API}/?", Landing, {}),
    (rf"{API}/changes", ChangesHandler, {}),
    (rf"{API}/.*", Nothing, {}),
]
"""What the API has; the first route that matches a path counts."""
