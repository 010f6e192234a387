"""The look: what an import would do."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from dam_inventory.database import comparing
from dam_inventory.database.differences import Difference
from dam_inventory.database.imports import ALL_FIELDS, Choice
from dam_inventory.database.inventory import Inventory
from dam_inventory.database.look import OUTCOMES
from dam_inventory.domain.dam import DamDraft
from dam_inventory.errors import Cancelled, DamInventoryError
from dam_inventory.formats.dam_rows import DamRow, Refused, Unread
from dam_inventory.formats.mapping import Column, Mapping
from tests.importing import import_all, look_at

pytestmark = pytest.mark.databases("sqlite", "postgresql")

Draft = Callable[..., DamDraft]


def facts(dam_name: str | None, **known: Any) -> dict[str, Any]:
    return DamDraft(dam_name, **known).checked_facts()


PLACE = {"latitude": 40.0, "longitude": -111.0}

# As an older release has them, without federal IDs: a dam, its dike, one that moves, a spare.
OLD = [
    facts("HERON LAKE", nid_id="UT00001", latitude=40.0, longitude=-111.0, hazard_potential="Low"),
    facts("HERON LAKE DIKE", nid_id="UT00001", latitude=40.003, longitude=-111.0),
    facts("AVOCET", nid_id="UT00002", latitude=41.0, longitude=-111.0, owner="A"),
    facts("CURLEW", nid_id="UT00003", latitude=42.0, longitude=-111.0),
    facts(None, nid_id="UT00004", latitude=43.0, longitude=-111.0),
]
# As the next release has them: federal IDs, another place, name or hazard, and a second dike.
NEW = [
    facts("Heron Lake Dike", nid_id="UT00001", federal_id="UT00001S001", other_structure_id="S001",
          latitude=40.0031, longitude=-111.0),
    facts("Heron Lake Dam", nid_id="UT00001", federal_id="UT00001", latitude=40.0, longitude=-111.0,
          hazard_potential="High"),
    facts("Heron Lake Dike 2", nid_id="UT00001", federal_id="UT00001S002",
          other_structure_id="S002", latitude=40.006, longitude=-111.0),
    facts("Avocet Dam", nid_id="UT00002", federal_id="UT00002", latitude=41.02, longitude=-111.0),
    facts("Curlew Lake Dam", nid_id="UT00003", federal_id="UT00003", latitude=42.0005,
          longitude=-111.0),
    facts("Pond", nid_id="UT00004", federal_id="UT00004", latitude=43.0, longitude=-111.0),
]  # fmt: skip


def test_the_next_release_doubles_no_dam(inventory: Inventory):
    import_all(inventory, OLD)

    with look_at(inventory, NEW) as look:
        imported = inventory.import_dams(look)

        assert (look.counts["new"], look.counts["weak"]) == (1, 5)
        [dike] = look.entries("new")
        assert (dike.row, dike.dam_name) == (4, "Heron Lake Dike 2")
        assert dike.evidence == ("2 known dams have the same NID ID, but another name, 334 m away.")
        assert [(one.row, one.dam_id) for one in look.entries("weak")] == [
            (2, 4), (3, 3), (5, 5), (6, 6), (7, 7)
        ]  # fmt: skip
    assert imported.added == 1


def test_a_look_counts_every_row_and_every_unread_cell(inventory: Inventory):
    removed = import_all(inventory, [facts("Gone", federal_id="UT9")]).change
    inventory.remove(removed.first_id, seen=removed.seq)
    import_all(inventory, [facts("Same", federal_id="UT1"), facts("Old", federal_id="UT2")])
    rows = [
        DamRow(2, facts("Same", federal_id="ut1 ")),
        DamRow(3, facts("Changed", federal_id="UT2", owner="X")),
        DamRow(4, facts("New"), (Unread(4, "Height", "tall", "It is not a number."),)),
        DamRow(5, facts("Again", federal_id="UT1")),
        DamRow(6, facts("Gone", federal_id="UT9")),
        Refused(7, "The row has no name, location or ID."),
    ]
    read: list[int] = []

    with inventory.look(rows, "dams.csv", on_progress=read.append) as look:
        assert look.counts == {
            "new": 1, "same": 1, "changed": 1, "weak": 0, "removed": 1, "repeated": 1,
            "refused": 1, "unread": 1,
        }  # fmt: skip
        assert look.entries("repeated")[0].evidence == "Same dam as row 2."
        assert look.entries("refused")[0].reason == "The row has no name, location or ID."
        [cell] = look.entries("unread")
        assert (cell.row, cell.heading, cell.value) == (4, "Height", "tall")
        assert look.entries("removed")[0].dam_id == removed.first_id
    assert sum(read) == 6


@pytest.mark.parametrize("spelled", ["ut 1", "N/A"])
def test_another_spelling_of_an_id_or_a_sign_for_none_is_no_difference(
    inventory: Inventory, spelled: str
):
    known = {"nid_id": "UT1", "latitude": 40, "longitude": -111}
    import_all(inventory, [facts("Same", federal_id="UT1", **known)])

    with look_at(inventory, [facts("Same", federal_id=spelled, **known)]) as look:
        [entry] = look.entries("weak" if spelled == "N/A" else "same")

    assert entry.differences == ()


@pytest.mark.parametrize(
    ("old", "new", "differs"),
    [
        ("1966-09", "1966", False),
        ("1966-09-13", "1966-09", False),
        ("1966", "1966-09", True),
        ("1966-09", "1967", True),
    ],
)
def test_the_same_date_less_exactly_is_no_difference(
    inventory: Inventory, old: str, new: str, differs: bool
):
    import_all(inventory, [facts("Same", nid_id="UT1", date_built=old)])

    with look_at(inventory, [facts("Same", nid_id="UT1", date_built=new)]) as look:
        assert look.differing_fields == ({"date_built": 1} if differs else {})


def test_differences_are_listed_by_field_with_what_was_edited_here(inventory: Inventory):
    dams = [
        facts(name, federal_id=name, hazard_potential="Low", nid_height_ft=30)
        for name in ("UT1", "UT2", "UT3")
    ]
    first = import_all(inventory, dams).change
    inventory.edit(first.first_id, {"hazard_potential": "Significant"}, seen=first.seq)
    dams[0] |= {"hazard_potential": "High", "other_facts": {"Basin": "North"}}
    dams[1] |= {"nid_height_ft": 31.0}
    dams[2] |= {"nid_height_ft": 30.000000000001}

    with look_at(inventory, dams) as look:
        assert look.differing_fields == {
            "hazard_potential": 1,
            "nid_height_ft": 1,
            "other_facts": 1,
        }
        assert look.other_columns == ("Basin",)
        assert [one.row for one in look.entries("changed")] == [2, 3]
        assert [one.row for one in look.entries("changed", field="nid_height_ft")] == [3]
        assert [one.row for one in look.entries("changed", first=1)] == [3]
        assert look.entries("changed", most=1)[0].differences == (
            Difference("hazard_potential", "Significant", "High", edited_here=True),
            Difference("other_facts", None, "North", heading="Basin"),
        )
        assert [one.row for one in look.entries("same")] == [4]


@pytest.mark.parametrize("field", ["latitude", "federal_id", "dam_name"])
def test_a_dam_keeps_its_identity_when_it_is_corrected(inventory: Inventory, field: str):
    dam = facts("Heron Lake", nid_id="UT1", federal_id="UT1", **PLACE)
    if field != "federal_id":
        del dam["federal_id"]
    first = import_all(inventory, [dam]).change
    corrected = {"latitude": 45.0, "federal_id": "UT7", "dam_name": "Avocet"}
    inventory.edit(first.first_id, {field: corrected[field]}, seen=first.seq)
    inventory.edit(first.first_id, {"nid_id": "UT5"}, seen=first.seq + 1)

    with look_at(inventory, [dam]) as look:
        assert (look.counts["new"], look.counts["changed"]) == (0, 1)
        [entry] = look.entries("changed")

    assert entry.dam_id == first.first_id
    assert entry.evidence.endswith(", before it was edited here")
    assert all(one.edited_here for one in entry.differences)


def test_a_dam_keeps_its_identity_when_it_is_removed_and_restored(inventory: Inventory):
    change = import_all(inventory, [facts("Heron Lake", federal_id="UT1")]).change
    removal = inventory.remove(change.first_id, seen=change.seq)
    inventory.undo(removal.seq)

    with look_at(inventory, [facts("Heron Lake", federal_id="UT1")]) as look:
        assert look.counts["same"] == 1


def test_a_dam_added_by_hand_is_known_to_a_file(inventory: Inventory, draft: Draft):
    added = inventory.add(draft("Heron Lake"))

    near = {"latitude": 40.5001, "longitude": -111.5}
    with look_at(inventory, [facts("HERON LAKE DAM", federal_id="UT1", **near)]) as look:
        [entry] = look.entries("weak")

    assert entry.dam_id == added.dam_id


def test_the_lists_are_csv_that_no_spreadsheet_runs(inventory: Inventory):
    name = '=HYPERLINK("http://example.org")'
    import_all(inventory, [facts("Old, old", federal_id="UT1")])

    with look_at(inventory, [facts(name, federal_id="UT1"), facts("+1", federal_id="UT2")]) as look:
        [head, changed] = csv.reader(io.StringIO("".join(look.csv("changed"))))
        [_, new] = csv.reader(io.StringIO("".join(look.csv("new"))))

    assert head[:2] == ["Row", "Dam"]
    assert changed == [
        "2", f"'{name}", "3", "Same federal ID", "Name", "Old, old", f"'{name}", "", ""
    ]  # fmt: skip
    assert new[1] == "'+1"


def test_a_canceled_look_leaves_nothing(inventory: Inventory):
    dams = [facts(f"Dam {n}") for n in range(2_000)]
    read: list[int] = []

    with pytest.raises(Cancelled, match=r"^You have canceled the import\. Nothing was changed\.$"):
        inventory.look(
            [DamRow(n, dam) for n, dam in enumerate(dams)],
            "dams.csv",
            on_progress=read.append,
            is_cancelled=lambda: bool(read),
        )

    assert len(read) == 1
    assert inventory.changes_since(2) == []


def test_a_closed_look_can_not_be_read(inventory: Inventory):
    look = look_at(inventory, [facts("Heron Lake")])
    look.close()

    with pytest.raises(DamInventoryError, match="closed"):
        look.entries("new")


def test_who_reads_a_list_while_the_look_is_closed_is_told_so(inventory: Inventory):
    look = look_at(inventory, [facts(f"Dam {n}") for n in range(2_000)])
    lines, given_up = look.csv("new"), look.csv("new")
    next(lines)
    read = [next(lines), next(given_up), next(given_up)]
    look.close()
    given_up.close()

    with pytest.raises(DamInventoryError, match="closed"):
        list(lines)
    assert read[0] == read[2]


def test_a_forged_outcome_is_refused(inventory: Inventory):
    with (
        look_at(inventory, [facts("Heron Lake")]) as look,
        pytest.raises(DamInventoryError, match='No row has the outcome "dams"'),
    ):
        look.entries("dams")  # type: ignore[arg-type]


def test_a_look_does_not_wait_for_a_writer(inventory: Inventory):
    with inventory.writing(), look_at(inventory, [facts("Heron Lake")]) as look:
        assert look.counts["new"] == 1


def test_the_mapping_of_a_header_is_remembered(inventory: Inventory):
    mapping = Mapping((Column("Name", "dam_name"), Column("Height", "nid_height_ft", "ft")))

    inventory.remember_mapping(Mapping((Column("Name"), Column("Height"))))
    inventory.remember_mapping(mapping)

    assert inventory.mapping(("Name", "Height")).as_dict() == mapping.as_dict()
    assert inventory.mapping(("Name",)) is None
    assert inventory.changes_since(2) == []


@pytest.mark.parametrize(
    "choice",
    [
        Choice(),
        Choice(frozenset({"owner"})),
        Choice(ALL_FIELDS, accept_weak=False),
        Choice(ALL_FIELDS, overwrite_edited=True),
        Choice(ALL_FIELDS, overwrite_edited=True, bring_back=True),
    ],
    ids=["add", "owner", "strong", "edited", "everything"],
)
def test_a_look_says_how_many_dams_an_import_adds_and_updates(inventory: Inventory, choice: Choice):
    old = [
        facts(f"Dam {n}", federal_id=f"UT0000{n}", owner="A", river="B", latitude=40.0 + n,
              longitude=-111.0)
        for n in range(5)
    ]  # fmt: skip
    old.append(facts("Weak", nid_id="UT00009", owner="A", **PLACE))
    first = import_all(inventory, old)
    assert first.change is not None
    ids = range(first.change.first_id, first.change.last_id + 1)
    inventory.edit(ids[1], {"owner": "Ours"}, first.change.seq)
    inventory.remove(ids[2], inventory.snapshot().revision)
    new = [{**one, "owner": "C"} for one in old[:3]]
    new.append({**old[3], "river": "D"})
    new.append({**old[5], "owner": "C", "federal_id": "UT00009"})
    new.append(facts("New", federal_id="UT00010"))

    with look_at(inventory, new) as look:
        would = look.would(choice)
        imported = inventory.import_dams(look, choice)

    assert would == (imported.added, imported.updated)


def test_two_dams_of_an_export_are_two_however_alike_they_are(inventory: Inventory):
    twin = facts("Heron Lake", federal_id="UT1", **PLACE)
    rows = [DamRow(2, twin, exported_id=7), DamRow(3, twin, exported_id=8)]
    with inventory.look(rows, "dams.csv") as look:
        assert (look.counts["new"], look.counts["repeated"]) == (2, 0)
        inventory.import_dams(look)
    with inventory.look(rows, "dams.csv") as again:
        assert again.counts["same"] == 2


def test_a_row_that_was_copied_within_an_export_is_repeated(inventory: Inventory):
    rows = [
        DamRow(2, facts("Heron Lake"), exported_id=7),
        DamRow(3, facts("Heron Lake, edited"), exported_id=7),
        DamRow(4, facts("Avocet"), exported_id=8),
        DamRow(5, facts("Curlew")),
    ]
    with inventory.look(rows, "dams.csv") as look:
        assert (look.counts["new"], look.counts["repeated"]) == (3, 1)
        assert look.entries("repeated")[0].evidence == "Same dam as row 2."


@pytest.mark.parametrize("known", [OLD, NEW], ids=["old", "new"])
@pytest.mark.parametrize("removed", [0, 2])
def test_what_needs_no_comparison_is_what_comparing_finds(
    inventory: Inventory,
    monkeypatch: pytest.MonkeyPatch,
    draft: Draft,
    known: list[dict[str, Any]],
    removed: int,
):
    unlike = facts("GULL", federal_id="UT00009", nid_id="UT00009")
    lone = facts("LONE", state="Utah", county="Kane", river="Paria")
    added = import_all(inventory, [*known, unlike, lone]).change
    assert added
    for _ in range(2):  # somebody ignores that such a dam stands there already
        inventory.add(draft("IBIS", nid_id="UT00011", latitude=44.0, longitude=-111.0))
    for number in range(removed):
        inventory.remove(added.first_id + number, inventory.snapshot().revision)
    twins = facts("IBIS", nid_id="UT00011", latitude=44.0, longitude=-111.0)
    rows = [*OLD, *NEW, twins, unlike, lone, facts("LONE", state="Utah", river="Paria"), *OLD[:1]]

    with look_at(inventory, rows) as look:
        found = {outcome: look.entries(outcome) for outcome in OUTCOMES}
    monkeypatch.setattr(comparing, "_match_alike", lambda *_: None)
    with look_at(inventory, rows) as look:
        compared = {outcome: look.entries(outcome) for outcome in OUTCOMES}

    assert found == compared
    assert [entry.evidence for entry in found["same"]]


def test_dams_that_are_alike_are_matched_without_a_comparison(
    inventory: Inventory, monkeypatch: pytest.MonkeyPatch
):
    import_all(inventory, OLD)
    monkeypatch.setattr(comparing, "matches", lambda *_: pytest.fail("They are compared."))

    with look_at(inventory, OLD[2:]) as look:
        assert look.counts["same"] == len(OLD[2:])
