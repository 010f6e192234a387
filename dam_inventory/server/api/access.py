"""Who may use the API."""

from __future__ import annotations

from tornado.web import RequestHandler

from ...domain.permissions import User


class Refused(Exception):
    """A request is refused. retry_after: seconds after which another attempt makes sense."""

    def __init__(self, status: int, description: str, retry_after: int | None = None) -> None:
        self.status = status
        self.description = description
        self.retry_after = retry_after
        super().__init__(description)


async def user_of(handler: RequestHandler) -> User:
    """Return the user who sends a request; raise Refused if there is none."""
    return User(None, frozenset())
