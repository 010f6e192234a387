"""Somebody who sends a login, right or wrong, and may not wait for the answer."""

from __future__ import annotations

import select
from contextlib import closing
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode

from tests.servers import PATIENCE
from tests.ui.server import Server


@dataclass(frozen=True)
class Answer:
    """What the server has answered to a login, wherever it leads."""

    status: int
    headers: Message
    text: str

    @classmethod
    def of(cls, response: HTTPResponse) -> Answer:
        return cls(response.status, response.headers, response.read().decode())


class Guess:
    """A login that somebody sends, without waiting for the answer."""

    def __init__(
        self, server: Server, address: str = "127.0.0.1", name: str = "ann",
        password: str = "wrong", **headers: str,
    ) -> None:  # fmt: skip
        self._connection = HTTPConnection(server.address, timeout=PATIENCE)
        known = {"X-Real-IP": address, "Content-Type": "application/x-www-form-urlencoded"}
        form = {"username": name, "password": password}
        self._connection.request("POST", "/login", urlencode(form), {**known, **headers})

    def answer(self) -> Answer:
        """Wait for the answer, and hang up."""
        with closing(self._connection):
            return Answer.of(self._connection.getresponse())

    @property
    def is_answered(self) -> bool:
        """Whether an answer has begun to arrive."""
        return bool(select.select([self._connection.sock], [], [], 0)[0])

    def drop(self) -> None:
        self._connection.close()
