"""The columns of the table: which there are at first, and which somebody chose."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.fields import FIELD, FIELDS
from dam_inventory.domain.hydrograph import Hydrograph
from dam_inventory.session.store import DamStore
from dam_inventory.snapshot.sorting import BY_NAME, HYDROGRAPH, SORTED_BY, By
from dam_inventory.views.table import columns
from dam_inventory.views.table.columns import Column, as_text, columns_of
from dam_inventory.views.table.table import DamTable
from tests.importing import import_all

Draft = Callable[..., DamDraft]


def names(table: DamTable) -> list[str]:
    return [one["name"] for one in json.loads(table.content)["columns"]]


def cells(table: DamTable, name: str) -> list[str]:
    return [row[3 + names(table).index(name)] for row in json.loads(table.content)["rows"]]


@pytest.fixture
def table(store: DamStore, draft: Draft) -> DamTable:
    """The table of the two example dams and three others."""
    known = {"hazard_potential": "High", "nid_height_ft": 1234.5, "nid_storage_acre_ft": 2.0}
    store.add(draft("Heron Lake", state="Utah", county="Wasatch", **known))
    store.add(draft("Heron Lake", state="Nevada"))
    store.add(draft("Heron Lake"))
    table = DamTable(store)
    table.search = "heron"
    return table


def test_at_first_there_are_the_usual_columns_that_have_values(table: DamTable):
    assert names(table) == [
        "dam_name", "state", "county", "hazard_potential", "nid_height_ft", "nid_storage_acre_ft",
        "date_built", "river", "owner",
    ]  # fmt: skip


def test_a_column_that_hardly_any_dam_has_is_not_there_at_first_but_hydrographs_are(
    inventory: Inventory, store: DamStore, draft: Draft
):
    facts = draft("Many", owner=None, river=None, date_built=None).checked_facts()
    import_all(inventory, [facts | {"latitude": n / 10} for n in range(300)], source="a test")
    added = store.add(draft("Heron Lake", nid_height_ft=2.0))
    assert added is not None
    store.assign_hydrograph(added.dam_id, Hydrograph([0.0, 1.0], [1.0, 2.0]))

    assert names(DamTable(store)) == ["dam_name", HYDROGRAPH]


def test_every_field_can_be_a_column(table: DamTable):
    table.columns = ",".join(SORTED_BY)

    assert set(names(table)) == {*FIELD, HYDROGRAPH}
    assert cells(table, "nid_height_ft") == ["1,234.5", "", ""]


def test_numbers_have_their_unit_in_the_head(table: DamTable):
    table.columns = "nid_height_ft,state"

    head = json.loads(table.content)["columns"][1]

    assert [head[name] for name in ("label", "unit", "kind")] == ["NID height", "ft", "number"]


def test_dams_of_one_name_are_told_apart_by_what_is_not_a_column(table: DamTable):
    def places() -> list[str]:
        return [row[2] for row in json.loads(table.content)["rows"]]

    assert places() == ["", "", ""]
    table.columns = "dam_name"
    assert places() == ["Wasatch, Utah", "Nevada", ""]
    table.columns = "dam_name,state"
    assert places() == ["Wasatch", "", ""]


def test_the_chooser_gets_all_fields_in_their_groups_once_it_is_opened(table: DamTable):
    assert table.choices == ""

    table.asked = True

    groups = dict(json.loads(table.choices))
    assert groups["Safety"][0][0] == "hazard_potential"
    assert sum(map(len, groups.values())) == len(FIELDS) + 1
    assert ["nid_height_ft", "NID height (ft)", True] in groups["Structure"]
    assert ["length_ft", "Length (ft)", False] in groups["Structure"]


def test_what_a_browser_sends_as_columns_is_checked(table: DamTable):
    usual = names(table)

    table.columns = "<img src=x>,id,added_by,state;county"
    assert names(table) == usual
    table.columns = f"state:{'9' * 4},state:90,county:1,river:x"
    assert names(table) == ["dam_name", "state", "county", "river"]
    widths = [one["width"] for one in json.loads(table.content)["columns"]]
    assert widths[1:] == [columns.MAX_WIDTH, columns.MIN_WIDTH, columns.usual_width("river")]
    table.columns = ""
    assert names(table) == usual


@given(st.text(alphabet="dam_nestriv:,0189-²", max_size=60))
def test_any_text_can_be_read_as_columns(text: str):
    chosen = columns_of(text)

    assert columns_of(as_text(chosen)) == chosen
    assert columns.heads(chosen, (By(BY_NAME),)) is not None


def test_columns_are_read_as_they_were_written():
    assert columns_of("river,dam_name:300") == (Column("dam_name", 300), Column("river"))
