"""A page and its websocket belong to the user who opened the page, whatever else is sent."""

from __future__ import annotations

from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from bokeh.util.token import generate_jwt_token, generate_session_id, get_session_id
from websockets.exceptions import InvalidStatus

from tests.server.conftest import ServePeople
from tests.server.test_served_login import refusal
from tests.servers import PATIENCE
from tests.ui.server import Server, serving
from tests.visitor import SECRET, Visitor, password_of

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("refuses_in_one_line")]

WHO = """
everyone = []
users.ann = ["administer"]
"""
ROUTES = ["/dashboard", "/dashboard/", "/dashboard/autoload.js", "/dashboard/metadata"]


@pytest.fixture(scope="module")
def server(serve_people: ServePeople) -> Server:
    """A server on which ann is an administrator, and vi has no permissions."""
    return serve_people("ann", "vi", permissions=WHO)


def logged_in(server: Server, name: str) -> Visitor:
    visitor = Visitor(server)
    assert visitor.log_in(name, password_of(name))
    return visitor


@pytest.fixture(scope="module")
def ann(server: Server) -> Visitor:
    return logged_in(server, "ann")


@pytest.fixture(scope="module")
def vi(server: Server) -> Visitor:
    return logged_in(server, "vi")


def cookies_of(visitor: Visitor) -> dict[str, str]:
    return {one.name: one.value or "" for one in visitor.cookies}


def token_for(session_id: str, cookies: dict[str, str]) -> str:
    """A token like this server's own."""
    payload = {"headers": {}, "cookies": cookies, "arguments": {}}
    return generate_jwt_token(session_id, SECRET, True, payload, 60)


@pytest.mark.parametrize("route", ROUTES)
def test_a_session_id_chosen_by_a_client_is_refused(
    server: Server, ann: Visitor, vi: Visitor, route: str
):
    token = vi.token()
    named = {"bokeh-autoload-element": "1", "bokeh-session-id": get_session_id(token)}
    start = server.mark

    assert ann.open(f"{route}?{urlencode(named)}")[0] == 403
    assert ann.open(f"{route}?bokeh-autoload-element=1&bokeh%2Dsession-id=mine")[0] == 403
    assert ann.open(f"{route}?bokeh-autoload-element=1&bokeh-token={quote(token)}")[0] == 403
    try:
        ann.headers = {"bokeh-session-id": get_session_id(token)}
        assert ann.open(f"{route}?bokeh-autoload-element=1")[0] == 403
    finally:
        ann.headers = {}

    assert "opened a session" not in server.log[start:]


def test_the_embedding_script_needs_a_login(server: Server):
    script = "/dashboard/autoload.js?bokeh-autoload-element=1"

    assert Visitor(server).open(script)[0] == 403


def test_a_session_id_in_a_body_is_refused(server: Server, ann: Visitor, vi: Visitor):
    body = urlencode({"bokeh-session-id": get_session_id(vi.token())})
    connection = HTTPConnection(server.address, timeout=PATIENCE)
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies_of(ann).items()),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    with closing(connection):
        connection.request("GET", "/dashboard", body, headers)
        status = connection.getresponse().status

    assert status == 403


def test_a_link_can_not_make_an_administrator_join_a_viewers_session(
    server: Server, ann: Visitor, vi: Visitor
):
    token = vi.token()

    status, _, text = ann.open(f"/dashboard?bokeh-session-id={get_session_id(token)}")

    assert status == 403
    assert "This link contains a session ID." in text
    assert refusal(vi, token) is None


def test_a_websocket_with_a_session_id_in_its_address_is_refused(ann: Visitor):
    token = ann.token()

    with (
        pytest.raises(InvalidStatus, match="403"),
        ann.connected(token, query="?bokeh-session-id=mine"),
    ):
        pass


def test_a_stolen_token_of_another_users_page_is_refused(server: Server, ann: Visitor, vi: Visitor):
    token, start = ann.token(), server.mark

    assert refusal(vi, token) == 403
    with ann.connected(token):
        assert refusal(vi, token) == 403

    [first, second] = [line for line in server.log[start:].splitlines() if "may not join" in line]
    refused = "Refused /dashboard/ws, from 127.0.0.1: 'vi' may not join a session of 'ann'."
    assert first.endswith(refused)
    assert second.endswith(refused)


def test_a_token_does_not_turn_a_viewer_into_another_user(ann: Visitor, vi: Visitor):
    both = cookies_of(ann)

    assert refusal(vi, token_for(get_session_id(ann.token()), both)) == 403
    assert refusal(vi, token_for(get_session_id(vi.token()), both)) == 403


def test_a_session_keeps_its_user_whatever_the_token_says(ann: Visitor, vi: Visitor):
    session_id = get_session_id(ann.token())

    assert refusal(vi, token_for(session_id, cookies_of(vi))) == 403


def test_a_token_without_a_name_is_refused(ann: Visitor, vi: Visitor):
    session_id = get_session_id(vi.token())

    assert refusal(vi, token_for(session_id, {})) == 403
    assert refusal(vi, token_for(session_id, {**cookies_of(vi), "user": "ann"})) == 403
    assert refusal(vi, token_for(session_id, {**cookies_of(vi), "is_guest": "1"})) == 403


def test_after_another_user_logs_in_an_old_page_can_not_reconnect(server: Server):
    shared = logged_in(server, "ann")
    token = shared.token()
    assert refusal(shared, token) is None

    shared.open("/logout")
    assert refusal(shared, token) == 403
    assert shared.log_in("vi", password_of("vi"))

    assert refusal(shared, token) == 403
    assert refusal(shared, shared.token()) is None


def test_a_page_reconnects_to_its_user_also_after_another_login(server: Server):
    visitor = logged_in(server, "ann")
    token = visitor.token()
    for _ in range(2):
        assert refusal(visitor, token) is None

    visitor.open("/logout")
    assert visitor.log_in("ann", password_of("ann"))

    assert refusal(visitor, token) is None


def test_a_page_from_before_a_restart_reconnects_to_its_user(ann: Visitor, vi: Visitor):
    token = token_for(generate_session_id(SECRET, signed=True), cookies_of(ann))

    assert refusal(vi, token) == 403
    assert refusal(ann, token) is None


@pytest.mark.parametrize("token", ["abc", "abc.def", "a.b.c", "e30.e30", "%21.%21", "bnVsbA.x"])
def test_an_invalid_token_is_refused_with_one_log_line(server: Server, ann: Visitor, token: str):
    start = server.mark

    assert refusal(ann, token) == 403

    server.expect_log(r"Refused /dashboard/ws, from 127\.0\.0\.1: its token", start)


def test_without_a_login_a_link_can_not_lead_into_another_session_either(tmp_path: Path):
    with serving(tmp_path) as server:
        visitor = Visitor(server)

        assert visitor.open("/dashboard?bokeh-session-id=mine")[0] == 403

        assert visitor.open("/dashboard")[0] == 200
        server.forgive()
