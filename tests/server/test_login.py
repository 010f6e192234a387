"""The user of a session, and settings under which a login could be forged."""

from __future__ import annotations

import json
import logging
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import panel as pn
import pytest
from bokeh.document import Document
from bokeh.util.token import generate_session_id
from panel.io.state import set_curdoc
from tornado.web import create_signed_value

from dam_inventory.domain.permissions import GUEST, Group, Permissions, User
from dam_inventory.errors import InvalidSettings
from dam_inventory.server.auth.login import (
    check_login,
    current_user,
    warn_if_strangers_may_change,
)
from dam_inventory.server.command_line import serve_options

SECRET = "s" * 44
SAFE = {
    "BOKEH_SIGN_SESSIONS": "true",
    "BOKEH_SECRET_KEY": SECRET,
    "PANEL_COOKIE_SECRET": SECRET,
}
PERMISSIONS = Permissions(
    groups={"editors": Group(frozenset({"edit_any"}))}, group_claim="groups", anonymous="administer"
)

Serve = Callable[..., None]


@pytest.fixture(autouse=True)
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Make this process look like a server, with options and environment variables."""

    def serve(*options: str, **variables: str) -> None:
        serve_options.cache_clear()
        monkeypatch.setattr(
            sys, "orig_argv", ["python", "-m", "panel", "serve", "dashboard.py", *options]
        )
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    for name in [*SAFE, "BOKEH_AUTH_MODULE", "PANEL_BASIC_AUTH", "PANEL_OAUTH_PROVIDER"]:
        monkeypatch.delenv(name, raising=False)
    serve_options.cache_clear()
    yield serve
    serve_options.cache_clear()


@contextmanager
def session(
    cookies: dict[str, str] | None = None, logout_url: str | None = None, session_id: str = "1"
) -> Iterator[None]:
    """A session as a server opens it for a browser that sends some cookies."""
    request = SimpleNamespace(cookies=cookies or {}, arguments={}, headers={})
    context = SimpleNamespace(request=request, logout_url=logout_url, id=session_id)
    document = Document()
    document._session_context = lambda: context
    with set_curdoc(document):
        yield


def signed(name: str, value: object, days_ago: int = 0, secret: str = SECRET) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    if name == "id_token":
        text = urlsafe_b64encode(text.encode()).decode().rstrip("=")
        text = f"e30.{text}."  # an unsigned JWT with the header {}
    then = time.time() - days_ago * 24 * 3600
    return create_signed_value(secret, name, text, clock=lambda: then).decode()


def cookies(name: str, claims: object = None, **other: Any) -> dict[str, str]:
    found = {"user": signed("user", name, **other)}
    return found if claims is None else {**found, "id_token": signed("id_token", claims, **other)}


def user(sent: dict[str, str] | None = None, **other: Any) -> User:
    with session(sent, **other):
        return current_user(PERMISSIONS)


def test_without_a_login_users_are_anonymous(serve: Serve):
    serve("--warm")

    assert current_user(PERMISSIONS).may("administer")
    assert user().may("administer")
    check_login()


@pytest.mark.parametrize(
    ("options", "variables"),
    [
        (["--basic-auth", "who.json"], {}),
        (["--basic-auth=who.json"], {}),
        (["--basic-a", "who.json"], {}),
        (["--oauth-provider", "github"], {}),
        (["--auth-module", "auth.py"], {}),
        ([], {"PANEL_BASIC_AUTH": "who.json"}),
        ([], {"PANEL_OAUTH_PROVIDER": "github"}),
        ([], {"BOKEH_AUTH_MODULE": "auth.py"}),
    ],
)
def test_with_a_login_that_could_be_forged_it_says_what_to_set(
    serve: Serve,
    options: list[str],
    variables: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.chdir(tmp_path)
    Path("who.json").touch()
    serve(*options, **variables)

    with pytest.raises(InvalidSettings) as raised:
        check_login()

    assert [line for line in str(raised.value).splitlines() if line.startswith("  ")] == [
        "  export BOKEH_SIGN_SESSIONS=true",
        '  export BOKEH_SECRET_KEY="$(panel secret)"',
        '  export PANEL_COOKIE_SECRET="$(panel secret)"',
    ]
    serve(*options, **variables, **SAFE)
    check_login()


@pytest.mark.parametrize("variable", SAFE)
def test_it_names_only_the_variable_that_is_missing_or_too_short(serve: Serve, variable: str):
    # Bokeh reads any text as yes, even "no".
    short = "" if variable == "BOKEH_SIGN_SESSIONS" else "short"
    serve("--auth-module", "auth.py", **{**SAFE, variable: short})

    with pytest.raises(InvalidSettings) as raised:
        check_login()

    assert [name for name in SAFE if name in str(raised.value)] == [variable]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--session-ids", "unsigned"], "Remove --session-ids"),
        (["--reuse-sessions"], "Remove --reuse-sessions"),
        (["--basic-auth", "no such file"], "could log in under any name"),
    ],
)
def test_options_that_weaken_a_login_are_refused(serve: Serve, options: list[str], sentence: str):
    serve("--auth-module", "auth.py", *options, **SAFE)

    with pytest.raises(InvalidSettings, match=sentence):
        check_login()


def test_a_cookie_secret_may_be_an_option(serve: Serve):
    safe = {name: value for name, value in SAFE.items() if name != "PANEL_COOKIE_SECRET"}
    serve("--auth-module", "auth.py", "--cookie-secret", SECRET, **safe)

    check_login()


def test_in_a_session_its_own_signature_decides(serve: Serve):
    serve(**SAFE)

    with session(logout_url="/logout", session_id=generate_session_id(SECRET.encode(), True)):
        check_login()
    with (
        session(logout_url="/logout", session_id=generate_session_id(signed=False)),
        pytest.raises(InvalidSettings, match="export BOKEH_SIGN_SESSIONS=true"),
    ):
        check_login()


def test_a_page_that_was_served_without_the_checks_of_its_owner_is_refused(serve: Serve):
    serve(**SAFE)

    with session(logout_url="/logout", session_id=generate_session_id(SECRET.encode(), True)):
        context = pn.state.curdoc.session_context
        context.server_context = object()
        with pytest.raises(InvalidSettings, match=r"--plugins dam_inventory\.server\.plugin"):
            check_login()
        context.request.dam_inventory_login = "ann"
        check_login()


def test_options_of_other_programs_are_ignored(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "orig_argv", ["python", "other.py", "serve", "--basic-auth", "x"])

    check_login()


def test_a_logged_in_user_has_their_permissions(
    serve: Serve, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    serve(**SAFE)
    monkeypatch.setattr(logging.getLogger("dam_inventory"), "level", logging.INFO)

    assert user(cookies("ann")) == User("ann", frozenset({"add_dams"}))
    assert caplog.messages == ["'ann' opened a session. Permissions: add_dams."]


def test_a_claim_about_the_user_names_their_group(serve: Serve):
    serve(**SAFE)

    assert user(cookies("ann", {"email": "ann", "groups": ["editors"]})).may("edit_any")


EDITOR = {"email": "ann", "groups": ["editors"]}


@pytest.mark.parametrize(
    "id_token",
    [
        signed("id_token", {**EDITOR, "email": "bob"}),
        signed("id_token", ["ann", "editors"]),
        signed("id_token", EDITOR, secret="x" * 44),
        signed("id_token", EDITOR, days_ago=2),
        create_signed_value(SECRET, "id_token", "encrypted with a key of before").decode(),
        "nonsense",
    ],
    ids=["another's", "a list", "forged", "old", "unreadable", "nonsense"],
)
def test_old_claims_or_those_of_another_user_are_ignored(serve: Serve, id_token: str):
    serve(**SAFE)

    assert user({**cookies("ann"), "id_token": id_token}) == User("ann", frozenset({"add_dams"}))


def test_a_guest_has_no_permissions_whatever_else_is_sent(serve: Serve):
    serve(**SAFE)

    assert user({"is_guest": "1"}) == User(GUEST, frozenset())
    assert user({"is_guest": "", **cookies("ann")}) == User(GUEST, frozenset())
    assert user(cookies("guest", {"a": "guest", "groups": "editors"})) == User(GUEST, frozenset())


@pytest.mark.parametrize("sent", [{}, {"user": "ann"}, cookies("ann", secret="x" * 44)])
def test_with_a_login_anonymous_visitors_have_no_permissions(serve: Serve, sent: dict[str, str]):
    serve("--auth-module", "auth.py", **SAFE)

    assert user(sent) == User(None, frozenset())


def test_without_a_secret_the_name_in_a_cookie_is_ignored(serve: Serve):
    serve()

    assert user(cookies("ann", secret="")).name is None


def test_a_logout_url_also_shows_that_there_is_a_login(serve: Serve):
    serve(**SAFE)

    assert user(logout_url="/logout") == User(None, frozenset())


def test_the_page_built_at_startup_has_no_permissions(serve: Serve):
    serve("--warm", "--auth-module", "auth.py", **SAFE)

    assert pn.state.curdoc is None
    assert current_user(PERMISSIONS) == User(None, frozenset())


@pytest.mark.parametrize("options", [(), ("--address", "0.0.0.0"), ("--address", "dams.local")])
def test_a_server_that_strangers_reach_without_a_login_warns(
    serve: Serve, options: tuple[str, ...], caplog: pytest.LogCaptureFixture
):
    serve(*options)
    warn_if_strangers_may_change()

    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert "Everybody who can reach" in record.getMessage()
    assert "DAM_INVENTORY_ANONYMOUS=view" in record.getMessage()


@pytest.mark.parametrize(
    ("options", "variables"),
    [
        (("--address", "127.0.0.1"), {}),
        (("--address", "::1"), {}),
        (("--address", "localhost"), {}),
        ((), {"DAM_INVENTORY_ANONYMOUS": "add"}),
        (("--basic-auth", "people.json"), {}),
        (("--auth-module", "auth.py"), {}),
    ],
)
def test_a_server_that_is_meant_to_be_so_does_not_warn(
    serve: Serve,
    options: tuple[str, ...],
    variables: dict[str, str],
    caplog: pytest.LogCaptureFixture,
):
    serve(*options, **variables)
    warn_if_strangers_may_change()

    assert not caplog.records
