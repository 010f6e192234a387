"""Panel's own logins mind whose page it is, and other sites, as ours does."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from bokeh.util.token import get_session_id

from tests.server.test_served_login import refusal
from tests.ui.server import Server, serving
from tests.visitor import SAFE, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("refuses_in_one_line")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Where ann and bob may log in with passwords in plain text, and all others are guests."""
    folder = tmp_path_factory.mktemp("basic")
    (folder / "plain.json").write_text('{"ann": "correct horse", "bob": "battery staple"}')
    options = ("--warm", "--basic-auth", "plain.json", "--oauth-optional")
    with serving(folder, *options, environment=SAFE) as server:
        yield server


@pytest.fixture
def ann(server: Server) -> Visitor:
    ann = Visitor(server)
    assert ann.log_in("ann", "correct horse")
    return ann


def test_each_opens_the_websocket_of_their_own_page(server: Server, ann: Visitor):
    guest = Visitor(server)

    assert refusal(guest, guest.token()) is None
    assert refusal(ann, ann.token()) is None


def test_nobody_opens_the_websocket_of_a_page_of_another(server: Server, ann: Visitor):
    guest, bob = Visitor(server), Visitor(server)
    assert bob.log_in("bob", "battery staple")

    for visitor, other in ((guest, ann), (ann, guest), (bob, ann), (bob, guest)):
        assert refusal(visitor, other.token()) == 403


def test_the_page_of_a_guest_does_not_come_back_as_that_of_who_logs_in(server: Server):
    visitor = Visitor(server)
    token = visitor.token()

    assert visitor.log_in("ann", "correct horse")

    assert refusal(visitor, token) == 403
    assert refusal(visitor, visitor.token()) is None


def test_a_session_that_somebody_names_is_refused_to_a_guest_too(server: Server, ann: Visitor):
    session_id = get_session_id(ann.token())

    assert Visitor(server).open(f"/dashboard?bokeh-session-id={session_id}")[0] == 403


@pytest.mark.parametrize(
    "path", ["////evil.example", "/%2F%2Fevil.example", "/\r\n/evil", "https:evil"]
)
def test_a_login_leads_to_no_other_site(server: Server, path: str):
    visitor = Visitor(server)

    assert visitor.open("/login?" + urlencode({"next": path}))[0] == 400

    assert visitor.log_in("ann", "correct horse")


def test_a_login_that_another_site_has_sent_is_refused(server: Server):
    visitor = Visitor(server)
    visitor.headers = {"Origin": "https://evil.example"}

    status, _, text = visitor.open("/login", username="ann", password="correct horse")

    assert status == 403
    assert "This login was sent by a page of another site." in text
    assert [one.name for one in visitor.cookies] == []


def test_cookies_of_a_login_go_to_no_other_site(ann: Visitor):
    sites = {one.name: one.get_nonstandard_attr("SameSite") for one in ann.cookies}

    assert (sites["user"], sites["id_token"]) == ("Lax", "Lax")
