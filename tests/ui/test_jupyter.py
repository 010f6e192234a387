"""The dashboard in a cell of a real JupyterLab and Notebook 7, beside a page of a server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.guide import DATABASE, blocks
from tests.ui.conftest import OpenPage
from tests.ui.elsewhere import PATIENCE, expect_news_both_ways
from tests.ui.export_on_page import ExportOnPage, rows_of
from tests.ui.import_on_page import ImportOnPage
from tests.ui.jupyter import LONGEST_FRAME, NotebookPage, jupyter
from tests.ui.server import Server

pytestmark = pytest.mark.long

OpenNotebook = Callable[..., NotebookPage]


@pytest.fixture
def open_notebook(browser: Browser, tmp_path: Path) -> Iterator[OpenNotebook]:
    """Open a notebook of cells that each hold the guide's lines, on a server's database."""
    with ExitStack() as stack:

        def open_notebook(
            app: str,
            server: Server,
            cells: int = 1,
            after: str = "",
            then: str | Sequence[str] = (),
            heading: str = "JupyterLab and Notebook",
        ) -> NotebookPage:
            lines = blocks(heading)[0].replace(DATABASE, server.database_url)
            more = [then] if isinstance(then, str) else [*then]
            address = stack.enter_context(jupyter(app, tmp_path, [lines + after] * cells + more))
            page = NotebookPage(browser, address)
            stack.callback(page.close)
            return page

        yield open_notebook


def test_in_jupyterlab_a_cell_and_a_served_page_work_on_the_same_dams(
    server: Server, open_notebook: OpenNotebook, open_page: OpenPage
) -> None:
    cell, page = open_notebook("jupyterlab", server, cells=2), open_page(server)
    expect.set_options(timeout=PATIENCE * 1000)

    cell.run(0)
    cell.table.row("Deer Creek").click()
    cell.details.expect_open("Deer Creek")
    cell.table.expect_selected("Deer Creek")

    expect_news_both_ways(cell, page)
    cell.form.expect_closed()
    cell.close_toast()
    page.reload()
    page.add_dam(name="Shasta")
    cell.expect_toast('A new dam has been added: "Shasta". Reload to see it.')
    cell.nevermind()
    cell.expect_badge("1 new change")

    # The map hears of what is chosen in the drawer.
    cell.button("Open drawer").click()
    cell.layers.wait_for()
    with cell.page.expect_request(re.compile(r"arcgisonline.*/tile/[1-9]")):
        cell.layers.basemap("ESRI").click()

    # Whoever opens the same database in another cell has closed the first.
    cell.run(1)
    first = cell.output(0)
    expect(first.get_by_role("alert").filter(visible=True)).to_contain_text(
        "This dashboard is closed."
    )
    second = cell.output(1)
    second.get_by_role("row").filter(has_text="Shasta").click()
    expect(second.get_by_role("heading", name="Shasta")).to_be_visible()

    cell.restart_kernel()
    expect(second.get_by_role("alert").filter(visible=True)).to_contain_text(
        "The kernel of this dashboard has stopped. Run its cell again."
    )
    assert cell.longest_frame < LONGEST_FRAME / 10
    assert cell.strangers == set()


def test_the_dams_of_a_cell_are_exported(server: Server, open_notebook: OpenNotebook) -> None:
    cell = open_notebook("jupyterlab", server)
    expect.set_options(timeout=PATIENCE * 1000)
    cell.run(0)
    expect(cell.table.row("Deer Creek")).to_be_visible()
    card = ExportOnPage(cell)

    card.open()
    expect(card.button("Copy link")).to_be_hidden()
    path = card.save(re.sub("^All", "Export", card.choice("All").locator("..").inner_text()))

    names = [row["dam_name"] for row in rows_of(path)]
    assert names == server.inventory.snapshot().frame["dam_name"].tolist()
    expect(card.result).to_contain_text(path.name)


@pytest.mark.parametrize("app", ["jupyterlab", "notebook"])
def test_a_click_waits_for_a_cell_that_is_still_at_work(
    server: Server, open_notebook: OpenNotebook, app: str
) -> None:
    busy = "import time; from IPython.display import display; display(app); time.sleep(3)"
    cell = open_notebook(app, server, after=busy)
    expect.set_options(timeout=PATIENCE * 1000)

    cell.run(0)
    cell.table.row("Deer Creek").click()

    cell.details.expect_open("Deer Creek")


def test_in_notebook_7_a_cell_works_too_and_may_be_run_again(
    server: Server, open_notebook: OpenNotebook, open_page: OpenPage
) -> None:
    cell, page = open_notebook("notebook", server), open_page(server)
    expect.set_options(timeout=PATIENCE * 1000)

    cell.run(0)
    cell.table.row("Deer Creek").click()
    cell.details.expect_open("Deer Creek")
    cell.add_dam(name="Glen Canyon")
    page.expect_toast('A new dam has been added: "Glen Canyon". Reload to see it.')
    page.reload()

    cell.expect_toast('Your dam has been added: "Glen Canyon".')
    cell.form.expect_closed()
    cell.close_toast()
    cell.start(0)
    cell.details.expect_closed()
    cell.table.row("Glen Canyon").click()
    cell.details.expect_open("Glen Canyon")
    page.add_dam(name="Trinity")
    cell.expect_toast('A new dam has been added: "Trinity". Reload to see it.')
    cell.reload()
    expect(cell.table.row("Trinity")).to_be_visible()
    assert cell.longest_frame < LONGEST_FRAME / 10
    assert cell.strangers == set()


def test_the_drawer_and_the_look_of_a_cell_change_its_map(
    server: Server, open_notebook: OpenNotebook
) -> None:
    cell = open_notebook("jupyterlab", server)
    cell.run(0)
    cell.map.expect_dam("Deer Creek")
    cell.button("Open drawer").click()
    cell.layers.wait_for()

    cell.layers.dams.uncheck()
    cell.map.expect_dams(())
    cell.layers.dams.check()
    cell.map.expect_dam("Deer Creek")

    cell.layers.opacity.fill("0.4")
    cell.map.expect(
        lambda: cell.map.dams()["Deer Creek"]["alpha"] == pytest.approx(0.4), "it is transparent"
    )

    # Tiles stay as they are.
    cell.layers.basemap("Outline").check()
    cell.map.expect_no_tiles()
    light = cell.map.ground()
    cell.button("Dark theme").click()
    cell.map.expect(lambda: sum(cell.map.ground()) < sum(light), "the map is dark")


def test_a_filter_that_a_cell_sets_moves_map_and_table(
    server: Server, open_notebook: OpenNotebook
) -> None:
    cell = open_notebook("jupyterlab", server, then='app.store.filter.search = "jordanelle"')
    expect.set_options(timeout=PATIENCE * 1000)
    cell.run(0)
    cell.map.expect_dam("Deer Creek")

    cell.start(1)

    expect(cell.table.row("Deer Creek")).to_be_hidden()
    expect(cell.table.row("Jordanelle")).to_be_visible()
    cell.map.expect_dams({"Jordanelle"})


def test_a_file_is_imported_into_a_cell_and_undone(
    server: Server, open_notebook: OpenNotebook, tmp_path: Path
) -> None:
    count = "print(len(app.store.dams))"
    cell = open_notebook("jupyterlab", server, then=count, heading="Import a file in a cell")
    expect.set_options(timeout=PATIENCE * 1000)
    cell.run(0)
    before = server.inventory.count()
    card = ImportOnPage(cell)
    card.open()
    card.cancel_an_upload(tmp_path)

    card.import_many(server)
    expect(cell.toast).to_contain_text("6,000")
    cell.start(1)
    expect(cell.output(1)).to_have_text(str(before + 6_000))

    card.undo()
    assert server.inventory.count() == before
    assert cell.longest_frame < LONGEST_FRAME / 10


def test_a_hydrograph_file_is_assigned_in_a_cell(
    server: Server, open_notebook: OpenNotebook
) -> None:
    cell = open_notebook("jupyterlab", server)
    expect.set_options(timeout=PATIENCE * 1000)
    cell.run(0)
    cell.table.row("Jordanelle").click()
    cell.details.expect_open("Jordanelle")
    form = cell.assign_form
    form.open_from_the_details()

    # Of as many bytes as a file may have, most of them in comments: the curve itself is short.
    lines = [f"# {'x' * 990}"] * 9_900
    form.choose("flood.csv", "\n".join([*lines, "time (hours),flow (cfs)", "0,1", "2,5", ""]))
    expect(form.preview).to_have_attribute("aria-label", re.compile("flood.*Peak flow 5 cfs"))
    form.assign()

    cell.expect_toast('Your hydrograph has been assigned to "Jordanelle".')
    assert cell.longest_frame < LONGEST_FRAME
