"""People who log in to a real `panel serve`, and people who pretend to have done so."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import sys
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from bokeh.util.token import generate_jwt_token, generate_session_id, get_token_payload
from websockets.exceptions import ConnectionClosed, InvalidStatus

from dam_inventory.server.auth import passwords
from tests.starting import PATIENCE, ROOT, clean_environment, free_port, start
from tests.template import fork
from tests.ui.server import Server, serving
from tests.visitor import SAFE, SECRET, WITH_PASSWORDS, Visitor

pytestmark = pytest.mark.slow

WHO = """
everyone = []
users.ann = ["add_dams", "edit_any"]
"""
LIFETIME = 7200


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("login")
    passwords.set_password(folder / "passwords.json", "ann", "correct horse")
    passwords.set_password(folder / "passwords.json", "bob", "battery staple")
    (folder / "who.toml").write_text(WHO)
    return folder


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """A server on which ann and bob can log in with passwords; ann may do more."""
    options = ("--warm", *WITH_PASSWORDS, "--session-token-expiration", str(LIFETIME))
    with serving(folder, *options, environment=SAFE, permissions_file="who.toml") as server:
        yield server


@pytest.fixture
def visitor(server: Server) -> Visitor:
    return Visitor(server)


@pytest.fixture
def ann(visitor: Visitor) -> Visitor:
    assert visitor.log_in("ann", "correct horse")
    return visitor


def hand_made_token(
    visitor: Visitor, key: bytes | None = SECRET, expiration: int = 60, signed: bool = True
) -> str:
    """A token like the server's own, with any cookies and headers."""
    cookies = {one.name: one.value for one in visitor.cookies} | {"made": "by hand"}
    return generate_jwt_token(
        generate_session_id(key, signed=signed),
        secret_key=key,
        signed=signed,
        expiration=expiration,
        extra_payload={"headers": {"X-User": "root"}, "cookies": cookies, "arguments": {}},
    )


def test_a_visitor_without_a_login_sees_the_login_page(visitor: Visitor):
    status, path, text = visitor.open("/dashboard")

    assert (status, path) == (200, "/login")
    assert 'name="password"' in text


def test_a_user_who_logs_in_sees_the_dashboard_with_their_permissions(
    server: Server, visitor: Visitor
):
    start = server.mark

    assert visitor.log_in("ann", "correct horse")

    server.expect_log(r"'ann' logged in, from 127\.0\.0\.1\.", start)
    server.expect_log(r"'ann' opened a session\. Permissions: add_dams, edit_any\.", start)
    assert visitor.open("/dashboard")[:2] == (200, "/dashboard")


def test_permissions_are_each_users_own(server: Server, visitor: Visitor):
    start = server.mark

    assert visitor.log_in("bob", "battery staple")

    server.expect_log(r"'bob' opened a session\. Permissions: none\.", start)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ann", "battery staple"),
        ("ann", ""),
        ("ann", " correct horse"),
        ("eve", "correct horse"),
        ("", "correct horse"),
        ("guest", "guest"),
    ],
)
def test_a_wrong_password_or_name_is_refused_in_the_same_words(
    visitor: Visitor, name: str, password: str
):
    assert not visitor.log_in(name, password)
    _, path, text = visitor.open("/login", username=name, password=password)
    assert path == "/login"
    assert "Name or password is wrong." in text
    assert visitor.open("/dashboard")[1] == "/login"


def test_a_hash_is_not_accepted_as_a_password(folder: Path, visitor: Visitor):
    assert not visitor.log_in("ann", passwords.read(folder / "passwords.json")["ann"].hash)


def test_the_login_ignores_an_error_text_in_the_address(visitor: Visitor):
    _, _, text = visitor.open("/login?error=<script>alert(1)</script>Call%20555")

    assert "alert(1)" not in text
    assert "Call" not in text


def test_the_login_page_loads_nothing_from_other_hosts(visitor: Visitor):
    for path in ("/login", "/logout"):
        assert "//" not in visitor.open(path)[2]


def test_cookies_are_hidden_from_scripts_and_other_sites(ann: Visitor):
    attributes = {
        one.name: one.has_nonstandard_attr("HttpOnly") and one.get_nonstandard_attr("SameSite")
        for one in ann.cookies
    }

    assert (attributes["user"], attributes["id_token"]) == ("Lax", "Lax")


def test_after_a_logout_the_login_page_is_shown(ann: Visitor):
    token = ann.token()

    status, _, text = ann.open("/logout")

    assert status == 200
    assert "You are logged out." in text
    assert ann.open("/dashboard")[1] == "/login"
    assert refusal(ann, token) == 403


def test_a_user_removed_from_the_file_can_open_no_page(
    server: Server, folder: Path, visitor: Visitor
):
    path = folder / "passwords.json"
    passwords.set_password(path, "carol", "a short while")
    assert visitor.log_in("carol", "a short while")

    known = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({name: known[name] for name in ("ann", "bob")}))

    assert visitor.open("/dashboard")[1] == "/login"


def test_a_broken_file_blocks_logins_until_it_is_repaired(
    server: Server, folder: Path, ann: Visitor
):
    path, start = folder / "passwords.json", server.mark
    good = path.read_text("utf-8")
    path.write_text("{")
    try:
        assert ann.open("/dashboard")[1] == "/login"
        assert not Visitor(server).log_in("ann", "correct horse")
    finally:
        path.write_text(good)
    server.expect_complaint(r"'?Somebody unknown was refused a login", start)

    assert ann.open("/dashboard")[1] == "/dashboard"


def refusal(visitor: Visitor, token: str, origin: str | None = None) -> int | None:
    """Return the status that refuses a websocket, 0 if it is closed, or None if it opens."""
    try:
        with visitor.connected(token, origin):
            return None
    except InvalidStatus as error:
        return error.response.status_code
    except ConnectionClosed:
        return 0


def test_a_page_opens_its_websocket(ann: Visitor):
    assert refusal(ann, ann.token()) is None


def test_a_token_expires_as_configured(ann: Visitor):
    now = time.time()

    left = get_token_payload(ann.token())["session_expiry"] - now

    assert LIFETIME - 1 <= left <= LIFETIME + PATIENCE


def test_a_token_forged_with_the_servers_own_key_is_accepted(ann: Visitor):
    assert refusal(ann, hand_made_token(ann)) is None


@pytest.mark.parametrize(
    ("key", "signed"), [(None, False), (b"x" * 44, True), (b"", True)], ids=["un", "other", "empty"]
)
def test_a_forged_token_is_refused(server: Server, ann: Visitor, key: bytes | None, signed: bool):
    start = server.mark

    assert refusal(ann, hand_made_token(ann, key, signed=signed)) == 0

    server.expect_complaint(r"^ *bokeh.*: Invalid token signature$", start)


def test_a_modified_token_is_refused(server: Server, ann: Visitor):
    payload, signature = ann.token().split(".", 1)
    other = hand_made_token(ann).split(".", 1)[0]
    start = server.mark

    assert refusal(ann, f"{other}.{signature}") == 0

    assert payload != other
    server.expect_complaint(r"^ *bokeh.*: Invalid token signature$", start)


def test_unsigned_sessions_would_take_a_forged_token(tmp_path: Path):
    """Without signing, a token made by hand opens a session."""
    with serving(tmp_path) as server:
        visitor = Visitor(server)

        assert refusal(visitor, hand_made_token(visitor, None, signed=False)) is None


def test_an_expired_token_is_refused(server: Server, ann: Visitor):
    start = server.mark

    assert refusal(ann, hand_made_token(ann, expiration=-1)) == 0

    server.expect_complaint(r"^ *bokeh.*: Token is expired\.", start)


def test_a_page_of_another_site_is_refused(server: Server, ann: Visitor):
    token, start = ann.token(), server.mark

    assert refusal(ann, token, origin="http://dams.example.org") == 403

    server.expect_complaint(r"403 GET /dashboard/ws", start)


def test_a_token_without_a_login_is_refused(server: Server, ann: Visitor):
    token, start = ann.token(), server.mark

    assert refusal(Visitor(server), token) == 403

    server.expect_complaint(r"403 GET /dashboard/ws", start)


def test_an_unsigned_name_is_ignored(server: Server, visitor: Visitor):
    start = server.mark
    forged = hand_made_token(visitor)

    visitor.open("/dashboard")

    assert refusal(visitor, forged) == 403
    server.expect_complaint(r"403 GET /dashboard/ws", start)


def test_a_guest_has_no_permissions(tmp_path: Path):
    (tmp_path / "plain.json").write_text('{"ann": "correct horse"}')
    options = ("--warm", "--basic-auth", "plain.json", "--oauth-optional")
    with serving(tmp_path, *options, environment=SAFE, anonymous="administer") as server:
        visitor = Visitor(server)

        assert visitor.open("/dashboard")[:2] == (200, "/dashboard")

        server.expect_log(r"'guest' opened a session\. Permissions: none\.")
        start = server.mark
        assert visitor.log_in("ann", "correct horse")
        server.expect_log(r"'ann' opened a session\. Permissions: add_dams\.", start)


@contextmanager
def provider(claims: Mapping[str, object]) -> Iterator[str]:
    """An OAuth provider that gives these claims to every user; returns its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {
                name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()
            }
            answer = urlencode({"code": "a code", "state": asked["state"]})
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{answer}")
            self.end_headers()

        def do_POST(self) -> None:
            payload = urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
            tokens = {"access_token": "opaque", "id_token": f"e30.{payload}."}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(tokens).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}"
        finally:
            http.shutdown()
            thread.join()


def test_an_oauth_providers_claim_names_the_group(tmp_path: Path):
    (tmp_path / "who.toml").write_text(
        'group_claim = "roles"\ngroups."Dam safety".permissions = ["edit_any"]\n'
    )
    claims = {"email": "ann@example.org", "roles": ["Dam safety", "Others"]}
    with provider(claims) as address:
        oauth = {
            "PANEL_OAUTH_PROVIDER": "generic",
            "PANEL_OAUTH_KEY": "dam-inventory",
            "PANEL_OAUTH_SECRET": "given by the provider",
            "PANEL_OAUTH_AUTHORIZE_URL": f"{address}/authorize",
            "PANEL_OAUTH_TOKEN_URL": f"{address}/token",
        }
        with serving(
            tmp_path, "--warm", environment=SAFE | oauth, permissions_file="who.toml"
        ) as server:
            ann = Visitor(server)
            assert ann.open("/dashboard")[:2] == (200, "/dashboard")

            server.expect_log(r"'ann@example\.org' opened a session\. Permissions: edit_any\.")
            token = ann.token()
            assert refusal(ann, token) is None
            assert ann.open(f"/dashboard?bokeh-token={token}")[0] == 403
            assert Visitor(server).open("/login?next=////evil.example")[0] == 400
            Visitor(server).open("/health")  # Afterward, all earlier responses are logged.
            assert "Traceback" not in server.log
            server.forgive()


def started(folder: Path, *options: str, **variables: str) -> tuple[int, str]:
    """Start a server that should exit by itself; return its status and its output."""
    page = str(ROOT / "dashboard.py")
    command = [sys.executable, "-m", "panel", "serve", page, "--port", "0", *options]
    database = {"DAM_INVENTORY_DATABASE_URL": f"sqlite:///{folder / 'dams.db'}"}
    libraries = {k: v for k, v in variables.items() if not k.startswith("DAM_INVENTORY_")}
    log = folder / f"log of {len(list(folder.iterdir()))}"
    process = fork(command, folder, log, libraries, {**database, **variables})
    return process.wait(PATIENCE), log.read_text("utf-8")


def expect_refused(done: tuple[int, str], *sentences: str) -> None:
    status, said = done
    assert status == 1
    assert "Dam Inventory does not start:\n" in said
    for sentence in sentences:
        assert sentence in said
    assert "Traceback" not in said


VARIABLES = (
    "  export BOKEH_SIGN_SESSIONS=true\n",
    '  export BOKEH_SECRET_KEY="$(panel secret)"\n',
    '  export PANEL_COOKIE_SECRET="$(panel secret)"\n',
)


@pytest.mark.parametrize(
    "options",
    [
        WITH_PASSWORDS,
        ("--warm", "--basic-auth", "passwords.json"),
        ("--warm", "--oauth-provider", "github"),
    ],
)
def test_unsigned_sessions_stop_the_start_and_it_says_what_to_set(
    folder: Path, options: tuple[str, ...]
):
    expect_refused(started(folder, *options), *VARIABLES)


def test_without_warm_unsigned_sessions_stop_the_server_before_a_page_is_served(
    tmp_path: Path,
):
    (tmp_path / "plain.json").write_text('{"ann": "correct horse"}')
    secret = {"PANEL_COOKIE_SECRET": "c" * 44}
    options = ("--basic-auth", "plain.json")
    with pytest.raises(ConnectionError), serving(tmp_path, *options, environment=secret) as server:
        Visitor(server).log_in("ann", "correct horse")
    log = (tmp_path / "log").read_text("utf-8")

    assert all(variable in log for variable in VARIABLES[:2])
    assert VARIABLES[2] not in log


def test_without_a_password_file_the_start_says_how_to_create_it(tmp_path: Path):
    done = started(tmp_path, *WITH_PASSWORDS, **SAFE)

    expect_refused(done, "passwords.json can't be read", "-m dam_inventory password NAME")


def test_a_malformed_permissions_file_stops_the_start_with_line_and_reason(tmp_path: Path):
    (tmp_path / "who.toml").write_text('[users]\nann = ["add_dam"]\n')

    done = started(tmp_path, "--warm", DAM_INVENTORY_PERMISSIONS_FILE="who.toml")

    expect_refused(
        done, 'who.toml, line 2: "add_dam" is not a permission. Did you mean "add_dams"?'
    )


@pytest.mark.skipif(shutil.which("make") is None, reason="make is missing: apt-get install make")
def test_make_serves_a_login_that_is_safe(folder: Path, tmp_path: Path):
    tools = tmp_path / "venv" / "bin"
    tools.mkdir(parents=True)
    for name, command in (("python", ""), ("panel", " -m panel")):
        (tools / name).write_text(f'#!/bin/sh\nexec {sys.executable}{command} "$@"\n')
        (tools / name).chmod(0o755)
    (tools.parent / ".serve").touch()
    port, secrets, log = free_port(), tmp_path / "secrets", tmp_path / "log"
    variables = {
        "DAM_INVENTORY_DATABASE_URL": f"sqlite:///{tmp_path / 'dams.db'}",
        "DAM_INVENTORY_PASSWORDS_FILE": str(folder / "passwords.json"),
    }
    command = [
        *("make", "serve-secure", f"VENV={tools.parent}", f"SECRETS={secrets}"),
        *(f"PORT={port}", f"ORIGIN=127.0.0.1:{port}", "ARGS="),
    ]
    everything = {**clean_environment(), **variables}
    process = start(command, ROOT, log, everything, start_new_session=True)
    try:
        server = Server(process, f"http://127.0.0.1:{port}/dashboard", "", log)
        server.wait_until_up()
        visitor = Visitor(server)

        assert visitor.log_in("ann", "correct horse")
        token = visitor.token()
        assert refusal(visitor, token) is None
        assert refusal(visitor, hand_made_token(visitor)) == 0
        assert refusal(visitor, token, f"http://localhost:{port}") == 403
        hours = (get_token_payload(token)["session_expiry"] - time.time()) / 3600
        assert 11 < hours <= 12.1
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=PATIENCE)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in secrets.iterdir()}
    assert modes == {"sessions": 0o600, "cookies": 0o600}
    assert len({path.read_text() for path in secrets.iterdir()}) == 2
    assert all(path.read_text().strip() not in log.read_text() for path in secrets.iterdir())
