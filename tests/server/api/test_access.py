"""Who may use the API of a real `panel serve`: with a login, only programs with a token."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from email.message import Message
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from sqlalchemy import text

from dam_inventory.database.tokens import Tokens
from dam_inventory.server.api import access
from tests.server.api.event_client import EventClient
from tests.server.conftest import ServePeople
from tests.servers import PATIENCE
from tests.starting import wait_until
from tests.ui.server import Server, serving
from tests.visitor import Visitor, password_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def private(serve_people: ServePeople) -> Server:
    """A server with a login."""
    return serve_people("ann", permissions='users.ann = ["edit_any"]')


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("public"), "--warm") as server:
        yield server


@pytest.fixture(autouse=True)
def _expects_refusals(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    for name in {"private", "public"} & {*request.fixturenames}:
        server = request.getfixturevalue(name)
        assert "Traceback" not in server.log
        server.forgive()


def get(server: Server, query: str = "", **headers: str) -> tuple[int, str, Message]:
    """Return the status, the description of an error and the headers."""
    request = Request(f"{server.origin}/api/changes{query}", headers=headers)
    try:
        answer = urlopen(request, timeout=PATIENCE)
    except HTTPError as error:
        answer = error
    with answer:
        return answer.status, json.load(answer).get("description", ""), answer.headers


def test_with_a_login_a_token_is_needed(private: Server):
    status, said, headers = get(private)

    assert (status, said) == (401, access.NEEDED)
    assert headers["WWW-Authenticate"].startswith("Bearer")


def test_the_cookie_of_a_login_does_not_count(private: Server):
    ann = Visitor(private)
    assert ann.log_in("ann", password_of("ann"))
    cookies = "; ".join(f"{one.name}={one.value}" for one in ann.cookies)

    assert get(private, Cookie=cookies)[0] == 401


def test_a_token_opens_the_api_until_it_is_revoked(private: Server):
    tokens = Tokens(private.inventory)
    headers = {"Authorization": f"Bearer {tokens.make('ann')}"}
    assert get(private, **headers)[0] == 200

    tokens.revoke(tokens.all()[-1].id)

    wait_until(lambda: get(private, **headers)[0] == 401)


@pytest.mark.parametrize("ends", ["revoked", "expired"])
def test_a_stream_ends_with_its_token(private: Server, ends: str):
    tokens = Tokens(private.inventory)
    headers = {"Authorization": f"Bearer {tokens.make('ann', days=1)}"}
    client = EventClient(f"{private.origin}/api/changes", headers=headers)
    with client.connected() as answer:
        events = client.events(answer)
        while not answer.readline().startswith(b"id: "):
            pass
        private.add_dams("While the token is right")
        assert next(events).data["dams"][0]["name"] == "While the token is right"

        if ends == "revoked":
            tokens.revoke(tokens.all()[-1].id)
        else:
            with private.inventory.writing() as connection:
                connection.execute(text("UPDATE tokens SET expires_at = '2020-01-01 00:00:00'"))
        wait_until(lambda: get(private, **headers)[0] == 401)
        private.add_dams("Not for this stream")

        assert list(events) == []


@pytest.mark.parametrize("server", ["private", "public"])
@pytest.mark.parametrize(
    "header", ["Bearer dam_" + "0" * 64, "bearer x", "Bearer", "Bearer \xff", "Bearer a b"]
)
def test_a_wrong_token_is_refused_everywhere(
    request: pytest.FixtureRequest, server: str, header: str
):
    status, said, headers = get(request.getfixturevalue(server), Authorization=header)

    assert (status, said) == (401, access.WRONG)
    assert headers["WWW-Authenticate"].startswith("Bearer")


def test_without_a_login_no_token_is_needed_and_that_of_a_proxy_does_not_matter(public: Server):
    assert get(public)[0] == 200
    assert get(public, Authorization="Basic YW5uOnNlY3JldA==")[0] == 200


@pytest.mark.parametrize("name", ["token", "access_token"])
def test_a_token_in_the_address_is_refused_and_not_logged(private: Server, name: str):
    made = Tokens(private.inventory).make("ann")
    start = private.mark

    status, said, _ = get(private, f"?{name}={made}")

    assert (status, said) == (401, access.IN_ADDRESS)
    private.expect_log("401 GET", start)
    assert made not in private.log


def test_tokens_are_logged_nowhere(private: Server):
    made = Tokens(private.inventory).make("ann")
    start = private.mark
    assert get(private, Authorization=f"Bearer {made}")[0] == 200
    get(private, f"?x={made}", Authorization=f"Bearer {made}")
    with suppress(HTTPError):
        urlopen(f"{private.origin}/{made}", timeout=PATIENCE)
    private.expect_log("404 GET", start)

    assert made not in private.log
    assert "dam_***" in private.log[start:]


def test_too_many_wrong_tokens_are_put_off(private: Server):
    found = [get(private, Authorization=f"Bearer wrong{i}") for i in range(30)]
    status, _, headers = found[-1]

    assert status == 429
    assert int(headers["Retry-After"]) > 0
