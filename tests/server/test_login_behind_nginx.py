"""The login behind nginx, configured as in deploy/."""

from __future__ import annotations

from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from dam_inventory.server.auth import passwords
from tests.nginx import nginx, port_for_nginx
from tests.servers import PATIENCE
from tests.ui.server import serving
from tests.visitor import SAFE, WITH_PASSWORDS

pytestmark = [pytest.mark.slow, pytest.mark.long]


def asked(
    stack: ExitStack, address: str, password: str, client: str, **headers: str
) -> HTTPConnection:
    """Send a login from one of this machine's own addresses."""
    host = urlsplit(address).netloc
    connection = HTTPConnection(host, timeout=PATIENCE, source_address=(client, 0))
    stack.callback(connection.close)
    headers = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    connection.request(
        "POST", "/login", urlencode({"username": "ann", "password": password}), headers
    )
    return connection


def test_nginx_limits_an_address_that_tries_too_many_passwords_but_not_others(tmp_path: Path):
    passwords.set_password(tmp_path / "passwords.json", "ann", "correct horse")
    (tmp_path / "nginx").mkdir()
    port = port_for_nginx()
    origin = f"127.0.0.1:{port}"
    options = ("--warm", "--use-xheaders", "--allow-websocket-origin", origin, *WITH_PASSWORDS)
    with (
        serving(tmp_path, *options, environment=SAFE) as server,
        nginx(tmp_path / "nginx", port, server, server) as address,
        ExitStack() as stack,
    ):
        start = server.mark
        guesses = [asked(stack, address, "wrong", "127.0.0.2") for _ in range(40)]
        person = asked(stack, address, "correct horse", "127.0.0.3", Origin=address)
        assert person.getresponse().status == 303
        server.expect_log(r"'ann' logged in, from 127\.0\.0\.3\.", start)

        answers = [guess.getresponse() for guess in guesses]
        of_nginx = [one for one in answers if one.headers["Content-Type"] == "text/plain"]
        assert of_nginx
        assert {one.status for one in of_nginx} == {429}
        assert of_nginx[0].read() == b"Too many attempts. Wait a moment and try again.\n"
        assert of_nginx[0].headers["Retry-After"] == "5"

        other = asked(stack, address, "correct horse", "127.0.0.3", Origin="http://evil.example")
        assert other.getresponse().status == 403
        server.expect_log(r"403 POST /login", start)
        server.forgive()
