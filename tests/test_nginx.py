"""The limits of deploy/nginx, with the real nginx before a process that answers everything."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.nginx import nginx, port_for_nginx
from tests.starting import PATIENCE

pytestmark = pytest.mark.slow

AT_ONCE = 10


@dataclass
class Process:
    """What is behind nginx: where, and how often it was asked for what."""

    address: str
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)


@contextmanager
def process() -> Iterator[Process]:
    """Answer every request with its path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer()

        def do_POST(self) -> None:
            self.answer()

        def answer(self) -> None:
            told.asked[self.command, self.path] += 1
            body = self.path.encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told = Process(f"127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()


def ask(address: str, method: str, path: str, client: str = "127.0.0.2") -> tuple[int, str]:
    """Ask nginx from one of this machine's own addresses."""
    host = address.removeprefix("http://")
    with closing(HTTPConnection(host, timeout=PATIENCE, source_address=(client, 0))) as connection:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def accepted(address: str, path: str) -> tuple[range, int, str]:
    """Try to log in until that is refused.

    Return how often it may be accepted: a slow machine earns an attempt a second. And how often
    it was, and the refusal.
    """
    begin = time.monotonic()
    for count in itertools.count():
        status, text = ask(address, "POST", path)
        if status != 200:
            assert status == 429
            return range(AT_ONCE, AT_ONCE + int(time.monotonic() - begin) + 1), count, text
    raise AssertionError


def test_the_eleventh_quick_attempt_to_log_in_is_refused_but_nothing_else_is(tmp_path: Path):
    with process() as behind, nginx(tmp_path, port_for_nginx(), behind, behind) as address:
        allowed, count, refusal = accepted(address, "/login?next=%2F")

        assert count in allowed
        assert refusal == "Too many attempts. Wait a moment and try again.\n"
        assert behind.asked["POST", "/login?next=%2F"] == count
        for path in ("/login", "/dashboard", "/health"):
            assert ask(address, "GET", path) == (200, path)
        assert ask(address, "POST", "/login", "127.0.0.3") == (200, "/login")


@pytest.mark.parametrize("path", ["//login", "/./login", "/x/../login", "/%6Cogin"])
def test_another_spelling_of_the_path_is_counted_too(tmp_path: Path, path: str):
    with process() as behind, nginx(tmp_path, port_for_nginx(), behind, behind) as address:
        allowed, count, _ = accepted(address, path)

    assert count in allowed
