"""PostgreSQL roles that may do less than own the tables."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, NullPool, create_engine

from dam_inventory.config.settings import Settings
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.errors import DatabaseUnavailable
from dam_inventory.runtime import Runtime
from dam_inventory.session.store import DamStore
from tests.servers import PostgreSQL, role

pytestmark = pytest.mark.databases("postgresql")

Draft = Callable[..., DamDraft]


def test_a_role_that_may_only_read_shows_changes_of_others_and_refuses_its_own(
    engine: Engine, inventory: Inventory, draft: Draft, wait_until: Callable[..., None]
):
    with role(engine, "reader", "SELECT ON ALL TABLES IN SCHEMA public") as url:
        settings = Settings(database_url=url, heartbeat_seconds=0.5)
        with Runtime(settings) as runtime:
            store = DamStore(runtime.inventory, runtime.feed)
            with pytest.raises(DatabaseUnavailable) as refused:
                store.add(draft())

            sentence = "The database is read-only for this server. Nothing was saved."
            assert str(refused.value) == runtime.inventory.write_fault == sentence
            inventory.add(draft("From somebody who may write"))
            wait_until(lambda: store.news.waiting)
            store.reload()
            assert store.dams["dam_name"].tolist()[2:] == ["From somebody who may write"]
            store.close()


def test_a_role_that_may_not_create_tables_is_told_so_at_the_first_start(postgresql: PostgreSQL):
    with postgresql.database() as url:
        owner = create_engine(url, poolclass=NullPool)
        with owner.begin() as connection:
            connection.exec_driver_sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        with role(owner, "guest") as its_url:
            with pytest.raises(DatabaseUnavailable) as refused:
                Runtime(Settings(database_url=its_url))

            sentence = str(refused.value)
            assert 'GRANT CREATE ON SCHEMA public TO "guest".' in sentence
            assert "\n" not in sentence
            assert "of guest" not in sentence
            with owner.begin() as connection:
                connection.exec_driver_sql('GRANT CREATE ON SCHEMA public TO "guest"')
            with Runtime(Settings(database_url=its_url)) as runtime:
                assert runtime.inventory.count() == 2
