"""Cells of a real JupyterLab and Notebook 7: the guide's, one after the other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.guide import DATABASE, blocks
from tests.ui.conftest import OpenPage
from tests.ui.elsewhere import PATIENCE, expect_news_both_ways
from tests.ui.jupyter import NotebookPage, jupyter, notebook_of
from tests.ui.server import Server

pytestmark = pytest.mark.long

OpenCells = Callable[..., list[NotebookPage]]


@pytest.fixture
def own_server(serve: Callable[..., Server]) -> Server:
    """A server with the two example dams, and nobody else's."""
    return serve("--warm")


@pytest.fixture
def open_cells(browser: Browser, own_server: Server, tmp_path: Path) -> Iterator[OpenCells]:
    """Open a notebook of these cells, on the server's database, and one of another kernel."""
    expect.set_options(timeout=PATIENCE * 1000)
    with ExitStack() as stack:

        def written(cells: Sequence[str]) -> list[str]:
            return [cell.replace(DATABASE, own_server.database_url) for cell in cells]

        def open_cells(app: str, *cells: str, other: Sequence[str] = ()) -> list[NotebookPage]:
            (tmp_path / "other.ipynb").write_text(json.dumps(notebook_of(written(other))))
            address = stack.enter_context(jupyter(app, tmp_path, written(cells)))
            pages = [NotebookPage(browser, address)]
            if other:
                # JupyterLab would show the first notebook beside it.
                apart = address.replace("/lab/tree/", "/lab/workspaces/other/tree/")
                pages.append(NotebookPage(browser, apart.replace("dams.ipynb", "other.ipynb")))
            for page in pages:
                stack.callback(page.close)
            return pages

        yield open_cells


def without_the_dashboard(cell: str) -> str:
    return cell.removesuffix("app\n")


@pytest.mark.parametrize("app", ["jupyterlab", "notebook"])
def test_each_part_stands_alone_and_follows_what_a_cell_does(
    app: str, own_server: Server, open_cells: OpenCells, open_page: OpenPage
) -> None:
    opening = without_the_dashboard(blocks("JupyterLab and Notebook")[0])
    filtering, adding = blocks("From a cell")[:2]
    parts = ["app.map", "app.table", "app.form", "app.charts"]
    [cells] = open_cells(app, opening, *parts, filtering, adding)
    page = open_page(own_server)
    for number in range(5):
        cells.start(number)

    cells.map.expect_dam("Deer Creek")
    expect(cells.table.row("Deer Creek")).to_be_visible()
    expect(cells.output(3).get_by_label("Name").first).to_be_visible()
    expect(cells.output(4).get_by_role("row", name="Unknown 2").first).to_be_attached()

    cells.start(5)
    expect(cells.table.row("Deer Creek")).to_be_hidden()
    cells.map.expect_dams(())

    cells.start(6)
    expect(cells.table.row("Heron")).to_be_visible()
    cells.map.expect_dams({"Heron"})
    page.expect_toast('A new dam has been added: "Heron". Reload to see it.')

    # The form's dam, too.
    form = cells.output(3)
    facts = {"Name": "Scofield", "River": "Price River", "Date built": "1946"}
    for label, text in (facts | {"Latitude": "39.79", "Longitude": "-111.12"}).items():
        form.get_by_label(label).first.fill(text)
    form.get_by_role("button", name="Add", exact=True).click()
    expect(form.get_by_text('Your dam has been added: "Scofield".')).to_be_visible()
    page.expect_toast("2 new dams have been added. Reload to see them.")
    assert cells.strangers == set()


@pytest.mark.parametrize("app", ["jupyterlab", "notebook"])
def test_another_kernel_is_heard_while_no_cell_runs_and_a_restart_is_told(
    app: str, open_cells: OpenCells
) -> None:
    opening = blocks("JupyterLab and Notebook")[0]
    adding = blocks("From a cell")[1]
    other = [without_the_dashboard(opening) + adding]
    cells, second = open_cells(app, opening, other=other)
    cells.run(0)

    second.start(0)
    cells.expect_toast('A new dam has been added: "Heron". Reload to see it.')
    cells.reload()
    expect(cells.table.row("Heron")).to_be_visible()

    cells.restart_kernel()
    expect(cells.output(0).get_by_role("alert").filter(visible=True)).to_contain_text(
        "The kernel of this dashboard has stopped. Run its cell again."
    )
    cells.start(0)
    cells.table.row("Heron").click()
    cells.details.expect_open("Heron")
    assert cells.strangers == set()


def test_jupyter_bokehs_widget_carries_changes_both_ways(
    own_server: Server, open_cells: OpenCells, open_page: OpenPage
) -> None:
    [through_widgets] = blocks("VS Code and other notebooks")
    [cells] = open_cells("jupyterlab", through_widgets)
    page = open_page(own_server)
    cells.run(0)
    cells.table.row("Deer Creek").click()
    cells.details.expect_open("Deer Creek")

    expect_news_both_ways(cells, page)
    assert cells.strangers == set()
