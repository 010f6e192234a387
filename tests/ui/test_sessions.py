"""Sessions that end leave nothing behind."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from urllib.request import urlopen

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.ui.server import PATIENCE, Server, wait_until


@pytest.fixture(scope="module")
def counting_server(serve: Callable[..., Server]) -> Server:
    """A server that tells what it holds, and forgets a session soon after its page has gone."""
    server = serve(
        *("--plugins", "tests.ui.counts"),
        *("--unused-session-lifetime", "2000", "--check-unused-sessions", "200"),
    )
    fetch(server)  # What is made once per process is made.
    expect_all_gone(server)
    return server


def fetch(server: Server) -> str:
    """Return the page, as a robot gets it that goes no further."""
    with urlopen(server.url, timeout=PATIENCE) as answer:
        return answer.read().decode()


@contextmanager
def session(server: Server) -> Iterator[ClientConnection]:
    """Open the dashboard as a browser does, but without drawing it."""
    token = re.findall(r'"token":\s*"([^"]+)"', fetch(server))[0]
    address = server.url.replace("http:", "ws:") + "/ws"
    with connect(
        address,
        subprotocols=["bokeh", token],  # type: ignore[list-item]
        origin=server.url.removesuffix("/dashboard"),  # type: ignore[arg-type]
        max_size=None,
    ) as socket:
        wait_for_answer(socket, '"ACK"')
        ask(socket, "PULL-DOC-REQ", {})
        event = {"type": "event", "name": "document_ready", "values": {"type": "map"}}
        sent = {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event}
        ask(socket, "PATCH-DOC", {"events": [sent]})
        yield socket


def ask(socket: ClientConnection, kind: str, content: object) -> None:
    """Send a message of Bokeh's protocol, and wait for its answer."""
    for part in ({"msgid": kind, "msgtype": kind}, {}, content):
        socket.send(json.dumps(part))
    wait_for_answer(socket, f'"reqid":"{kind}"')


def wait_for_answer(socket: ClientConnection, part: str) -> None:
    """Read what the server says up to a fragment with this in it."""
    while part not in str(socket.recv(timeout=PATIENCE)).replace(" ", ""):
        pass


def expect_all_gone(server: Server) -> dict[str, int]:
    """Wait until no session is left, and return what the server holds then."""
    server.expect_nobody_left()
    wait_until(lambda: server.counts()["documents"] <= 1, "the end of all documents")
    return server.counts()


def test_200_sessions_opened_and_closed_leave_nothing_behind(counting_server: Server) -> None:
    server = counting_server
    held = []

    for wave in range(4):
        with ExitStack() as stack:
            for _ in range(50):
                stack.enter_context(session(server))
            assert server.counts()["subscriptions"] == 50
            start = server.mark
            server.add_dams(f"Wave {wave}")
            server.expect_log(r"INFO .*Published change \d+ to 50 sessions", start)
        held.append(expect_all_gone(server))

    assert [one["subscriptions"] for one in held] == [0, 0, 0, 0]
    assert len({one["documents"] for one in held}) == 1
    assert held[-1]["models"] <= held[0]["models"]
    # A session is some 5,000 objects and more than a megabyte; those that one wave leaves free
    # are enough for the next.
    assert held[-1]["objects"] - held[0]["objects"] < 3_000
    assert held[-1]["memory"] - held[1]["memory"] < 25e6


def test_a_page_that_was_only_fetched_ends_too(counting_server: Server) -> None:
    start = counting_server.mark

    for _ in range(3):
        fetch(counting_server)
    expect_all_gone(counting_server)

    log = counting_server.log[start:]
    assert len(re.findall(r"INFO .*Session \d+ subscribed", log)) == 3
    assert len(re.findall(r"INFO .*Session \d+ unsubscribed", log)) == 3
    counting_server.expect_no_trouble()
