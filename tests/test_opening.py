"""An inventory that is opened in a notebook or a script, by one call."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from dam_inventory import DamDraft, DamInventoryApp, DamStore, Runtime, open_inventory
from dam_inventory.errors import DamInventoryError, DatabaseUnavailable
from tests.bare import without_the_page
from tests.guide import blocks
from tests.starting import clean_environment

HERON = DamDraft("HERON", "Reclamation", "Willow Creek", "1971", 36.7, -106.7)
SCRIPT = """
from importlib.util import find_spec

from dam_inventory import DamDraft, DamStore, Inventory, Runtime, Settings

found = [name for name in ("panel", "bokeh", "holoviews", "geoviews", "tornado") if find_spec(name)]
assert found == [], found
with Runtime(Settings(database_url="sqlite:///dams.db")) as runtime:
    assert isinstance(runtime.inventory, Inventory)
    store = DamStore(runtime.inventory, runtime.feed)
    store.add(DamDraft("HERON", "Reclamation", "Willow Creek", "1971", 36.7, -106.7, state="Utah"))
    store.reload()
    print(*store.dams["dam_name"], sep=", ")
    store.filter.state = ["Utah"]
    print(*store.dams["dam_name"])
    store.close()
"""
REFUSED = "from dam_inventory import open_inventory"


@pytest.mark.parametrize("form", ["{folder}/dams.db", "sqlite:///{folder}/dams.db"])
def test_it_is_opened_by_path_or_url_and_made_if_there_is_none(form: str, tmp_path: Path):
    with open_inventory(form.format(folder=tmp_path), title="Utah") as app:
        assert [*app.store.dams["dam_name"]] == ["Deer Creek", "Jordanelle"]

    assert (tmp_path / "dams.db").exists()


def test_what_the_guide_types_into_cells_filters_and_adds(tmp_path: Path):
    with open_inventory(tmp_path / "dams.db") as app:
        for block in blocks("From a cell"):
            exec(block, {"app": app})

        assert [*app.store.dams["dam_name"]] == ["Heron"]


def test_closing_ends_the_store_and_the_runtime_and_may_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    closed: list[Runtime] = []
    close = Runtime.close
    monkeypatch.setattr(Runtime, "close", lambda runtime: (closed.append(runtime), close(runtime)))
    app = open_inventory(tmp_path / "dams.db")

    app.close()
    app.close()

    assert len(closed) == 1
    assert app.store.is_closed
    with pytest.raises(DamInventoryError, match="closed"):
        app.store.add(HERON)


def test_an_app_leaves_a_runtime_that_others_use_open(runtime: Runtime):
    with DamInventoryApp(runtime) as app:
        pass

    assert app.store.is_closed
    other = DamStore(runtime.inventory, runtime.feed)
    assert len(other.dams) == 2
    other.close()


def test_a_setting_that_is_unknown_or_wrong_is_refused(tmp_path: Path):
    with pytest.raises(TypeError, match="titel"):
        open_inventory(tmp_path / "dams.db", titel="Utah")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="max_dams"):
        open_inventory(tmp_path / "dams.db", max_dams="ten")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="first argument"):
        open_inventory(database_url="sqlite:///dams.db")
    assert [*tmp_path.iterdir()] == []


def test_a_file_that_is_no_inventory_is_refused_in_words(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("Heron, 1971\n" * 100, "utf-8")

    with pytest.raises(DatabaseUnavailable, match=r"notes\.txt"):
        open_inventory(tmp_path / "notes.txt")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment without Panel."""
    return without_the_page(tmp_path_factory.mktemp("bare"))


def run(python: Path, script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, "-c", script],
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_a_script_on_a_server_needs_no_panel(bare: Path, tmp_path: Path):
    done = run(bare, SCRIPT, tmp_path)

    assert done.stdout == "Deer Creek, Jordanelle, HERON\nHERON\n", done.stderr


@pytest.mark.slow
def test_a_dashboard_without_panel_is_refused_by_the_name_of_what_is_missing(
    bare: Path, tmp_path: Path
):
    done = run(bare, REFUSED, tmp_path)

    assert done.returncode == 1
    assert re.search(r"No module named '(panel|geoviews)'\n$", done.stderr), done.stderr
