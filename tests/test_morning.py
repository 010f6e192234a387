"""The notebook of an analyst's morning, executed in a real kernel on a small file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.starting import ROOT
from tests.test_notebook import execute, text

pytestmark = [pytest.mark.slow, pytest.mark.long]

NOTEBOOK = ROOT / "examples" / "morning.ipynb"
FILE = ROOT / "tests" / "data" / "nid_2018_slice.csv"


def read() -> Any:
    return nbformat.read(NOTEBOOK, as_version=4)


@pytest.fixture(scope="module")
def cells() -> dict[str, Any]:
    """The notebook's cells after a run from top to bottom, by their ids."""
    notebook = read()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NID_FILE", str(FILE))
        execute(notebook)
    return {cell["id"]: cell for cell in notebook.cells}


def said(cell: Any) -> str:
    return "".join(output["text"] for output in cell.outputs if output["output_type"] == "stream")


def test_the_notebook_is_kept_without_outputs():
    assert [cell for cell in read().cells if cell.get("outputs")] == []


def test_the_file_is_loaded_and_filtered_from_a_cell(cells: dict[str, Any]):
    assert "23 added" in said(cells["load"])
    assert said(cells["filter"]) == "9 of 23 dams: high hazard potential, Colorado\n"


@pytest.mark.parametrize("cell", ["open", "map", "charts"])
def test_the_dashboard_and_its_parts_are_shown(cells: dict[str, Any], cell: str):
    [result] = [one for one in cells[cell].outputs if one["output_type"] == "execute_result"]

    assert "application/vnd.holoviews_exec.v0+json" in result["data"]


def test_the_largest_are_compared_and_the_points_saved(cells: dict[str, Any]):
    assert "BLUE MESA CHATFIELD DAM" in text(cells["compare"])
    assert text(cells["export"]) == "True"


def test_what_another_program_adds_is_heard(cells: dict[str, Any]):
    assert text(cells["heard"]) == "'Heron'"


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    notebook = read()
    notebook.cells = [cell for cell in notebook.cells if cell["id"] in ("setup", "load")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NID_FILE", str(tmp_path / "nation.csv"))
        execute(notebook)

    assert "nation.csv" in said(notebook.cells[-1])
