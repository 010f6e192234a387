"""What becomes of the database of the Dam Inventory app of Tethys Platform."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from dam_inventory.database import tethys
from dam_inventory.database.inventory import Inventory
from dam_inventory.database.takeover import Taken, take_over
from dam_inventory.domain.changes import DamsImported, HydrographAssigned
from dam_inventory.domain.hydrograph import MAX_PER_DAM
from dam_inventory.errors import CannotUndo, DatabaseUnavailable, InvalidCopy, InventoryFull
from tests.servers import new_database
from tests.tethys_app import dam, make

between_all = pytest.mark.parametrize(
    ("database_url", "app_url"),
    [(one, other) for one in ("sqlite", "postgresql") for other in ("sqlite", "postgresql")],
    indirect=True,
)
CURVE = [(1, 20.5), (0, 10.0), (2, None), (3, 5.25)]


@pytest.fixture
def app_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a new database for the app."""
    with new_database(request, tmp_path / "app.sqlite") as url:
        yield url


def taken_over(url: str, inventory: Inventory) -> Taken:
    with tethys.opened(url) as app:
        return take_over(app, inventory, lambda _rows: None)


@between_all
def test_dams_come_as_one_import_each_with_its_hydrograph(inventory: Inventory, app_url: str):
    dams = [dam("Ouzel", date_built="1941", user_id=7), dam("Ibis Pond", latitude=-1, river=None)]
    make(app_url, dams, [(2, CURVE), (1, [(0, 1.0), (24, 2.0)])])

    taken = taken_over(app_url, inventory)

    assert taken == Taken(2, 0, 0, 2, 0, [], [])
    added, *assigned = inventory.changes_since(2)
    assert isinstance(added, DamsImported)
    assert (added.count, added.first_id, added.last_id) == (2, 3, 4)
    assert [type(one) for one in assigned] == [HydrographAssigned] * 2
    with inventory.reading() as connection:
        columns = "dam_name, owner, river, date_built, latitude, longitude"
        found = connection.execute(text(f"SELECT {columns} FROM dams WHERE id > 2 ORDER BY id"))
        assert [tuple(row) for row in found] == [
            ("Ouzel", "Reclamation", "Provo River", "1941", 40.5, -111.5),
            ("Ibis Pond", "Reclamation", None, "1993-06-17", -1.0, -111.5),
        ]
    curve = inventory.hydrograph(4)
    assert curve is not None
    assert curve.to_csv() == "time (hours),flow (cfs)\n0.0,10.0\n1.0,20.5\n2.0,\n3.0,5.25\n"
    assert curve.note.startswith("Taken over from ")


@between_all
def test_a_second_takeover_adds_only_what_is_new(inventory: Inventory, app_url: str):
    twins = [dam("Twin"), dam("Twin"), dam("Ouzel", latitude=1)]
    make(app_url, twins, [(1, CURVE), (2, CURVE), (3, [(0, 1.0), (1, 2.0)])])
    assert taken_over(app_url, inventory) == Taken(3, 0, 0, 3, 0, [], [])
    changes = inventory.changes_since(0)

    assert taken_over(app_url, inventory) == Taken(0, 3, 0, 0, 3, [], [])

    assert inventory.changes_since(0) == changes
    make(app_url, [dam("Newer", latitude=2)], [(3, [(0, 1.0), (1, 3.0)])])
    assert taken_over(app_url, inventory) == Taken(1, 3, 0, 1, 3, [], [])
    assert [one.name for one in inventory.hydrograph_heads(5)] == ["Hydrograph", "Hydrograph 2"]


def test_dams_that_the_inventory_has_keep_their_values_and_get_hydrographs(
    inventory: Inventory, app_url: str
):
    deer_creek = dam("Deer Creek", latitude=40.406624, longitude=-111.529133, owner="Someone")
    make(app_url, [deer_creek], [(1, CURVE)])

    assert taken_over(app_url, inventory) == Taken(0, 1, 0, 1, 0, [], [])

    assert inventory.snapshot().frame.loc[1, "owner"] == "Reclamation"
    assert [type(one) for one in inventory.changes_since(2)] == [HydrographAssigned]
    assert inventory.hydrograph(1) is not None


def test_the_undo_of_a_hydrograph_removes_that_one(inventory: Inventory, app_url: str):
    make(app_url, [dam("Ouzel")], [(1, CURVE), (1, [(0, 1.0), (1, 2.0)])])
    taken_over(app_url, inventory)
    newest = inventory.changes_since(0)[-1]

    inventory.undo(newest.seq)

    assert [one.name for one in inventory.hydrograph_heads(3)] == ["Hydrograph"]
    with pytest.raises(CannotUndo, match="changed later"):
        inventory.undo(newest.seq - 2)  # the import


def test_what_can_not_be_taken_over_is_named_with_its_reason(inventory: Inventory, app_url: str):
    dams = [
        dam(None), dam(" "), dam("North", latitude=90.5), dam("Late", date_built="once"),
        dam("No\x1bsense"), dam("Ouzel"), dam("Nowhere", latitude=None, longitude=None),
    ]  # fmt: skip
    curves = [
        (3, CURVE), (None, CURVE), (6, []), (6, [(0, 1.0), (0, 2.0)]), (6, [(None, 1.0), (1, 2.0)]),
        (6, [(-1, 1.0), (1, 2.0)]), (7, CURVE),
    ]  # fmt: skip
    make(app_url, dams, curves)

    taken = taken_over(app_url, inventory)

    assert (taken.added, taken.assigned) == (2, 1)
    reasons = dict(taken.dams)
    assert [*reasons] == [1, 2, 3, 4, 5]
    assert reasons[1] == reasons[2] == "The dam has no name."
    assert reasons[3] == '"North": Latitude must be between -90 and 90, not 90.5.'
    assert reasons[4].startswith('"Late": "once" is not a date. Write it like 1941')
    assert reasons[5] == "Name contains control characters."
    assert dict(taken.hydrographs) == {
        1: "Its dam 3 was not taken over.",
        2: "It belongs to no dam.",
        3: "A hydrograph needs at least two points.",
        4: "Point 2: The time must increase, but 0.0 comes after 0.0.",
        5: "Point 1: A number must be finite and at most 1e+15, but is nan.",
        6: "Point 1: The time must not be negative, but is -1.0.",
    }


def test_what_was_removed_here_stays_removed(inventory: Inventory, app_url: str):
    make(app_url, [dam("Ouzel"), dam("Ibis Pond", latitude=1)], [(1, CURVE)])
    taken_over(app_url, inventory)
    inventory.remove(3, inventory.changes_since(0)[-1].seq)

    taken = taken_over(app_url, inventory)

    reason = "Its dam 1 was removed from the inventory."
    assert taken == Taken(0, 1, 1, 0, 0, [], [(1, reason)])
    assert inventory.count() == 3


def test_a_dam_with_as_many_hydrographs_as_it_may_have_gets_no_more(
    inventory: Inventory, app_url: str
):
    make(app_url, [dam("Ouzel")], [(1, [(0, 1.0), (1, flow)]) for flow in range(MAX_PER_DAM + 1)])

    taken = taken_over(app_url, inventory)

    assert taken.assigned == MAX_PER_DAM
    [(number, reason)] = taken.hydrographs
    assert (number, reason[:30]) == (MAX_PER_DAM + 1, '"Ouzel" has 6 hydrographs, and')


def test_other_columns_of_the_app_are_kept_as_other_facts(inventory: Inventory, app_url: str):
    make(app_url, [dam("Ouzel", user_id=7)])

    taken_over(app_url, inventory)

    with inventory.reading() as connection:
        kept = connection.execute(text("SELECT other_facts FROM dams WHERE id = 3")).scalar()
    assert kept == '{"user_id": "7"}'


@pytest.mark.parametrize("app_url", ["sqlite", "postgresql"], indirect=True)
def test_the_database_of_the_app_is_opened_for_reading_only(
    inventory: Inventory, app_url: str, tmp_path: Path
):
    make(app_url, [dam()], [(1, CURVE)])
    before = (tmp_path / "app.sqlite").read_bytes() if app_url.startswith("sqlite") else b""

    write = "INSERT INTO dams (name) VALUES ('x') RETURNING id"
    if not before:
        write = "SELECT nextval('dams_id_seq')"
    with tethys.opened(app_url) as app, pytest.raises(DatabaseUnavailable, match=r"read.?only"):
        [*app.rows(write)]
    taken_over(app_url, inventory)

    if before:
        assert (tmp_path / "app.sqlite").read_bytes() == before


def test_a_takeover_without_room_changes_nothing(inventory: Inventory, app_url: str):
    make(app_url, [dam("One"), dam("Two", latitude=1)], [(1, CURVE)])
    inventory.limits.max_dams = 3

    with pytest.raises(InventoryFull, match="room for only 1 more"):
        taken_over(app_url, inventory)

    assert (inventory.count(), len(inventory.changes_since(0))) == (2, 2)


def test_a_takeover_that_fails_at_the_end_changes_nothing(
    inventory: Inventory, app_url: str, monkeypatch: pytest.MonkeyPatch
):
    make(app_url, [dam("One")], [(1, CURVE)])

    with tethys.opened(app_url) as app:
        monkeypatch.setattr(
            app, "hydrographs", lambda: [*app.rows("SELECT nothing_such FROM dams")]
        )
        with pytest.raises(DatabaseUnavailable, match="no such column"):
            take_over(app, inventory, lambda _rows: None)

    assert (inventory.count(), len(inventory.changes_since(0))) == (2, 2)


@pytest.mark.parametrize("app_url", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DROP TABLE hydrograph_points", 'it has no table "hydrograph_points"'),
        ("ALTER TABLE dams DROP COLUMN river", 'it has no column "river" in its table "dams"'),
    ],
)
def test_a_database_that_is_not_of_the_app_is_refused(app_url: str, statement: str, said: str):
    make(app_url, [dam()])
    engine = create_engine(app_url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()

    with pytest.raises(InvalidCopy, match=said) as refused, tethys.opened(app_url):
        pass

    assert "pass%2F" not in str(refused.value)


def test_a_file_that_is_missing_or_no_database_is_refused_and_not_created(tmp_path: Path):
    (tmp_path / "text.db").write_text("Deer Creek, 1941\n" * 100)

    for name, error, said in (
        ("text.db", DatabaseUnavailable, "not a database"),
        ("nothing.db", InvalidCopy, "does not exist"),
    ):
        url = f"sqlite:///{tmp_path / name}"
        with pytest.raises(error, match=said), tethys.opened(url):
            pass

    assert [one.name for one in tmp_path.iterdir()] == ["text.db"]
