"""What a real browser makes of addresses and forms that try to misuse the login."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from dam_inventory.server.auth import passwords
from tests.ui.server import Server
from tests.visitor import SAFE, WITH_PASSWORDS

pytestmark = pytest.mark.long

PASSWORD = "the password of ann"


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory) -> Server:
    """Where ann can log in."""
    path: Path = tmp_path_factory.mktemp("login") / "passwords.json"
    passwords.set_password(path, "ann", PASSWORD)
    return serve("--warm", *WITH_PASSWORDS, environment=SAFE, passwords_file=path)


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()
    assert "Traceback" not in server.log
    server.forgive()


@pytest.fixture
def other_site(server: Server) -> Iterator[str]:
    """A page of another site with a form that logs in at the server, and a link that logs out."""
    content = f"""<!DOCTYPE html><title>Other</title>
        <form action="{server.origin}/login" method="post">
        <input name="username" value="ann"><input name="password" value="{PASSWORD}">
        <button>Win a prize</button></form><a href="{server.origin}/logout">Read more</a>"""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        try:
            yield f"http://localhost:{http.server_port}/"
        finally:
            http.shutdown()
            thread.join()


def log_in(page: Page) -> None:
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


@pytest.mark.parametrize(
    "path",
    ["////evil.example", "/%2F%2Fevil.example", "/\\evil.example", "/\t/evil.example",
     "https:evil.example"],
)  # fmt: skip
def test_a_login_leads_to_no_other_site(server: Server, page: Page, path: str):
    page.goto(f"{server.origin}/login?next={quote(path, safe='')}")
    log_in(page)

    page.wait_for_url(f"{server.url}**", wait_until="commit")


def test_a_login_leads_to_the_page_that_was_asked_for(server: Server, page: Page):
    page.goto(f"{server.url}?search=deer")
    log_in(page)

    page.wait_for_url(f"{server.url}?search=deer**", wait_until="commit")


def test_a_form_of_another_site_logs_nobody_in_and_its_link_logs_nobody_out(
    server: Server, page: Page, other_site: str
):
    page.goto(other_site)
    page.get_by_role("button", name="Win a prize").click()
    expect(page.get_by_role("alert")).to_have_text(
        "This login was sent by a page of another site. Log in here."
    )
    assert page.context.cookies() == []

    log_in(page)
    page.wait_for_url(f"{server.url}**", wait_until="commit")
    page.goto(other_site)
    page.get_by_role("link", name="Read more").click()
    expect(page.get_by_role("alert")).to_have_text("A page of another site asks to log you out.")
    assert "user" in {one["name"] for one in page.context.cookies()}
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("status")).to_have_text("You are logged out.")
    assert "user" not in {one["name"] for one in page.context.cookies()}
