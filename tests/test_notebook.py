"""The example notebook, executed in a real kernel."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parent.parent / "examples" / "dam_inventory.ipynb"


@pytest.fixture(scope="module")
def cells() -> dict[str, Any]:
    """The notebook's cells after a run from top to bottom, by their ids."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    client = NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(NOTEBOOK.parent.parent)}}
    )
    client.execute()
    return {cell["id"]: cell for cell in notebook.cells}


def text(cell: Any) -> str:
    return "".join(output["data"]["text/plain"] for output in cell.outputs if "data" in output)


def test_the_notebook_is_kept_without_outputs():
    notebook = nbformat.read(NOTEBOOK, as_version=4)

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
        output["data"].get("text/html", "") for output in cells["setup"].outputs if "data" in output
    )

    assert 'src="http' not in html


def test_what_one_store_adds_is_news_to_the_other_at_once(cells: dict[str, Any]):
    assert text(cells["watch"]) == "2"
    assert "Flaming Gorge" in text(cells["add"])
    assert "Flaming Gorge" in text(cells["dams"])
