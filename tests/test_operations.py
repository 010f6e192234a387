"""What docs/operations.md says is done as it says, with a server that is running."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from tests.operating import Operator, health
from tests.pages import blocks
from tests.servers import PostgreSQL
from tests.ui.server import serving, wait_until

PAGE = "operations.md"
_IN_THE_PAGE = "postgresql://dams@localhost/dams"

pytestmark = [pytest.mark.slow, pytest.mark.long]


def test_every_block_of_the_page_is_run_by_a_test():
    assert {heading: len(found) for heading, found in blocks(PAGE, "sh").items()} == {
        "Back up": 2,
        "Restore": 1,
        "Back up a PostgreSQL database": 1,
        "Restore a PostgreSQL database": 1,
        "Upgrade": 1,
        "Downgrade": 1,
    }


def test_sqlite_is_backed_up_restored_upgraded_and_taken_back(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'dam_inventory.db'}"
    operator = Operator(PAGE, tmp_path, url)
    with serving(tmp_path, "--warm", database_url=url) as server:
        assert operator.do("Back up") == "Backed up 2 dams and 2 changes to dams-backup.db.\n"
        server.add_dams_unheard("Heron Lake")
        assert "3 dams and 3 changes" in operator.do("Back up", 1)
        server.add_dams_unheard("A ghost")
        wait_until(lambda: health(server)["seq"] == 4, "the last dam")
        before = health(server)

        assert operator.do("Restore").startswith("Restored 3 dams and 3 changes")

        wait_until(lambda: health(server)["seq"] == 3, "the restored log")
        assert health(server)["epoch"] != before["epoch"]
        server.expect_log("was restored or replaced")
        server.add_dams_unheard("Ouzel")
        assert "4 dams and 4 changes" in operator.do("Upgrade")
        server.add_dams_unheard("By the newer version")
        server.forgive()

    operator.do("Downgrade")

    engine = open_database(url)
    assert Inventory(engine).snapshot().frame["dam_name"].tolist() == [
        "Deer Creek", "Jordanelle", "Heron Lake", "Ouzel",
    ]  # fmt: skip
    engine.dispose()
    engine = open_database(f"sqlite:///{tmp_path / 'newer.db'}")
    assert Inventory(engine).count() == 5
    engine.dispose()


@pytest.mark.databases("postgresql")
def test_postgresql_is_backed_up_and_restored(
    database_url: str, postgresql: PostgreSQL, tmp_path: Path
):
    operator = Operator(PAGE, tmp_path, database_url, {_IN_THE_PAGE: database_url})
    settings = {"database_url": database_url, "heartbeat_seconds": 0.5}
    with serving(tmp_path, "--warm", **settings) as server:
        operator.do("Back up a PostgreSQL database")
        server.add_dams_unheard("A ghost")
        wait_until(lambda: health(server)["seq"] == 3, "the last dam")
        before = health(server)

        operator.do("Restore a PostgreSQL database")

        wait_until(lambda: health(server)["seq"] == 2, "the restored log")
        assert health(server)["status"] == "ok"
        assert health(server)["epoch"] != before["epoch"]
        server.add_dams_unheard("Real")
        wait_until(lambda: health(server)["seq"] == 3, "the new dam")
        server.forgive()


def test_a_backup_before_the_upgrade_keeps_the_tables_of_the_older_version(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'dam_inventory.db'}"
    open_database(url).dispose()
    older = "DROP TABLE inventory", "UPDATE alembic_version SET version_num = '0002'"
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in older:
            connection.execute(text(statement))
    engine.dispose()

    Operator(PAGE, tmp_path, url).do("Upgrade")

    for name in ("dam_inventory.db", "before-upgrade.db"):
        engine = create_engine(f"sqlite:///{tmp_path / name}")
        with engine.connect() as connection:
            version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        engine.dispose()
        assert version == "0002"
