"""What docs/moving.md says is done as it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.hydrograph import Hydrograph
from tests import tethys_app
from tests.operating import Operator, health
from tests.pages import blocks
from tests.servers import PostgreSQL
from tests.ui.server import serving

PAGE = "moving.md"
_IN_THE_PAGE = "postgresql://dams@localhost/dams"
_APP_IN_THE_PAGE = "postgresql://tethys@localhost:5436/dam_inventory_primary_db"

pytestmark = [pytest.mark.slow, pytest.mark.long]


@pytest.fixture
def new_url(postgresql: PostgreSQL) -> Iterator[str]:
    """The URL of the database that the page creates."""
    with postgresql.database() as url:
        yield make_url(url).set(database="dams").render_as_string(hide_password=False)
    postgresql.drop("dams")


def test_every_block_of_the_page_is_run_by_a_test():
    assert {heading: len(found) for heading, found in blocks(PAGE, "sh").items()} == {
        "Create a database": 1,
        "Copy the inventory": 1,
        "Check the copy": 1,
        "From PostgreSQL to SQLite": 1,
        "Take over from PostgreSQL": 1,
        "Take over from SQLite": 1,
    }


def test_an_inventory_moves_to_postgresql_and_back(
    database_url: str, new_url: str, opened: Callable[..., Engine], tmp_path: Path
):
    operator = Operator(PAGE, tmp_path, database_url, {_IN_THE_PAGE: new_url})
    with serving(tmp_path, "--warm", database_url=database_url) as server:
        server.add_dams_unheard("Heron Lake")
        before = health(server)
    old = Inventory(opened(database_url))
    old.assign_hydrograph(3, Hydrograph([0, 1], [5, 6]))

    operator.do("Create a database")
    said = operator.do("Copy the inventory")
    assert said.startswith("Copied 3 dams and 4 changes to postgresql://")
    assert operator.do("Check the copy") == "Exported 3 dams to dams.csv.\n"

    with serving(tmp_path, "--warm", database_url=new_url) as server:
        assert health(server)["seq"] == 4
        assert health(server)["epoch"] != before["epoch"]
        server.add_dams_unheard("Ouzel")
    said = operator.do("From PostgreSQL to SQLite")
    assert said == "Copied 4 dams and 5 changes to sqlite:///moved.db.\n"
    moved = Inventory(opened(f"sqlite:///{tmp_path / 'moved.db'}"))
    assert moved.changes_since(0)[:4] == old.changes_since(0)
    assert moved.snapshot().frame["dam_name"].tolist()[2:] == ["Heron Lake", "Ouzel"]
    assert moved.hydrograph(3) is not None


@pytest.mark.parametrize("heading", ["Take over from PostgreSQL", "Take over from SQLite"])
def test_the_app_of_tethys_is_taken_over(
    heading: str,
    database_url: str,
    postgresql: PostgreSQL,
    opened: Callable[..., Engine],
    tmp_path: Path,
):
    inventory = Inventory(opened(database_url))
    with postgresql.database() as app_url:
        operator = Operator(PAGE, tmp_path, database_url, {_APP_IN_THE_PAGE: app_url})
        url = f"sqlite:///{tmp_path / 'primary_db.sqlite'}" if "SQLite" in heading else app_url
        dams = [tethys_app.dam("Ouzel"), tethys_app.dam("Ibis Pond", latitude=1)]
        tethys_app.make(url, dams, [(1, [(0, 1.0), (1, 2.0)])])

        said = operator.do(heading)

    assert "2 dams added" in said
    assert "1 hydrograph assigned" in said
    assert inventory.count() == 4
    assert inventory.hydrograph(3) is not None
