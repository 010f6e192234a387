"""What is sent, and when, without an inventory."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application

from dam_inventory.errors import InvalidFile, NoStorage
from dam_inventory.server.api import sending
from dam_inventory.server.api.sending import Sending
from dam_inventory.session.workers import EXPORTERS, exporters
from tests.starting import PATIENCE


def fetched(
    chunks: Callable[[], Iterator[bytes]] | None, on_header: Callable[[str], None] | None = None
) -> HTTPResponse:
    """Fetch what a handler streams, or else a small answer that it computes."""

    class Handler(Sending):
        async def get(self) -> None:
            if chunks is None:
                await self.answer(await self.compute(lambda: b"small"), "text/plain")
            else:
                await self.stream(chunks())

    async def fetch() -> HTTPResponse:
        socket, port = bind_unused_port()
        server = HTTPServer(Application([("/", Handler)]))
        server.add_sockets([socket])
        try:
            return await AsyncHTTPClient(force_instance=True).fetch(
                f"http://127.0.0.1:{port}/",
                raise_error=False,
                request_timeout=PATIENCE,
                header_callback=on_header,
            )
        finally:
            server.stop()
            await server.close_all_connections()

    return asyncio.run(fetch())


def test_the_headers_of_a_file_do_not_wait_until_it_is_built(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sending, "SECONDS_TO_BEGIN", 0)
    has_headers = threading.Event()

    def chunks() -> Iterator[bytes]:
        yield b""
        assert has_headers.wait(PATIENCE)
        yield b"file"

    answer = fetched(chunks, lambda _: has_headers.set())
    assert (answer.code, has_headers.is_set()) == (200, True)


@pytest.mark.parametrize(("kind", "status"), [(InvalidFile, 400), (NoStorage, 507)])
def test_a_file_that_fails_while_it_is_built_has_the_status_of_its_cause(
    kind: type[InvalidFile], status: int
):
    def chunks() -> Iterator[bytes]:
        yield b""
        raise kind("It does not fit.")

    answer = fetched(chunks)
    assert answer.code == status
    assert b"It does not fit." in answer.body


def test_small_answers_do_not_wait_for_files():
    may_end = threading.Event()
    try:
        for _ in range(EXPORTERS):
            exporters.do(lambda: may_end.wait(PATIENCE), lambda _: None)
        assert exporters.is_full
        assert fetched(None).body == b"small"
        assert not may_end.is_set()
    finally:
        may_end.set()
