"""Two processes on one inventory behind nginx, configured as in deploy/."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from tests.nginx import nginx, port_for_nginx
from tests.servers import PATIENCE
from tests.ui.conftest import OpenPage
from tests.ui.server import Server, serving
from tests.visitor import SAFE, Visitor

pytestmark = pytest.mark.long

COOKIE = "dam_inventory_visitor"


class Pair:
    """Two servers behind one address."""

    def __init__(self, servers: tuple[Server, Server], address: str) -> None:
        self.servers = servers
        self.address = address

    def ask(self, path: str, cookie: str = "") -> HTTPResponse:
        request = Request(self.address + path, headers={"Cookie": cookie} if cookie else {})
        return urlopen(request, timeout=PATIENCE)

    def server_of(self, cookie: str) -> Server:
        """Return the server to which nginx takes whoever has this cookie."""
        with self.ask("/pid", cookie) as answer:
            pid = int(answer.read())
        return next(server for server in self.servers if server.pid == pid)

    def cookie_for(self, server: Server) -> str:
        """Return the value of a cookie that leads to this server."""
        values = (f"visitor-{number}" for number in itertools.count())
        return next(one for one in values if self.server_of(f"{COOKIE}={one}") is server)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    port = port_for_nginx()
    options = (
        *("--warm", "--use-xheaders", "--plugins", "tests.routes"),
        *("--allow-websocket-origin", f"127.0.0.1:{port}"),
    )
    url = f"sqlite:///{tmp_path_factory.mktemp('inventory') / 'dams.db'}"
    folders: list[Path] = [tmp_path_factory.mktemp(name) for name in ("one", "two", "nginx")]
    with (
        serving(folders[0], *options, environment=SAFE, database_url=url) as one,
        serving(folders[1], *options, environment=SAFE, database_url=url) as two,
        nginx(folders[2], port, one, two) as address,
    ):
        yield Pair((one, two), address)


def test_a_visitor_gets_a_cookie_once_and_always_the_same_process(pair: Pair) -> None:
    with pair.ask("/dashboard") as answer:
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
    with pair.ask("/dashboard", cookie) as answer:
        again = answer.headers["Set-Cookie"]

    assert cookie.startswith(f"{COOKIE}=")
    assert again is None
    assert len({pair.server_of(cookie).url for _ in range(10)}) == 1


def test_a_session_that_one_process_has_signed_is_good_at_the_other(pair: Pair) -> None:
    one, two = (Visitor(server) for server in pair.servers)
    token = one.token()

    with two.connected(token):
        pass


def test_its_health_is_that_of_a_process(pair: Pair) -> None:
    with pair.ask("/health") as answer:
        assert json.load(answer)["database"] is True


@pytest.mark.parametrize("path", ["/static/js/bokeh.min.js", "/dashboard", "/api/dams.geojson"])
def test_what_is_sent_is_packed_once(pair: Pair, path: str) -> None:
    def ask(origin: str, accepted: str) -> tuple[str | None, bytes]:
        request = Request(origin + path, headers={"Accept-Encoding": accepted})
        with urlopen(request, timeout=PATIENCE) as answer:
            return answer.headers["Content-Encoding"], answer.read()

    packing, body = ask(pair.address, "gzip")
    plain, start = ask(pair.servers[0].origin, "identity")

    assert (packing, plain) == ("gzip", None)
    assert gzip.decompress(body)[:50] == start[:50]
    assert ask(pair.address, "identity")[0] is None


def test_a_long_body_reaches_no_process(pair: Pair) -> None:
    with pytest.raises(HTTPError, match="413"):
        urlopen(pair.address + "/login", b"x" * 2_000_000, timeout=PATIENCE)


def test_two_people_at_two_processes_hear_of_each_other_and_outlive_one(
    pair: Pair, open_page: OpenPage
) -> None:
    one, two = pair.servers
    marks = [one.mark, two.mark]
    author, reader = (
        open_page(
            server, at=pair.address, cookies={COOKIE: pair.cookie_for(server)}, may_be_cut=True
        )
        for server in pair.servers
    )
    one.expect_log("WebSocket connection opened", marks[0])
    two.expect_log("WebSocket connection opened", marks[1])

    author.add_dam(name="Hoover")
    author.expect_toast('Your dam has been added: "Hoover".')
    reader.expect_toast('A new dam has been added: "Hoover". Reload to see it.')
    author.settle()
    assert author.toasts_seen == ['Your dam has been added: "Hoover".']
    assert reader.toasts_seen == ['A new dam has been added: "Hoover". Reload to see it.']

    mark = two.mark
    os.kill(one.pid, signal.SIGKILL)
    one.wait(PATIENCE)

    two.expect_log("WebSocket connection opened", mark)
    author.wait_until_open()
    expect(author.table.row("Hoover")).to_be_visible()
    two.add_dams("Glen Canyon")
    author.expect_toast('A new dam has been added: "Glen Canyon". Reload to see it.')


def test_whoever_asks_for_too_many_pages_is_asked_to_try_again(pair: Pair) -> None:
    host, port = pair.address.removeprefix("http://").split(":")

    def ask(_: int) -> tuple[int, str]:
        with closing(HTTPConnection(host, int(port), timeout=PATIENCE)) as connection:
            # It is counted here, and refused by the process at little cost.
            connection.request("GET", "/dashboard?bokeh-token=a&bokeh-session-id=b")
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(ask, range(400)))

    refused = [text for status, text in answers if status == 503]
    assert refused
    assert all('<meta http-equiv="refresh"' in text for text in refused)
    with pair.ask("/health") as answer:
        assert answer.status == 200
    for server in pair.servers:
        server.forgive()
