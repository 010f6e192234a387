"""The pages of the login, for those in a hurry, other sites, and whoever guesses passwords."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlencode, urljoin

import pytest

from dam_inventory.server.auth import passwords
from dam_inventory.server.auth.attempts import MAX_IN_LINE, MAX_PER_ADDRESS
from tests.guess import Answer, Guess
from tests.ui.server import Server, serving
from tests.visitor import SAFE, WITH_PASSWORDS, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("refuses_in_one_line")]

RIGHT = {"username": "ann", "password": "correct horse"}
NAME = "dams.example.org"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Where ann can log in; a test says with X-Real-IP from where, as a proxy would."""
    folder = tmp_path_factory.mktemp("login")
    passwords.set_password(folder / "passwords.json", "ann", "correct horse")
    options = ("--warm", "--use-xheaders", "--allow-websocket-origin", NAME, *WITH_PASSWORDS)
    with serving(folder, *options, environment=SAFE) as server:
        yield server


def log_in(server: Server, address: str = "127.0.0.1", **headers: str) -> Answer:
    """Send a login with the right password, and wait for the answer."""
    return Guess(server, address, password="correct horse", **headers).answer()


@pytest.mark.parametrize(
    "next_path",
    ["////evil.example", "///evil.example", "/%2F%2Fevil.example", "/\\evil.example",
     "https:evil.example", "\t//evil.example", "/\r\n", "/ /evil.example"],
)  # fmt: skip
def test_an_address_that_may_lead_to_another_site_is_left_out(server: Server, next_path: str):
    visitor = Visitor(server)

    status, _, text = visitor.open("/login?" + urlencode({"next": next_path}))

    assert status == 400
    assert "The page to open after the login is not one of this site." in text
    assert 'name="password"' in text
    assert [one.name for one in visitor.cookies] == []


@pytest.mark.parametrize("cookie", ["////evil.example", "/%2Fevil.example", "https:evil.example"])
def test_what_somebody_has_put_into_the_cookie_leads_to_no_other_site(server: Server, cookie: str):
    answer = log_in(server, Cookie=f"next_url={cookie}")

    assert answer.status == 303
    assert urljoin("http://here/login", answer.headers["Location"]) == "http://here/"


def test_a_login_leads_to_the_page_that_was_asked_for(server: Server):
    visitor = Visitor(server)

    visitor.open("/dashboard?search=deer%20creek&from=//x")
    cookie = next(one for one in visitor.cookies if one.name == "next_url")
    answer = log_in(server, Cookie=f"next_url={cookie.value}")

    assert cookie.has_nonstandard_attr("HttpOnly")
    assert answer.headers["Location"] == "/dashboard?search=deer%20creek&from=//x"
    assert "next_url" in answer.headers.as_string()  # it is used once


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Referer": "https://evil.example/login"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": f"https://{NAME}"},
    ],
)
def test_a_login_that_another_site_has_sent_is_refused(server: Server, headers: dict[str, str]):
    start = server.mark

    answer = log_in(server, **headers)

    assert answer.status == 403
    assert "This login was sent by a page of another site. Log in here." in answer.text
    assert answer.headers["Set-Cookie"] is None
    server.expect_log(r"Refused a login of another site, from 127\.0\.0\.1\.$", start)


@pytest.mark.parametrize("origin", ["http://{address}", f"https://{NAME}", f"http://{NAME}:80"])
def test_a_login_of_this_sites_own_page_is_taken(server: Server, origin: str):
    answer = log_in(server, Origin=origin.format(address=server.address))

    assert answer.status == 303
    cookies = " ".join(answer.headers.get_all("Set-Cookie") or [])
    assert len(re.findall(r"SameSite=Lax", cookies)) == 3


def test_another_site_can_not_log_somebody_out(server: Server):
    visitor = Visitor(server)
    assert visitor.log_in(**{"name": "ann", "password": "correct horse"})

    visitor.headers = {"Sec-Fetch-Site": "cross-site"}
    status, _, text = visitor.open("/logout")

    assert (status, "A page of another site asks to log you out." in text) == (403, True)
    visitor.headers = {"Sec-Fetch-Site": "same-origin"}
    assert visitor.open("/dashboard")[1] == "/dashboard"
    visitor.open("/logout")
    assert visitor.open("/dashboard")[1] == "/login"


def refusals(log: str) -> int:
    return len(re.findall(r"was refused a login", log))


def test_who_knows_the_password_gets_in_while_somebody_else_guesses(server: Server):
    start = server.mark
    guesses = [Guess(server, f"2001:db8::{number:x}", f"name {number}") for number in range(100)]
    assert guesses[-1].answer().status == 429

    answer = log_in(server, "198.51.100.1")

    assert answer.status == 303
    # One was being checked already, and all others of that network are behind.
    assert refusals(server.log[start:]) <= MAX_PER_ADDRESS
    for guess in guesses[:-1]:
        guess.drop()


def test_who_guesses_too_often_is_told_what_to_do(server: Server):
    guesses = [Guess(server, "203.0.113.1", str(number)) for number in range(MAX_PER_ADDRESS + 5)]

    answers = [guess.answer() for guess in guesses]

    refused = [one for one in answers if one.status == 429]
    assert len(refused) >= 4
    assert all("Too many attempts. Wait a moment and try again." in one.text
               for one in refused)  # fmt: skip
    assert {one.headers["Retry-After"] for one in refused} == {"1"}
    assert {one.status for one in answers} == {303, 429}


def test_the_line_is_bounded_however_many_addresses_guess(server: Server):
    guesses = [Guess(server, f"203.0.113.{n}", str(n)) for n in range(50, 50 + 2 * MAX_IN_LINE)]

    refused = [one for guess in guesses if (one := guess.answer()).status != 303]

    assert len(refused) >= MAX_IN_LINE - 5
    assert {one.status for one in refused} == {503}
    assert {one.headers["Retry-After"] for one in refused} == {"5"}


def test_what_nobody_waits_for_is_not_checked(server: Server):
    start = server.mark
    begun = Guess(server, "203.0.113.2", "begun")
    for number in range(8):
        guesses = [Guess(server, f"203.0.113.{10 + number}", name) for name in ("a", "b")]
        for guess in guesses:
            guess.drop()

    assert log_in(server, "198.51.100.2").status == 303
    assert begun.answer().status == 303
    assert log_in(server, "198.51.100.2").status == 303

    # Of those who left, one may have been begun with.
    assert refusals(server.log[start:]) <= 2


def test_wrong_guesses_of_others_do_not_keep_a_person_out(server: Server):
    for number in range(12):
        assert Guess(server, f"203.0.113.{100 + number}").answer().status == 303

    assert Visitor(server).open("/login", **RIGHT)[1] == "/dashboard"
