"""What a real `panel serve` owes its keeper: to say how it is, and to end when it is told to."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from dam_inventory.server.auth import passwords
from tests.servers import PATIENCE
from tests.ui.server import ROOT, Server, serving
from tests.ui.sessions import fetch, session, wait_for_message
from tests.visitor import SAFE

pytestmark = pytest.mark.slow

SECONDS_TO_END = 2
CROWD = 50
Serve = Callable[..., Server]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start servers that a test may end or harm."""
    with ExitStack() as stack:
        yield lambda *options, **more: stack.enter_context(serving(tmp_path, *options, **more))


@dataclass
class Crowd:
    """Pages that have all come at once.

    open_at: how many of them were open whenever the server had said how it is.
    """

    server: Server
    pages: list[ClientConnection]
    open_at: list[int]


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    with ExitStack() as stack, serving(tmp_path_factory.mktemp("crowd"), "--warm") as server:
        crowd = Crowd(server, [], [])

        def come(_: int) -> None:
            crowd.pages.append(stack.enter_context(session(server, CROWD * PATIENCE)))

        def watch() -> None:
            while len(crowd.pages) < CROWD:
                assert health(server.origin)[0] == 200
                crowd.open_at.append(len(crowd.pages))

        with ThreadPoolExecutor(CROWD + 1) as pool:
            watched = pool.submit(watch)
            list(pool.map(come, range(CROWD)))
            watched.result()
        yield crowd


def health(address: str) -> tuple[int, dict[str, Any]]:
    try:
        answer = urlopen(address + "/health", timeout=PATIENCE)
    except HTTPError as error:
        answer = error
    with answer:
        return answer.status, json.load(answer)


def expect_end(server: Server, how: signal.Signals = signal.SIGTERM) -> None:
    """Tell the server to end, and fail when it, or a child of it, doesn't."""
    process = psutil.Process(server.pid)
    all_of_it = [process, *process.children(recursive=True)]
    os.kill(server.pid, how)
    assert server.wait(SECONDS_TO_END) == 0
    assert psutil.wait_procs(all_of_it, timeout=0.1)[1] == []


def test_its_health_is_told_to_everybody_and_truly(serve: Serve):
    server = serve("--warm")
    start = server.mark

    status, told = health(server.origin)
    assert (status, told["status"], told["database"], told["seq"]) == (200, "ok", True, 2)
    server.add_dams("Hoover")
    assert health(server.origin)[1]["seq"] == 3
    with closing(sqlite3.connect(server.database)) as database:
        database.execute("ALTER TABLE changes RENAME TO gone")
        status, told = health(server.origin)
        assert (status, told["status"], told["database"]) == (503, "unavailable", False)
        server.expect_complaint("The database does not answer", start)
        server.expect_log("Can't read the change log", start)
        database.execute("ALTER TABLE gone RENAME TO changes")
    assert health(server.origin)[0] == 200
    server.forgive()
    assert not re.search("WebSocket|subscribed", server.log[start:])


def test_its_health_needs_no_login_and_moves_with_the_prefix(serve: Serve, tmp_path: Path):
    passwords.set_password(tmp_path / "passwords.json", "ann", "correct horse")
    auth = ("--auth-module", str(ROOT / "auth.py"))
    server = serve("--warm", *auth, prefix="/dams", environment=SAFE)

    assert health(server.origin)[0] == 200


@pytest.mark.long
def test_while_a_crowd_comes_there_is_time_for_others(crowd: Crowd):
    steps = [later - sooner for sooner, later in pairwise([0, *crowd.open_at, CROWD])]

    assert len(crowd.pages) == CROWD
    assert max(steps) < CROWD / 5


@pytest.mark.long
def test_each_of_a_crowd_hears_of_a_new_dam(crowd: Crowd):
    crowd.server.add_dams_unheard("Hoover")

    for page in crowd.pages:
        wait_for_message(page, "Hoover")


@pytest.mark.long
def test_it_ends_at_once_with_all_its_pages(crowd: Crowd):
    start = crowd.server.mark

    expect_end(crowd.server)

    for page in crowd.pages:
        with pytest.raises(ConnectionClosed, match="1001"):
            wait_for_message(page, "more")
    log = crowd.server.log[start:]
    assert f"Ended {CROWD} sessions." in log
    assert ". Active sessions: 0." in log
    assert "Closed the inventory." in log


def test_it_ends_with_the_terminals_interrupt(serve: Serve):
    server = serve("--warm")
    with session(server):
        expect_end(server, signal.SIGINT)

    assert "Closed the inventory." in server.log


def test_an_interrupt_ends_it_in_turn_whatever_it_is_at(serve: Serve):
    server = serve("--warm", "--plugins", "tests.routes")
    with session(server):
        urlopen(server.origin + "/interrupt", timeout=PATIENCE).close()
        assert server.wait(SECONDS_TO_END) == 0

    assert "Ended 1 sessions." in server.log


def test_it_ends_before_it_has_served_anybody(serve: Serve):
    expect_end(serve("--warm"))


def test_it_leaves_behind_what_waits_for_ever(serve: Serve):
    server = serve("--warm", "--plugins", "tests.routes")
    fetch(server)
    urlopen(server.origin + "/stuck", timeout=PATIENCE).close()
    start = server.mark

    expect_end(server)

    server.expect_complaint("Something still waits after 1.5 seconds, and is left behind", start)


def test_the_log_tells_who_listens_and_what_was_published(serve: Serve):
    server = serve("--warm")
    start = server.mark
    with session(server):
        server.expect_log(r"INFO .*Session \d+ subscribed\. Active sessions: 1", start)
        server.add_dams("Logged")
        server.expect_log(r"INFO .*Published change \d+ to 1 sessions", start)
