"""Who had a page closed for what it sent waits for the next one, as a page and as a websocket."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from panel.io.server import DocHandler

from dam_inventory.server import page_socket
from dam_inventory.server.handlers import Page
from dam_inventory.server.internals import SessionSocket
from dam_inventory.server.limits.admission import PENALTIES
from dam_inventory.server.limits.messages import MessageRefused
from dam_inventory.server.page_socket import PageSocket

ADDRESS = "10.0.0.9"


class Session:
    id = "an ID that nobody else has"

    def request_expiration(self) -> None:
        """Nothing is left of this session."""


@pytest.fixture
def steps(monkeypatch) -> list[str]:
    """What was done, in its order."""
    done: list[str] = []

    async def served(address: str) -> None:
        done.append(f"{address} has waited")

    async def make(*_: object) -> Session:
        done.append("the session was made")
        return Session()

    monkeypatch.setattr(PENALTIES, "served", served)
    monkeypatch.setattr(DocHandler, "get_session", make)
    monkeypatch.setattr(SessionSocket, "open_session", make)
    return done


def test_a_page_is_made_after_the_wait(steps):
    page = Page.__new__(Page)
    page.request = SimpleNamespace(remote_ip=ADDRESS)

    asyncio.run(page.get_session())

    assert steps == [f"{ADDRESS} has waited", "the session was made"]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ([], [f"{ADDRESS} has waited", "the session was made"]),
        ([SimpleNamespace(id="one")], ["the session was made"]),
    ],
    ids=["a new one", "back to its own"],
)
def test_a_websocket_waits_for_a_new_session_alone(steps, monkeypatch, known, expected):
    monkeypatch.setattr(page_socket, "get_session_id", lambda token: token)
    socket = PageSocket.__new__(PageSocket)
    socket.request = SimpleNamespace(remote_ip=ADDRESS)
    socket.application_context = SimpleNamespace(sessions=known)
    socket._place = page_socket.Place()
    socket.connection = socket.ws_connection = None

    asyncio.run(socket.open_session("one"))

    assert steps == expected


def test_a_refused_message_is_what_one_waits_for(monkeypatch):
    monkeypatch.setattr(PENALTIES, "_until", {})
    monkeypatch.setattr(PageSocket, "close", lambda *_: None)
    socket = PageSocket.__new__(PageSocket)
    socket.request = SimpleNamespace(remote_ip=ADDRESS)
    socket._is_refused = False

    socket.refuse(MessageRefused("Too much."))

    assert PENALTIES.left(ADDRESS) > 0
