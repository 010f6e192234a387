"""The example notebook, executed in a real kernel."""

from pathlib import Path
from typing import Any

import pytest

from tests.ui.jupyter import notebook_of

pytestmark = [pytest.mark.slow, pytest.mark.long]

NOTEBOOK = Path(__file__).parent.parent / "examples" / "dam_inventory.ipynb"


@pytest.fixture(scope="module")
def cells() -> dict[str, Any]:
    """The notebook's cells after a run from top to bottom, by their ids."""
    notebook = read()
    execute(notebook)
    return {cell["id"]: cell for cell in notebook.cells}


def read() -> Any:
    import nbformat

    return nbformat.read(NOTEBOOK, as_version=4)


def execute(notebook: Any) -> None:
    from nbclient import NotebookClient

    resources = {"metadata": {"path": str(NOTEBOOK.parent.parent)}}
    NotebookClient(notebook, timeout=300, resources=resources).execute()


def text(cell: Any) -> str:
    return "".join(output["data"]["text/plain"] for output in cell.outputs if "data" in output)


def test_the_notebook_is_kept_without_outputs():
    notebook = read()

    assert [cell for cell in notebook.cells if cell.get("outputs")] == []


@pytest.mark.parametrize("cell", ["open", "map", "table"])
def test_the_dashboard_and_its_parts_are_shown(cells: dict[str, Any], cell: str):
    [result] = [one for one in cells[cell].outputs if one["output_type"] == "execute_result"]

    assert "application/vnd.holoviews_exec.v0+json" in result["data"]
    assert "Dam" in result["data"]["text/html"]


def test_no_cell_warns(cells: dict[str, Any]):
    spoken = [o for cell in cells.values() for o in cell.get("outputs", []) if "text" in o]

    assert [output for output in spoken if output["name"] == "stderr"] == []


def test_nothing_is_asked_of_another_host(cells: dict[str, Any]):
    html = "".join(
        output["data"].get("text/html", "")
        for cell in cells.values()
        for output in cell.get("outputs", [])
        if "data" in output
    )

    assert 'src="http' not in html


def test_what_one_store_adds_is_news_to_the_other_at_once(cells: dict[str, Any]):
    assert text(cells["watch"]) == "2"
    assert "Flaming Gorge" in text(cells["add"])
    assert "Flaming Gorge" in text(cells["dams"])


def test_a_cell_that_is_run_again_keeps_nothing_of_its_last_run(tmp_path: Path):
    """Not a thread, not a file, not a subscription; and what is closed changes nothing."""
    run = f"""
import os, threading
from dam_inventory import DamDraft, DamInventoryApp, Runtime, Settings
former = globals().get("app")
runtime = Runtime(Settings(database_url="sqlite:///{tmp_path / "dams.db"}"))
app = DamInventoryApp(runtime)
print(
    len(os.listdir("/proc/self/fd")) if os.path.exists("/proc/self/fd") else 0,
    sum(one.name == "changefeed" for one in threading.enumerate()),
    former is None or former.store.is_closed,
)
app
"""
    refused = """
from dam_inventory.errors import DamInventoryError
try:
    former.store.add(DamDraft("Ghost", "Other", "", "1950", 40.5, -111.5))
except DamInventoryError as error:
    print(error)
print(len(app.store.dams))
"""
    notebook = notebook_of([run] * 6 + [refused])
    execute(notebook)

    said = [
        "".join(o["text"] for o in one.outputs if "text" in o).split("\n") for one in notebook.cells
    ]
    found = [one[0].split() for one in said[:6]]
    files = [int(one[0]) for one in found]
    # The second run still opens what stays, such as comms.
    assert files[-1] - files[1] < 4, files
    assert [one[1] for one in found] == ["1"] * 6
    assert [one[2] for one in found] == ["True"] * 6
    assert said[6][:2] == ["This dashboard is closed.", "2"]
