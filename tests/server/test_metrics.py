"""What a process tells Prometheus, and who may ask."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine

from dam_inventory.database.statements import time_statements
from dam_inventory.runtime import Runtime
from dam_inventory.server import loop_lag
from dam_inventory.server.auth import passwords
from dam_inventory.server.health import Health
from dam_inventory.server.loop_lag import LoopLag
from dam_inventory.server.measures import Measures
from dam_inventory.server.metrics import is_local
from tests.nginx import nginx, port_for_nginx
from tests.servers import PATIENCE
from tests.ui.server import Server, serving, wait_until
from tests.ui.sessions import session
from tests.visitor import SAFE, WITH_PASSWORDS, Visitor

MANY_SESSIONS = ("--unused-session-lifetime", "100", "--check-unused-sessions", "100")
PUBLIC = {"Host": "dams.example.org"}
FORWARDED = [
    {"X-Real-IP": "127.0.0.1"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1"},
    {"Via": "1.1 proxy"},
    PUBLIC,
]


class Metrics:
    """The samples of one answer."""

    def __init__(self, answer: str) -> None:
        self.text = answer
        self._families = list(text_string_to_metric_families(answer))

    def value(self, name: str, **labels: str) -> float | None:
        """Return a sample, or None if there is none."""
        found = [
            one.value
            for family in self._families
            for one in family.samples
            if one.name == f"dam_inventory_{name}" and one.labels == labels
        ]
        return found[0] if found else None


def ask(server: Server, headers: dict[str, str] | None = None) -> tuple[int, str]:
    """Return the status and text of /metrics."""
    with closing(HTTPConnection(server.address, timeout=PATIENCE)) as connection:
        connection.request("GET", "/metrics", headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def forgive(server: Server) -> None:
    """Take the refusals so far as intended."""
    Visitor(server).open("/health")  # Afterward, all earlier responses are logged.
    server.forgive()


def metrics(server: Server) -> Metrics:
    status, told = ask(server)
    assert status == 200, told
    return Metrics(told)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    options = ("--warm", "--use-xheaders", "--plugins", "tests.routes", *MANY_SESSIONS)
    with serving(tmp_path_factory.mktemp("metrics"), *options) as server:
        yield server


@pytest.mark.slow
def test_open_pages_and_what_they_are_told_are_counted(server: Server):
    before = metrics(server)
    with session(server), session(server):
        server.add_dams("Hoover")

        after = metrics(server)

        assert after.value("sessions") == 2
        assert after.value("revision") == (before.value("revision") or 0) + 1
        assert after.value("dams") == (before.value("dams") or 0) + 1
        assert after.value("news_told_total") == (before.value("news_told_total") or 0) + 2
    wait_until(lambda: metrics(server).value("sessions") == 0, "the end of the sessions")


@pytest.mark.slow
def test_a_blocked_event_loop_is_late(server: Server):
    def late(metrics: Metrics) -> float:
        within = metrics.value("event_loop_lag_seconds_bucket", le="1.0") or 0
        return (metrics.value("event_loop_lag_seconds_count") or 0) - within

    before = late(metrics(server))
    Visitor(server).open("/block?seconds=2")

    wait_until(lambda: late(metrics(server)) == before + 1, "a late event loop")


@pytest.mark.slow
def test_statements_of_the_process_are_timed(server: Server):
    def count(kind: str) -> float:
        found = metrics(server).value("database_statement_seconds_count", statement=kind)
        return found or 0

    before = count("select")

    assert count("select") > before  # /metrics itself has asked the database.


@pytest.mark.slow
@pytest.mark.parametrize("headers", FORWARDED, ids=lambda headers: next(iter(headers)))
@pytest.mark.usefixtures("refuses_in_one_line")
def test_what_a_proxy_forwards_is_refused(server: Server, headers: dict[str, str]):
    status, told = ask(server, headers)

    assert status == 403
    assert "DAM_INVENTORY_METRICS=open" in told
    assert "dam_inventory_" not in told


@pytest.mark.slow
def test_without_its_database_it_still_answers(server: Server):
    with closing(sqlite3.connect(server.database)) as database:
        database.execute("ALTER TABLE changes RENAME TO gone")
        told = metrics(server)
        database.execute("ALTER TABLE gone RENAME TO changes")

    assert told.value("database_up") == 0
    assert told.value("revision") is not None
    assert told.value("unpublished_changes") is None
    wait_until(lambda: metrics(server).value("database_up") == 1, "the database")
    forgive(server)


@pytest.mark.slow
def test_refused_logins_are_counted_without_their_names(tmp_path: Path):
    passwords.set_password(tmp_path / "passwords.json", "ann", "correct horse")
    with serving(tmp_path, "--warm", *WITH_PASSWORDS, environment=SAFE) as server:
        visitor = Visitor(server)
        assert not visitor.log_in("ann", "a guess")
        assert not visitor.log_in("mallory", "a guess")
        assert visitor.log_in("ann", "correct horse")
        visitor.headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        visitor.open("/login", username="ann", password="correct horse")

        told = metrics(server)

        assert told.value("refused_logins_total", reason="wrong") == 2
        assert told.value("refused_logins_total", reason="other_site") == 1
        assert told.value("refused_logins_total", reason="too_many") == 0
        assert "ann" not in told.text.replace("planned", "")
        assert "mallory" not in told.text
        forgive(server)


@pytest.mark.slow
@pytest.mark.parametrize(("readers", "here", "elsewhere"), [("open", 200, 200), ("off", 404, 404)])
def test_the_setting_says_who_may_read(tmp_path: Path, readers: str, here: int, elsewhere: int):
    with serving(tmp_path, "--warm", metrics=readers) as server:
        assert (ask(server)[0], ask(server, PUBLIC)[0]) == (here, elsewhere)
        forgive(server)


@pytest.mark.slow
@pytest.mark.long
def test_nginx_keeps_open_metrics_from_the_public(tmp_path: Path):
    (tmp_path / "nginx").mkdir()
    with (
        serving(tmp_path, "--warm", metrics="open") as server,
        nginx(tmp_path / "nginx", port_for_nginx(), server, server) as address,
        pytest.raises(HTTPError, match="404"),
    ):
        urlopen(address + "/metrics", timeout=PATIENCE)


@pytest.mark.slow
def test_without_its_package_it_says_how_to_install_it(tmp_path: Path):
    hidden = "raise ModuleNotFoundError(name=__name__)"
    (tmp_path / "prometheus_client.py").write_text(hidden)  # The server's folder comes first.
    with serving(tmp_path, "--warm") as server:
        assert ask(server) == (
            501,
            "Metrics need prometheus-client. Run: pip install 'dam-inventory[metrics]'\n",
        )
        forgive(server)


@pytest.mark.parametrize(
    ("peer", "host", "is_allowed"),
    [
        ("127.0.0.1", "localhost:5006", True),
        ("127.0.0.7", "127.0.0.1:5006", True),
        ("::1", "[::1]:5006", True),
        ("192.0.2.7", "localhost:5006", False),
        ("2001:db8::7", "[::1]:5006", False),
        ("127.0.0.1", "rebound.example:5006", False),
        ("127.0.0.1", "[::1", False),
        ("", "localhost", False),
    ],
)
def test_only_this_machine_is_local(peer: str, host: str, is_allowed: bool):
    class Context:
        remote_ip, protocol = peer, "http"

    class Connection:
        context = Context()

    request = HTTPServerRequest(
        headers=HTTPHeaders({"Host": host}),
        connection=Connection(),  # type: ignore[arg-type]
        start_line=RequestStartLine("GET", "/metrics", "HTTP/1.1"),
    )

    assert is_local(request) is is_allowed


def test_changes_that_are_not_published_yet_are_counted(
    runtime: Runtime, draft: Callable[..., Any]
):
    health, measures = Health(lambda: runtime), Measures()
    runtime.inventory.add(draft())
    runtime.inventory.add(draft("Ouzel"))

    def lag() -> float | None:
        report = asyncio.run(health.report())
        told = measures.text(report, health.runtime).decode()
        return Metrics(told).value("unpublished_changes")

    assert lag() == 2
    runtime.feed.catch_up()
    assert lag() == 0


def test_a_process_that_can_not_save_says_so(runtime: Runtime):
    runtime.inventory.write_fault = "The database or its disk is full. Nothing was saved."
    health = Health(lambda: runtime)
    report = asyncio.run(health.report())

    told = Metrics(Measures().text(report, health.runtime).decode())

    assert (told.value("database_up"), told.value("saving_fails")) == (1, 1)


def test_each_statement_is_timed_also_one_that_fails(engine: Engine):
    seen: list[tuple[str, float]] = []
    time_statements(engine, lambda kind, seconds: seen.append((kind, seconds)))

    with engine.execution_options(takes_writers_lock=True).begin() as connection:
        connection.execute(text("  SELECT 1"))
        connection.execute(text("DELETE FROM dams"))
        with pytest.raises(OperationalError):
            connection.execute(text("INSERT INTO nothing VALUES (1)"))

    kinds = [kind for kind, _ in seen]
    assert [one for one in kinds if one != "other"] == ["select", "delete", "insert"]
    assert all(0 <= seconds < PATIENCE for _, seconds in seen)


def test_the_event_loop_is_measured_until_it_is_told_to_stop(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(loop_lag, "SECONDS_BETWEEN", 0.01)
    seen: list[float] = []

    async def measure() -> int:
        enough = asyncio.Event()
        lag = LoopLag(lambda seconds: (seen.append(seconds), enough.set())[0])
        lag.start()
        await asyncio.wait_for(enough.wait(), PATIENCE)
        lag.stop()
        lag.stop()
        number = len(seen)
        await asyncio.sleep(0.05)
        return number

    assert asyncio.run(measure()) == len(seen) >= 1
    assert min(seen) >= 0
