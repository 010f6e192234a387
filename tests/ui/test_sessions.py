"""Sessions that end leave nothing behind."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from tests.ui.server import Server, wait_until
from tests.ui.sessions import fetch, session

pytestmark = pytest.mark.long


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


def expect_all_gone(server: Server) -> dict[str, int]:
    """Wait until no session is left, and return what the server holds then."""
    server.expect_nobody_left()
    wait_until(lambda: server.counts()["documents"] <= 1, "the end of all documents")
    return server.counts()


def test_40_sessions_opened_and_closed_leave_nothing_behind(counting_server: Server) -> None:
    server = counting_server
    held = []

    for wave in range(4):
        with ExitStack() as stack:
            for _ in range(10):
                stack.enter_context(session(server))
            assert server.counts()["subscriptions"] == 10
            start = server.mark
            server.add_dams(f"Wave {wave}")
            server.expect_log(r"INFO .*Published change \d+ to 10 sessions", start)
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


def test_the_server_frees_closed_pages_by_itself(counting_server: Server) -> None:
    server = counting_server
    with ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(session(server))
        assert server.counts(garbage=True)["documents"] >= 5

    server.expect_nobody_left()

    wait_until(lambda: server.counts(garbage=True)["documents"] <= 1, "the end of all documents")
