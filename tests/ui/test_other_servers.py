"""Served otherwise than by `panel serve`: within FastAPI, by pn.serve, with threads."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.starting import clean_environment, free_port, start
from tests.ui.conftest import OpenPage
from tests.ui.examples import Example, RunExample, expect_rows_news_and_reload, running
from tests.ui.export_on_page import ExportOnPage
from tests.ui.server import Server, dam

pytestmark = pytest.mark.long

HERE = Path(__file__).parent


@contextmanager
def started(folder: Path, page: str, *command: str) -> Iterator[Server]:
    """Run a server of another kind until the block ends; PORT in its command is replaced."""
    port = free_port()
    log = folder / "log"
    database_url = f"sqlite:///{folder / 'dams.db'}"
    environment = {**clean_environment(), "DAMS": database_url}
    words = [sys.executable, *(word.replace("PORT", str(port)) for word in command)]
    process = start(words, HERE, log, environment)
    server = Server(process, f"http://127.0.0.1:{port}/{page}", database_url, log)
    try:
        server.wait_until_up()
        yield server
    finally:
        server.stop()


WITHIN_FASTAPI = ("within_fastapi.py", "http://localhost:5006/water/dams")


@pytest.fixture(scope="module")
def fastapi(run_example: RunExample) -> Server:
    return run_example(*WITHIN_FASTAPI)[1]


@pytest.fixture(scope="module")
def pn_serve(run_example: RunExample) -> Server:
    return run_example("serve_function.py", "http://localhost:5006/")[1]


@pytest.fixture(scope="module")
def threads(serve: Callable[..., Server]) -> Server:
    return serve("--num-threads", "4")


def test_fastapi_has_exports_but_no_links_to_them(fastapi: Server, open_page: OpenPage) -> None:
    page = open_page(fastapi, may_be_cut=True)
    card = ExportOnPage(page)
    card.open()
    card.choose("GeoJSON")

    saved = card.saving(lambda: card.card.get_by_role("button", name=re.compile("Export ")).click())

    names = {one["properties"]["dam_name"] for one in json.loads(saved.read_text())["features"]}
    assert {"Deer Creek", "Jordanelle"} <= names
    expect(card.button("Copy link")).to_be_hidden()


@pytest.mark.parametrize(
    "kind",
    ["fastapi", "pn_serve", "threads"],
)
def test_what_one_adds_the_other_hears_and_loads(
    kind: str, request: pytest.FixtureRequest, open_page: OpenPage
) -> None:
    server = request.getfixturevalue(kind)
    author, reader = (open_page(server, may_be_cut=kind == "fastapi") for _ in range(2))
    assert author.page.title() == "Dam Inventory"

    author.add_dam(name="Hoover")
    author.expect_toast('Your dam has been added: "Hoover".')
    author.map.expect_dam("Hoover")
    author.close_toast()

    reader.expect_toast('A new dam has been added: "Hoover". Reload to see it.')
    reader.reload()
    expect(reader.table.row("Hoover")).to_be_visible()
    reader.map.expect_dam("Hoover")

    # The first of its news must not have been the last.
    author.add_dam(name="Shasta")
    reader.expect_toast('A new dam has been added: "Shasta". Reload to see it.')
    reader.nevermind()
    reader.click_badge()
    expect(reader.table.row("Shasta")).to_be_visible()
    expect_rows_news_and_reload(reader.page, server, "Oroville")

    reader.page.goto(f"{server.url}?report={server.id_of('Shasta')}")
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Shasta")


def test_fastapi_answers_with_the_health_of_the_inventory(
    fastapi: Server, open_page: OpenPage
) -> None:
    open_page(fastapi, may_be_cut=True)

    with urlopen(f"{fastapi.origin}/health") as answer:
        assert json.load(answer)["status"] == "ok"


def test_a_page_within_fastapi_comes_back_when_its_host_was_restarted(
    tmp_path: Path, open_page: OpenPage
) -> None:
    name, address = WITHIN_FASTAPI
    example = Example(tmp_path, name)
    with running(example, address) as old:
        page = open_page(old, may_be_cut=True)
        page.page.on("dialog", lambda question: question.dismiss())
        page.open_form()
        page.form.fill(name="Half a dra")
    expect(page.trouble).to_have_text("The connection to the server is lost. Reconnecting …")

    with running(example, address) as new:
        expect(page.trouble).to_be_hidden()
        page.form.wait_for()
        expect(page.form.field("Name")).to_have_value("Half a dra")
        new.inventory.add(dam("Hoover"))
        page.expect_toast('A new dam has been added: "Hoover". Reload to see it.')
        page.reload()
        expect(page.table.row("Hoover")).to_be_visible()
        page.form.fill(name="Whole", river="Snake", date_built="1950")
        page.form.fill(latitude="40.5", longitude="-111.5")
        page.form.add()
        page.expect_toast('Your dam has been added: "Whole".')


def test_one_dashboard_for_everybody_is_refused_in_a_sentence(tmp_path: Path, page: Page) -> None:
    with started(tmp_path, "shared", "shared_app.py", "PORT") as server:
        page.goto(server.url)

        sentence = "Pass pn.serve a function that creates one for each session"
        expect(page.get_by_text(sentence)).to_be_visible()
        server.expect_complaint(sentence, since=0)
