"""Logins that end: at a logout, with a new password, with the removal of a name."""

from __future__ import annotations

import http.cookiejar
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from dam_inventory.server.auth import passwords
from tests.servers import PATIENCE
from tests.starting import wait_until
from tests.ui.server import Server, serving
from tests.visitor import SAFE, WITH_PASSWORDS, Visitor

pytestmark = pytest.mark.slow

NAMES = ("ann", "bob", "carol", "dora")


def password_of(name: str) -> str:
    return f"the first of {name}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ended")
    for name in NAMES:
        passwords.set_password(folder / "passwords.json", name, password_of(name))
    return folder


@pytest.fixture(scope="module")
def servers(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    """Two processes that share the database and the file of passwords."""
    shared = {
        "database_url": f"sqlite:///{folder}/dams.db",
        "passwords_file": str(folder / "passwords.json"),
    }
    other = tmp_path_factory.mktemp("other")
    with (
        serving(folder, "--warm", *WITH_PASSWORDS, environment=SAFE, **shared) as one,
        serving(other, "--warm", *WITH_PASSWORDS, environment=SAFE, **shared) as two,
    ):
        yield [one, two]
        for server in (one, two):
            server.forgive()


def logged_in(server: Server, name: str) -> Visitor:
    visitor = Visitor(server)
    assert visitor.log_in(name, password_of(name))
    return visitor


def at(visitor: Visitor, server: Server) -> Visitor:
    """Return the same browser at another server: cookies count for all ports of a host."""
    other = Visitor(server)
    for cookie in visitor.cookies:
        other.cookies.set_cookie(cookie)
    return other


def kept(visitor: Visitor) -> list[http.cookiejar.Cookie]:
    return list(visitor.cookies)


@contextmanager
def page_of(visitor: Visitor) -> Iterator[ClientConnection]:
    with visitor.connected(visitor.token()) as connection:
        yield connection


def expect_end(connection: ClientConnection) -> None:
    with pytest.raises(ConnectionClosed) as closed:  # noqa: PT012
        while True:
            connection.recv(timeout=PATIENCE)
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1008, "You are logged out.")


def log_out(visitor: Visitor, _folder: Path) -> None:
    visitor.open("/logout")


def change_password(visitor: Visitor, folder: Path) -> None:
    passwords.set_password(folder / "passwords.json", "bob", "another one of bob")


def remove(visitor: Visitor, folder: Path) -> None:
    path = folder / "passwords.json"
    known = json.loads(path.read_text("utf-8"))
    del known["carol"]
    path.write_text(json.dumps(known))


@pytest.mark.parametrize(
    ("name", "end"), [("ann", log_out), ("bob", change_password), ("carol", remove)]
)
def test_a_login_ends_for_its_cookies_and_open_pages_in_all_processes(
    servers: list[Server], folder: Path, name: str, end: Callable[[Visitor, Path], None]
):
    here, there = servers
    visitor = logged_in(here, name)
    cookies = kept(visitor)
    elsewhere = at(visitor, there)
    with page_of(visitor) as page, page_of(elsewhere) as other_page:
        end(visitor, folder)

        expect_end(page)
        expect_end(other_page)
    for server in servers:
        thief = Visitor(server)
        for cookie in cookies:
            thief.cookies.set_cookie(cookie)
        status, path, text = thief.open("/dashboard")
        assert (status, path) == (200, "/login")
        assert "You are logged out." in text


def test_another_login_of_the_same_person_goes_on(servers: list[Server]):
    desk, phone = (logged_in(servers[0], "dora") for _ in range(2))
    with page_of(phone) as page:
        desk.open("/logout")

        assert phone.open("/dashboard")[1] == "/dashboard"
        page.ping().wait(PATIENCE)
    assert desk.open("/dashboard")[1] == "/login"


def test_a_logout_is_kept_over_a_restart(folder: Path, tmp_path: Path):
    shared = {
        "database_url": f"sqlite:///{tmp_path}/dams.db",
        "passwords_file": str(folder / "passwords.json"),
    }
    with serving(tmp_path, "--warm", *WITH_PASSWORDS, environment=SAFE, **shared) as server:
        visitor = logged_in(server, "dora")
        cookies = kept(visitor)
        visitor.open("/logout")
        wait_until(lambda: ended(server) == 1, "the logout in the database")
    with serving(tmp_path, "--warm", *WITH_PASSWORDS, environment=SAFE, **shared) as server:
        thief = Visitor(server)
        for cookie in cookies:
            thief.cookies.set_cookie(cookie)
        wait_until(lambda: thief.open("/dashboard")[1] == "/login", "the end of the login")


def ended(server: Server) -> int:
    with closing(sqlite3.connect(server.database)) as connection:
        return connection.execute("SELECT count(*) FROM ended_logins").fetchone()[0]
