"""The dashboard is served by one command, anywhere."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from urllib.request import urlopen

import pytest

from dam_inventory.cli.serve import _secrets
from dam_inventory.server.auth.passwords import set_password
from tests.starting import answers_http, clean_environment, free_port, start, stop, wait_until_up
from tests.visitor import Visitor

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "dam_inventory", "serve"]


@contextmanager
def served(
    folder: Path, *options: str, prefix: str = "", host: str = "127.0.0.1"
) -> Iterator[tuple[str, Path]]:
    """Run the command in a folder; yield the address of the server, and its log."""
    port, log = free_port(), folder / "log"
    process = start([*COMMAND, "--port", str(port), *options], folder, log, clean_environment())
    address = f"http://{host}:{port}{prefix}"
    try:
        wait_until_up(process, lambda: answers_http(f"{address}/health"), log)
        yield address, log
        stop(process, signal.SIGINT)
        assert process.returncode == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def refused(folder: Path, *options: str) -> tuple[int, str]:
    """Return the exit code of a server that does not start, and its last line."""
    ended = subprocess.run(
        [*COMMAND, *options], cwd=folder, env=clean_environment(), capture_output=True, text=True
    )
    return ended.returncode, ended.stderr.splitlines()[-1]


def test_one_command_serves_the_page_in_an_empty_folder_and_ends_in_order(tmp_path: Path):
    with (
        served(tmp_path, "--database", "my dams.db") as (address, log),
        urlopen(f"{address}/dashboard") as page,
    ):
        assert page.status == 200
        assert "<title>Dam Inventory</title>" in page.read().decode()

    assert (tmp_path / "my dams.db").exists()
    said = log.read_text("utf-8")
    assert said.startswith(f"Dam Inventory: {address.replace('127.0.0.1', 'localhost')}/dashboard")
    assert "Closed the inventory." in said
    assert "Traceback" not in said


def test_a_prefix_is_before_all_addresses(tmp_path: Path):
    with served(tmp_path, "--prefix", "tools/dams/", prefix="/tools/dams") as (address, log):
        assert answers_http(f"{address}/dashboard")

    assert "/tools/dams/dashboard (Ctrl+C to stop)" in log.read_text("utf-8")


def test_a_path_that_a_proxy_removes_is_in_the_links_of_the_api_and_after_a_login(tmp_path: Path):
    set_password(tmp_path / "passwords.json", "anna", "a long password")
    with (
        served(tmp_path, "--root-path", "/tools/dams") as (address, _),
        urlopen(f"{address}/api") as answer,
    ):
        links = [one["href"] for one in json.load(answer)["links"]]
    assert f"{address}/tools/dams/api?f=json" in links

    with (
        served(tmp_path, "--root-path", "/tools/dams", "--login") as (address, _),
        urlopen(f"{address}/login?next=/dashboard") as page,
    ):
        assert 'next_url="/tools/dams/dashboard"' in page.headers["Set-Cookie"]


def test_a_login_keeps_its_secrets_to_itself_and_over_a_restart(tmp_path: Path):
    set_password(tmp_path / "passwords.json", "anna", "a long password")
    secrets = []
    for _ in range(2):
        with served(tmp_path, "--login") as (address, _), urlopen(f"{address}/dashboard") as page:
            assert page.url == f"{address}/login?next=%2Fdashboard"
        files = sorted((tmp_path / ".secrets").iterdir())
        assert {one.stat().st_mode & 0o777 for one in files} == {0o600}
        secrets.append([one.read_text() for one in files])

    assert secrets[0] == secrets[1]
    assert len({*secrets[0]}) == 2
    assert (tmp_path / ".secrets").stat().st_mode & 0o777 == 0o700


def test_processes_that_start_together_agree_on_the_secrets(tmp_path: Path):
    folder = tmp_path / "secrets"
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: _secrets(folder), range(64)))

    assert all(one == found[0] for one in found)
    assert len({*found[0].values()}) == 2
    assert sorted(one.name for one in folder.iterdir()) == ["cookies", "sessions"]


def test_a_folder_that_can_not_keep_the_secrets_is_named_with_the_way_out(tmp_path: Path):
    (tmp_path / "file").touch()
    code, said = refused(tmp_path, "--port", str(free_port()), "--login", "--secrets", "file/in")

    assert code == 1
    assert said == (
        "The secrets of the login can't be kept in file/in: Not a directory. Choose another "
        "folder with --secrets, or set BOKEH_SECRET_KEY and PANEL_COOKIE_SECRET."
    )


@pytest.mark.parametrize("content", [b"\xff" * 44, b"\0" * 44])
def test_a_secret_that_is_not_text_is_named_with_the_way_out(tmp_path: Path, content: bytes):
    (tmp_path / ".secrets").mkdir()
    (tmp_path / ".secrets" / "cookies").write_bytes(content)

    code, said = refused(tmp_path, "--port", str(free_port()), "--login")

    assert code == 1
    assert said == (
        ".secrets/cookies is not UTF-8 text, so it can't be used as a secret. Delete it: the next "
        "start makes a new one, and all users log in again."
    )


@pytest.mark.parametrize(
    ("address", "at", "is_open"),
    [("0.0.0.0", "127.0.0.1", True), ("::1", "[::1]", False), ("127.0.0.2", "127.0.0.2", False)],
)
def test_it_listens_at_any_address_of_the_machine_and_says_how_others_get_there(
    tmp_path: Path, address: str, at: str, is_open: bool
):
    with served(tmp_path, "--address", address, host=at) as (page, log):
        assert answers_http(f"{page}/dashboard")

    said = log.read_text("utf-8")
    assert ("--origin dams.example.org:5006" in said) == is_open
    shown = "127.0.0.2" if address == "127.0.0.2" else "localhost"
    assert said.startswith(f"Dam Inventory: http://{shown}:")


def test_the_page_at_an_address_of_the_machine_may_open_its_websocket(tmp_path: Path):
    with served(tmp_path, "--address", "127.0.0.2", host="127.0.0.2") as (page, log):
        visitor = Visitor(SimpleNamespace(url=f"{page}/dashboard"))
        with visitor.connected(visitor.token()):
            assert "ServerConnection created" in log.read_text("utf-8")


def test_a_port_that_is_taken_is_named_with_the_way_out(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = refused(tmp_path, "--port", str(port), "--database", "dams.db")

    assert code == 1
    assert said == (
        f"Port {port} at 127.0.0.1 can't be listened at: Address already in use. "
        f"Choose another one, for example with --port {port + 1}."
    )
    assert not (tmp_path / "dams.db").exists()


def test_only_one_of_prefix_and_root_path_is_taken(tmp_path: Path):
    code, said = refused(tmp_path, "--prefix", "dams", "--root-path", "dams")

    assert code == 2
    assert said.endswith("argument --root-path: not allowed with argument --prefix")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--port", "99999"), "A port is a number from 1 to 65535, not 99999."),
        (("--port", "0"), "A port is a number from 1 to 65535, not 0."),
        (("--address", "192.0.2.1"), "192.0.2.1 is no address of this machine. Choose another"),
        (("--address", "nowhere.invalid"), "nowhere.invalid is no address of this machine."),
        (("--address", "a..b"), "a..b is no address of this machine."),
        (("--database", "mysql://x/y"), "mysql"),
    ],
)
def test_what_can_not_be_served_is_refused_in_a_sentence(
    tmp_path: Path, options: tuple[str, ...], sentence: str
):
    code, said = refused(tmp_path, *options)

    assert code == 1
    assert sentence in said
