"""What anybody can send to the API, and what it sends back."""

from __future__ import annotations

import datetime as dt
import re
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.nginx import nginx, port_for_nginx
from tests.server.api.client import Client, ids
from tests.starting import PATIENCE, wait_until
from tests.ui.server import Server, serving

pytestmark = pytest.mark.slow

Serve = Callable[..., Client]
EVERY = ("", "/collections/dams/items", "/collections/dams/items/1", "/dams.csv", "/nothing")


@pytest.fixture
def serve(inventory_file: Path, tmp_path: Path) -> Iterator[Serve]:
    """Serve the made dams with settings of a test's own."""
    with ExitStack() as stack:

        def serve(*options: str, **more: object) -> Client:
            (tmp_path / "dams.db").write_bytes(inventory_file.read_bytes())
            server = stack.enter_context(serving(tmp_path, "--warm", *options, **more))
            client = Client(server.origin + "/api")

            def forgive() -> None:
                client.get(server.origin + "/health")  # Afterward, all responses are logged.
                server.forgive()

            stack.callback(forgive)
            return client

        yield serve


def raw_answer(client: Client, *lines: bytes) -> bytes:
    """Send the lines of a request as they are, and return all that comes back."""
    address = urlsplit(client.root)
    with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as connection:
        connection.sendall(b"\r\n".join([*lines, b"Connection: close", b"", b""]))
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("path", EVERY)
def test_other_methods_are_refused(client: Client, method: str, path: str):
    answer = client.get(path, method)
    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    if method != "TRACE":
        assert answer.json["code"] == "MethodNotAllowed"


@pytest.mark.parametrize(
    "query",
    [
        "a=%", "a=%zz", "owner=%ff%fe", "%ff=1", "=", "&&&", "limit=%00", "bbox=%F0%9F",
        "&".join(f"p{number}=1" for number in range(900)),
        "&".join(f"owner={number}" for number in range(900)),
        "owner=" + "x" * 15_000, "search=" + "y+" * 5_000, "limit=" + "9" * 5_000,
        "state[]=Utah", "datetime=" + "../" * 1_000, "bbox=" + ",".join("1" * 3_000),
        "near=1e999,0,1", "height=1e400..", "nid_height_ft=1e400", "after=-1", "after=" + "9" * 30,
    ],
)  # fmt: skip
def test_forged_parameters_are_answered_in_a_sentence(client: Client, query: str):
    answer = client.get(f"/collections/dams/items?{query}")
    assert answer.status in (200, 400)
    if answer.status == 400:
        assert {*answer.json} == {"code", "description"}
        assert len(answer.json["description"]) < 500


@pytest.mark.parametrize("path", EVERY)
def test_every_answer_has_headers_that_protect(client: Client, path: str):
    answer = client.get(path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Origin" in answer.headers["Vary"]
    assert answer.headers["Access-Control-Allow-Origin"] is None
    assert answer.headers["Server"] is None


def test_a_forged_host_is_in_no_address(client: Client):
    for host in (b'evil.example"><script>', b"a b", b"", b"[::1", b"x" * 300):
        answer = raw_answer(client, b"GET /api HTTP/1.1", b"Host: " + host)
        assert b"<script" not in answer
        assert not answer.startswith(b"HTTP/1.1 500")


def test_a_prefix_of_a_client_does_not_count_without_a_proxy(client: Client):
    landing = client.get("", X_Forwarded_Prefix="/evil", X_Forwarded_Proto="https")
    assert landing.link("self") == f"{client.root}?f=json"


def test_who_asks_too_often_is_told_when_to_come_again(serve: Serve):
    client = serve(api_requests_per_minute=5)
    answers = [client.get() for _ in range(8)]
    assert [one.status for one in answers[:5]] == [200] * 5
    refused = answers[-1]
    assert refused.status == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.json["code"] == "TooManyRequests"
    assert refused.headers["X-Content-Type-Options"] == "nosniff"


def test_without_the_api_there_is_nothing(serve: Serve):
    client = serve(api="no")
    for path in EVERY:
        assert client.get(path).status == 404
    assert "turned off" in client.get().json["description"]


def test_pages_of_other_sites_may_read_it_only_if_they_are_named(serve: Serve):
    ours = "https://maps.example.org"
    client = serve(api_origins=f"{ours} http://localhost:3000")
    for path in EVERY:
        assert client.get(path, Origin=ours).headers["Access-Control-Allow-Origin"] == ours
        for other in ("https://evil.example", "https://maps.example.org.evil.example", "null"):
            answer = client.get(path, Origin=other)
            assert answer.headers["Access-Control-Allow-Origin"] is None
            assert "Origin" in answer.headers["Vary"]
    asked = client.get("", "OPTIONS", Origin=ours, Access_Control_Request_Method="GET")
    assert asked.status == 204
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    allowed = asked.headers["Access-Control-Allow-Headers"].split(", ")
    assert {"Authorization", "If-None-Match", "If-Modified-Since", "Last-Event-ID"} <= {*allowed}
    assert client.get("", Origin=ours).headers["Access-Control-Allow-Credentials"] is None


def test_it_answers_from_memory_while_the_database_is_away(server: Server, client: Client):
    with closing(sqlite3.connect(server.database)) as database:
        database.execute("ALTER TABLE changes RENAME TO gone")
        try:
            assert client.get("/collections/dams/items/1").status == 200
            assert client.get("/dams.csv?owner=Owner+1").status == 200
            away = client.get("/history.csv")
            assert away.status == 503
            assert int(away.headers["Retry-After"]) > 0
        finally:
            database.execute("ALTER TABLE gone RENAME TO changes")


def changed_in_a_second_of_its_own(server: Server) -> dt.datetime:
    """Change the inventory until the last two changes were not made in one second."""

    def changes() -> list[dt.datetime]:
        return [one.at.replace(microsecond=0) for one in server.inventory.history(most=2)]

    wait_until(lambda: server.add_dam("One more") and len({*changes()}) == 2, "another second")
    return changes()[0]


@pytest.mark.parametrize("path", ["/collections", "/collections/dams/items", "/dams.csv"])
def test_what_has_not_changed_since_is_not_sent_again(server: Server, client: Client, path: str):
    moment = changed_in_a_second_of_its_own(server)
    told = client.get(path, "HEAD").headers["Last-Modified"]
    assert parsedate_to_datetime(told) == moment
    again = client.get(path, If_Modified_Since=told)
    assert (again.status, again.body) == (304, b"")
    later = format_datetime(moment + dt.timedelta(seconds=1), usegmt=True)
    for other in (later, "x", ""):
        assert client.get(path, "HEAD", If_Modified_Since=other).status == 200
    assert client.get(path, "HEAD", If_Modified_Since=told, If_None_Match='"x"').status == 200
    server.add_dam("Added later")
    assert client.get(path, "HEAD", If_Modified_Since=told).status == 200


def test_parts_of_an_answer_are_not_offered(client: Client):
    for path in ("", "/dams.gpkg"):
        assert client.get(path, "HEAD").headers["Accept-Ranges"] == "none"


def test_an_etag_changes_with_the_inventory_and_what_is_asked(server: Server, client: Client):
    def tags() -> set[str]:
        paths = ("", "/collections", "/collections/dams/items", "/collections/dams/items?limit=5",
                 "/collections/dams/items/1", "/dams.csv")  # fmt: skip
        return {client.get(path, "HEAD").headers["ETag"] for path in paths}

    before = tags()
    assert len(before) == 6
    assert tags() == before
    tag = client.get("/collections/dams/items/1").headers["ETag"]
    assert client.get("/collections/dams/items/1", If_None_Match=tag).status == 304
    assert (
        client.get("/collections/dams/items/1", If_None_Match=tag, Accept="text/html").status == 200
    )
    server.add_dams("Changed")
    assert tags().isdisjoint(before)


def test_a_client_that_does_not_read_does_not_stop_others(client: Client):
    address = urlsplit(client.root)
    with ExitStack() as stack:
        for _ in range(3):
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect((address.hostname, address.port))
            connection.sendall(b"GET /api/dams.geojson HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.get("/collections/dams/items?limit=1000").status == 200
        # Three at once from one address are enough.
        wait_until(lambda: client.get("/dams.csv").status == 429, "a refusal")
    wait_until(lambda: client.get("/dams.csv").status == 200, "a free place")


@pytest.mark.long
def test_behind_a_proxy_the_addresses_are_those_of_the_proxy(inventory_file: Path, tmp_path: Path):
    (tmp_path / "dams.db").write_bytes(inventory_file.read_bytes())
    (tmp_path / "nginx").mkdir()
    port = port_for_nginx()
    options = ("--warm", "--use-xheaders", "--allow-websocket-origin", f"127.0.0.1:{port}")
    with (
        serving(tmp_path, *options) as server,
        nginx(tmp_path / "nginx", port, server, server) as address,
    ):
        client = Client(f"{address}/api")
        pages = [*client.pages(limit=1000)]
        assert len(ids(*pages)) == len({*ids(*pages)}) == pages[0].json["numberMatched"]
        assert all(page.link("self").startswith(client.root) for page in pages)


def test_a_proxy_that_removes_the_start_of_the_path_says_so(serve: Serve):
    client = serve("--use-xheaders")
    for prefix, found in (
        ("/water", "https://dams.example.org/water/api"),
        ("/water/", "https://dams.example.org/water/api"),
        ("//evil.example", "https://dams.example.org/api"),
        ("/a b", "https://dams.example.org/api"),
    ):
        landing = client.get(
            "", Host="dams.example.org", X_Forwarded_Proto="https", X_Forwarded_Prefix=prefix
        )
        assert landing.link("self") == f"{found}?f=json"
        assert re.findall(r'"(http[^"]*)"', landing.text)


def test_the_root_path_is_the_start_of_all_addresses(serve: Serve):
    client = serve("--root-path", "/water/")
    assert urlsplit(client.get().link("self") or "").path == "/water/api"
