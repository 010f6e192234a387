"""A real server under attack: what is refused, how, and that another page goes on meanwhile."""

from __future__ import annotations

import json
import re
import resource
import socket
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from dam_inventory.domain.hydrograph import MAX_BYTES
from dam_inventory.server.limits.crowd import MAX_BYTES_OF_BODIES, MAX_REQUESTS
from dam_inventory.server.page_socket import MAX_CONNECTIONS_PER_SESSION
from dam_inventory.session.news import MAX_KEPT
from tests.attacker import Attacker
from tests.servers import PATIENCE
from tests.ui.server import Server, serving, wait_until
from tests.ui.sessions import fetch, session
from tests.visitor import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.long]

MB = 1_000_000
UNKNOWN = "p0"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("hostile"), "--warm") as server:
        yield server


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that waits for some seconds where others wait for half a minute."""
    folder = tmp_path_factory.mktemp("hasty")
    options = ("--warm", "--plugins", "tests.hasty", "--check-unused-sessions", "200")
    with serving(folder, *options) as server:
        yield server


@pytest.fixture(autouse=True)
def _many_files() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@contextmanager
def harmless(server: Server, memory: float = 50, log: int = 60_000) -> Iterator[None]:
    """Fail if an attack costs as much, in MB and in characters, or if another page hears less."""
    process = psutil.Process(server.pid)
    with session(server) as another:
        start, before = server.mark, process.memory_info().rss
        yield
        Attacker(another)  # It asks, and must be answered.
        assert process.memory_info().rss - before < memory * MB
    assert len(server.log) - start < log
    server.forgive()


@contextmanager
def page(server: Server) -> Iterator[ClientConnection]:
    """Open a websocket at which anything can be sent."""
    visitor = Visitor(server)
    with visitor.connected(visitor.token()) as connection:
        yield connection


def expect_closed(connection: ClientConnection, send: Callable[[], object], reason: str) -> None:
    """Send until the server closes the connection, with the status of a broken rule."""
    with pytest.raises(ConnectionClosed) as closed:  # noqa: PT012
        send()
        while True:
            connection.recv(timeout=PATIENCE)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008
    assert reason in closed.value.rcvd.reason


def say(connection: ClientConnection, content: object, kind: str = "PATCH-DOC") -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    for part in (json.dumps({"msgid": "1", "msgtype": kind}), "{}", text):
        connection.send(part)


def change(new: object, model: str = UNKNOWN, attr: str = "tags") -> dict[str, Any]:
    event = {"kind": "ModelChanged", "model": {"id": model}, "attr": attr, "new": new}
    return {"events": [event]}


def models(number: int) -> list[dict[str, Any]]:
    return [{"type": "object", "name": "Range1d", "id": f"x{one}"} for one in range(number)]


PATCH = "PATCH-DOC"
ATTACKS: dict[str, tuple[int, Callable[[int], tuple[object, str]], str]] = {
    "long messages about nothing": (
        100,
        lambda n: (change(f"{n}" * 5 * MB), PATCH),
        "Too many bytes",
    ),
    "messages about nothing": (50, lambda n: (change(f"{n:>9999}"), PATCH), "Ten messages"),
    "many models": (1, lambda _: (change(models(100_000)), PATCH), "no file"),
    "a few more models than allowed": (1, lambda _: (change(models(501)), PATCH), "objects"),
    "deep lists": (1, lambda _: ("[" * 9000 + "]" * 9000, PATCH), "deeply"),
    "no JSON": (1, lambda _: ("\\", PATCH), "JSON"),
    "the whole document": (50, lambda _: ({}, "PULL-DOC-REQ"), "too often"),
    "another document": (1, lambda _: ({"doc": {}}, "PUSH-DOC"), "kind"),
    "a kind that there is not": (1, lambda _: ({}, "BOGUS"), "kind"),
    "a flood": (9000, lambda _: ({}, "SERVER-INFO-REQ"), "Too many messages"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_websocket_that_asks_too_much_is_closed(server: Server, attack: str):
    times, message, reason = ATTACKS[attack]

    def send() -> None:
        for number in range(times):
            say(connection, *message(number))

    start = server.mark
    with harmless(server), page(server) as connection:
        expect_closed(connection, send, reason)
        assert len(re.findall("Closed the websocket of", server.log[start:])) == 1


def test_a_message_of_50_mb_ends_the_connection(server: Server):
    with harmless(server, memory=50), page(server) as connection:
        with pytest.raises(ConnectionClosed) as closed:  # noqa: PT012
            say(connection, change("x" * 50 * MB))
            while True:
                connection.recv(timeout=PATIENCE)
        assert closed.value.rcvd is None or closed.value.rcvd.code == 1009


def test_the_largest_hydrograph_still_arrives(server: Server):
    with page(server) as connection:
        visitor = Attacker(connection)
        visitor.set("DamTable", "clicked", 1)
        visitor.press("Assign hydrograph")
        for line, start in ((1, b""), (2, b"0,1\n")):
            content = b64encode(start.ljust(MAX_BYTES, b"x")).decode()
            visitor.set("FileField", "file", ["flood.csv", MAX_BYTES, 1, 0, content])
            visitor.wait_for_text(f"Line {line} has more than 1,000 characters.")

    server.expect_no_trouble()


def test_one_session_has_few_websockets(server: Server):
    visitor = Visitor(server)
    token = visitor.token()
    with harmless(server), ExitStack() as stack:
        for _ in range(MAX_CONNECTIONS_PER_SESSION):
            connection = stack.enter_context(visitor.connected(token))
            connection.recv(timeout=PATIENCE)  # Only now does it count.
        one_more = stack.enter_context(visitor.connected(token))
        expect_closed(one_more, lambda: None, "too often")


def test_nothing_is_compressed_that_could_be_a_bomb(server: Server):
    with page(server) as connection:  # It offers permessage-deflate, as browsers do.
        assert connection.response is not None
        assert "Sec-WebSocket-Extensions" not in connection.response.headers


def test_a_websocket_that_asks_for_nothing_is_closed(hasty: Server):
    with page(hasty) as connection:
        expect_closed(connection, lambda: None, "Nothing was asked for")
    hasty.forgive()


def test_a_message_that_is_never_finished_is_given_up(hasty: Server):
    with harmless(hasty), page(hasty) as connection:
        # A text frame that announces 10 MB, masked with zeros, and the first of them.
        head = b"\x81\xff" + (10 * MB).to_bytes(8, "big") + bytes(4)
        say(connection, {}, "PULL-DOC-REQ")
        connection.socket.sendall(head + b"x" * MB)
        with pytest.raises(ConnectionClosed):
            for _ in iter(lambda: connection.recv(timeout=PATIENCE), None):
                pass
        hasty.expect_log("Closed the websocket of .* A message was never finished")


@contextmanager
def deaf_page(server: Server) -> Iterator[socket.socket]:
    """Open a page of which nobody reads what comes after the ACK; the kernel keeps little of it."""
    token = Visitor(server).token()
    lines = (
        f"GET /dashboard/ws HTTP/1.1|Host: {server.address}|Origin: {server.origin}"
        f"|Connection: Upgrade|Upgrade: websocket|Sec-WebSocket-Version: 13"
        f"|Sec-WebSocket-Key: {b64encode(bytes(16)).decode()}"
        f"|Sec-WebSocket-Protocol: bokeh, {token}||"
    )
    host, port = server.address.split(":")
    with closing(socket.socket()) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(PATIENCE)
        connection.connect((host, int(port)))
        connection.sendall(lines.replace("|", "\r\n").encode())
        heard = b""
        while b"ACK" not in heard:
            heard += connection.recv(1000)
        yield connection


def frame(text: str) -> bytes:
    """Return a websocket's frame with a short text, masked with zeros."""
    return b"\x81" + bytes([0x80 | len(text)]) + bytes(4) + text.encode()


def test_a_page_that_does_not_read_is_closed_and_its_session_ends(tmp_path: Path):
    forget = ("--unused-session-lifetime", "100", "--check-unused-sessions", "100")
    with (
        serving(tmp_path, "--warm", "--plugins", "tests.unread", *forget) as server,
        deaf_page(server) as connection,
    ):
        server.expect_log(r"Session \d+ subscribed")
        for part in ('{"msgid":"1","msgtype":"PULL-DOC-REQ"}', "{}", "{}"):
            connection.sendall(frame(part))
        server.add_dams("Nobody hears of it")

        server.expect_log("The page does not read what the server sends")
        server.expect_nobody_left()
        for _ in iter(lambda: read(connection), b""):
            pass  # What the kernel has kept, and then the end.
        assert len(server.log) < 60_000
        server.forgive()


def test_a_page_that_stops_reading_costs_little_while_two_thousand_changes_arrive(tmp_path: Path):
    with serving(tmp_path, "--warm") as server, session(server) as another:
        reader = Attacker(another)
        with harmless(server, log=1_000_000), deaf_page(server) as connection:
            for part in ('{"msgid":"1","msgtype":"PULL-DOC-REQ"}', "{}", "{}"):
                connection.sendall(frame(part))
            for heard in range(50, 2_001, 50):
                server.add_dams(*(f"Heard {heard - one}" for one in range(50)))
                what = "new dams have been added" if heard <= MAX_KEPT else "changes have been made"
                reader.wait_for_text(f"{heard:,} {what}")


def read(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65_536)
    except ConnectionResetError:
        return b""


# Requests


def dial(server: Server, *parts: bytes) -> socket.socket:
    """Send bytes, and return the connection."""
    host, port = server.address.split(":")
    connection = socket.create_connection((host, int(port)), timeout=PATIENCE)
    try:
        for part in parts:
            connection.sendall(part)
    except (BrokenPipeError, ConnectionResetError):
        pass  # The server has answered already.
    return connection


def answer(server: Server, *parts: bytes) -> str:
    """Send bytes and return what is answered, up to the end of the connection."""
    with closing(dial(server, *parts)) as connection:
        received = b""
        try:
            while part := connection.recv(65_536):
                received += part
        except ConnectionResetError:
            pass
    return received.decode()


def post(size: int, *more: bytes, kind: bytes = b"text/plain") -> bytes:
    head = b"POST /health HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n"
    return head % (kind, size) + b"".join(one + b"\r\n" for one in more) + b"\r\n"


def get(path: bytes, *more: bytes) -> bytes:
    lines = (b"GET " + path + b" HTTP/1.1", b"Host: x", *more)
    return b"".join(one + b"\r\n" for one in lines) + b"\r\n"


CHUNKED = get(b"/health", b"Transfer-Encoding: chunked").replace(b"GET", b"POST")


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ([post(95 * MB), b"x" * 1000], 413),
        ([post(10**30), b"x" * 1000], 413),
        ([post(100_000, kind=b"application/x-www-form-urlencoded"), b"a=1&" * 10], 413),
        ([CHUNKED, b"100000\r\n" + b"x" * 2**20 + b"\r\n"], 413),
        ([get(b"/dashboard?q=" + b"x" * 20_000)], 414),
        ([get(b"/health", b"Cookie: a=" + b"x" * 200_000)], 431),
        ([get(b"/health", *[b"X-%d: 1" % n for n in range(20_000)])], 431),
        ([post(3, b"Transfer-Encoding: chunked"), b"abc"], 400),
        ([post(3, b"Content-Length: 4"), b"abcd"], 400),
        ([post(3, b"Content-Length: +3"), b"abc"], 400),
    ],
)
def test_a_request_that_is_too_long_or_ambiguous_is_refused(
    server: Server, parts: list[bytes], status: int
):
    with harmless(server):
        told = answer(server, *parts)

    assert told.startswith(f"HTTP/1.1 {status} ")
    assert told.count("HTTP/1.1") == 1


def test_a_form_as_it_is_sent_by_a_login_passes(server: Server):
    form = b"username=ann&password=correct"
    told = answer(
        server,
        post(len(form), b"Connection: close", kind=b"application/x-www-form-urlencoded"),
        form,
    )

    assert told.startswith("HTTP/1.1 405 ")  # /health takes no forms.
    server.forgive()


def test_a_request_that_is_never_finished_is_given_up(hasty: Server):
    with harmless(hasty):
        assert answer(hasty, post(1000), b"x").startswith("HTTP/1.1 408 ")
        assert answer(hasty, b"GET /health HTTP/1.1\r\nHost: x\r\n") == ""
        assert answer(hasty) == ""


def test_half_bodies_are_not_kept_beyond_a_bound(server: Server):
    size = 900_000
    # What the allocator keeps for later is no body any more.
    with harmless(server, memory=250), ExitStack() as stack:
        for _ in range(400):
            stack.enter_context(closing(dial(server, post(MB), b"x" * size)))
        assert urlopen(server.origin + "/health", timeout=PATIENCE).status == 200

        process = psutil.Process(server.pid)
        others = 20
        wait_until(
            lambda: len(process.net_connections()) < MAX_BYTES_OF_BODIES / size + others,
            "the connections with the longest bodies are closed",
        )


def test_half_requests_leave_room_for_whole_ones(server: Server):
    with harmless(server), ExitStack() as stack:
        for _ in range(MAX_REQUESTS + 50):
            stack.enter_context(closing(dial(server, b"GET / HTTP/1.1\r\n")))
        assert urlopen(server.origin + "/health", timeout=PATIENCE).status == 200


def test_without_descriptors_it_waits_and_goes_on(hasty: Server):
    process = psutil.Process(hasty.pid)
    usual = process.rlimit(psutil.RLIMIT_NOFILE)
    start = hasty.mark
    try:
        process.rlimit(psutil.RLIMIT_NOFILE, (process.num_fds() + 20, usual[1]))
        with ExitStack() as stack:
            for _ in range(60):
                stack.enter_context(closing(dial(hasty, b"GET / HTTP/1.1\r\n")))
            hasty.expect_log("Can't accept connections for a moment", start)
            # Its time-outs make room again.
            assert urlopen(hasty.origin + "/health", timeout=PATIENCE).status == 200
    finally:
        process.rlimit(psutil.RLIMIT_NOFILE, usual)
    assert len(hasty.log) - start < 10_000
    hasty.forgive()


# Pages


def created(log: str) -> int:
    return len(re.findall(r"Session \d+ created", log))


def test_pages_that_nobody_waits_for_are_not_made(server: Server):
    start = server.mark
    with harmless(server):
        for _ in range(100):
            dial(server, get(b"/dashboard")).close()
        fetch(server)
        assert created(server.log[start:]) < 10


def test_so_many_pages_wait_and_others_are_asked_to_try_again(hasty: Server):
    places = 5  # of tests.hasty
    with ExitStack() as stack:
        crowd = [
            stack.enter_context(closing(dial(hasty, get(b"/dashboard", b"Connection: close"))))
            for _ in range(places + 15)
        ]
        heads = [one.recv(2000).decode() for one in crowd]
    refused = [head for head in heads if head.startswith("HTTP/1.1 503 ")]

    assert 0 < len(refused) <= 15
    assert len(refused) + sum(head.startswith("HTTP/1.1 200 ") for head in heads) == len(heads)
    seconds = re.search(r"Retry-After: (\d+)", refused[0])
    assert seconds is not None
    assert f'<meta http-equiv="refresh" content="{seconds[1]}">' in refused[0]
    hasty.expect_no_trouble()


def test_sessions_that_nobody_opens_come_to_an_end(hasty: Server):
    start = hasty.mark
    for _ in range(7):
        fetch(hasty)

    wait_until(lambda: len(re.findall(r"Session \d+ unsubscribed", hasty.log[start:])) >= 4)
    with session(hasty):
        pass
    hasty.expect_no_trouble()
