"""What a few typed letters may mean."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.snapshot import overlay
from dam_inventory.snapshot.query import MAX_LENGTH, MAX_WORDS
from dam_inventory.snapshot.schema import COLUMNS
from dam_inventory.snapshot.search import MAX_PLACES, Suggestion, suggest
from dam_inventory.snapshot.snapshot import Snapshot

HOOVER, HOOVER_OHIO, POND, CLARK, GLEN, GRAND, PEÑA, UNNAMED = 1, 2, 3, 4, 5, 6, 7, 8


def row(dam_id: int, dam_name: str | None, **facts: Any) -> tuple[Any, ...]:
    moment = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
    known = {"id": dam_id, "dam_name": dam_name, "added_at": moment, **facts}
    return tuple(known.get(column) for column in COLUMNS)


ROWS = [
    row(
        HOOVER, "HOOVER", state="Nevada", county="CLARK, NV; MOHAVE, AZ", nid_id="NV10122",
        river="Colorado River", other_names="Boulder Dam; Lake Mead", hazard_potential="High",
        nid_storage_acre_ft=30_237_000.0, city="Laughlin",
    ),
    row(
        HOOVER_OHIO, "Hoover Dam", state="OH", county="Franklin", nid_id="OH00737",
        river="Big Walnut Creek", nid_storage_acre_ft=145_079.0,
    ),
    row(POND, "Hoover Pond", state="Nevada", county="Clark", nid_storage_acre_ft=10.0),
    row(CLARK, "Clark Lake Dam", state="Iowa", county="Decatur", federal_id="S-001"),
    row(
        GLEN, "Glen Canyon Dam", state="AZ", county="COCONINO", river="COLORADO RIVER",
        nid_storage_acre_ft=29_875_000.0,
    ),
    row(GRAND, "Grand Coulee", state="WA", county="Grant", river="Columbia River"),
    row(PEÑA, "Peña Blanca", state="AZ", county="Santa Cruz"),
    row(UNNAMED, None, nid_id="AZ99999", state="AZ", county="Clark"),
]  # fmt: skip


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return Snapshot.of(ROWS, 1)


def dams(found: list[Suggestion]) -> list[int | None]:
    return [one.dam_id for one in found if one.kind == "dam"]


def first(snapshot: Snapshot, text: str) -> int | None:
    return suggest(snapshot, text)[0].dam_id


@pytest.mark.parametrize(
    ("text", "dam_id"),
    [
        ("hoover", HOOVER),
        ("hoover dam", HOOVER),
        ("hoover da", HOOVER),
        ("The HOOVER dam", HOOVER),
        ("Hoover Dam, NV", HOOVER),
        ("hoover nevada", HOOVER),
        ("nevada hoover", HOOVER),
        ("hoover clark county", HOOVER),
        ("hoover ohio", HOOVER_OHIO),
        ("hoover dam oh", HOOVER_OHIO),
        ("hoover pond", POND),
        ("hoover pon", POND),
        ("NV10122", HOOVER),
        ("nv1012", HOOVER),
        ("s-001", CLARK),
        ("lake mead", HOOVER),
        ("mead", HOOVER),
        ("boulder", HOOVER),
        ("laughlin", HOOVER),
        ("pena blanca", PEÑA),
        ("peña", PEÑA),
        ("canyon glen", GLEN),
        ("clark", CLARK),
        ("clark reservoir", CLARK),
        ("az99999", UNNAMED),
    ],
)
def test_the_best_match_is_the_first(snapshot: Snapshot, text: str, dam_id: int):
    assert first(snapshot, text) == dam_id


@pytest.mark.parametrize(
    ("text", "dam_id"),
    [
        ("hoovr", HOOVER),
        ("hoovre dam", HOOVER),
        ("hover dam nevada", HOOVER),
        ("glen canyn", GLEN),
        ("grnad coulee", GRAND),
        ("grand coolee washington", GRAND),
        ("hoover nevda", HOOVER),
    ],
)
def test_typing_errors_are_forgiven(snapshot: Snapshot, text: str, dam_id: int):
    assert dam_id in dams(suggest(snapshot, text))
    assert first(snapshot, text) == dam_id


@pytest.mark.parametrize("text", ["", "  ", "?!", "zzzz", "hoover texas", "xq", "nx10122"])
def test_nothing_is_suggested_for_what_is_not_there(snapshot: Snapshot, text: str):
    assert suggest(snapshot, text) == []


def test_equally_good_dams_are_in_the_order_of_their_storage(snapshot: Snapshot):
    assert dams(suggest(snapshot, "hoover")) == [HOOVER, HOOVER_OHIO, POND]

    storages = [3.0, None, 5e7, 40.0, 1e30]
    made = [
        row(number, "Otter", nid_storage_acre_ft=storage) for number, storage in enumerate(storages)
    ]
    assert dams(suggest(Snapshot.of(made, 1), "otter", most=4)) == [4, 2, 3, 0]


def test_what_begins_with_the_words_comes_before_what_has_them_later():
    names = ["Old Otter", "Otter Creek", "Otter", "Botter", "River Otter Farm"]
    made = [row(number, name, nid_storage_acre_ft=1.0) for number, name in enumerate(names)]

    assert dams(suggest(Snapshot.of(made, 1), "otter")) == [2, 1, 0, 4, 3]


def test_a_dam_is_told_from_another_with_its_name(snapshot: Snapshot):
    one, other, _ = suggest(snapshot, "hoover")

    assert (one.name, one.county, one.state, one.hazard) == (
        "HOOVER", "Clark County", "Nevada", "High"
    )  # fmt: skip
    assert (other.name, other.county, other.state, other.hazard) == (
        "Hoover Dam", "Franklin County", "Ohio", ""
    )  # fmt: skip


def test_an_unnamed_dam_is_called_as_on_the_page(snapshot: Snapshot):
    assert suggest(snapshot, "az99999")[0].name == "Unnamed dam AZ99999"


@pytest.mark.parametrize(
    ("text", "kind", "name", "state", "count", "raw"),
    [
        (
            "clark county nevada",
            "county",
            "Clark County",
            "Nevada",
            2,
            (("CLARK, NV; MOHAVE, AZ", "Clark"), ("Nevada",), ""),
        ),
        (
            "clark nv",
            "county",
            "Clark County",
            "Nevada",
            2,
            (("CLARK, NV; MOHAVE, AZ", "Clark"), ("Nevada",), ""),
        ),
        ("nevada", "state", "Nevada", "Nevada", 2, ((), ("Nevada",), "")),
        ("nv", "state", "Nevada", "Nevada", 2, ((), ("Nevada",), "")),
        ("ohio", "state", "Ohio", "Ohio", 1, ((), ("OH",), "")),
        ("colorado river", "river", "Colorado River", "", 2, ((), (), "colorado river")),
        ("columbia", "river", "Columbia River", "", 1, ((), (), "columbia river")),
        ("coconino", "county", "Coconino County", "Arizona", 1, (("COCONINO",), ("AZ",), "")),
    ],
)
def test_a_place_is_suggested_with_its_number_of_dams(
    snapshot: Snapshot,
    text: str,
    kind: str,
    name: str,
    state: str,
    count: int,
    raw: tuple[Any, ...],
):
    found = [one for one in suggest(snapshot, text) if one.kind == kind]

    assert [(one.name, one.state, one.count) for one in found] == [(name, state, count)]
    assert (found[0].counties, found[0].states, found[0].words) == raw


def test_the_place_comes_first_where_its_name_is_typed_in_full(snapshot: Snapshot):
    for text in ("clark county nevada", "nevada", "nv", "colorado river"):
        assert suggest(snapshot, text)[0].kind != "dam"
    assert suggest(snapshot, "clark")[0].kind == "dam"


def test_places_leave_room_for_dams():
    states = ["NY", "NM", "NJ", "NH", "NC", "ND"]
    made = [row(number, f"New {number}", state=state) for number, state in enumerate(states)]
    found = suggest(Snapshot.of(made, 1), "n", most=5)

    assert len(found) == 5
    assert sum(one.kind == "state" for one in found) == MAX_PLACES
    assert len(suggest(Snapshot.of(made, 1), "new", most=2)) <= 2 + MAX_PLACES


def changed(snapshot: Snapshot) -> Snapshot:
    """The snapshot after Hoover Dam was removed, another edited, and a third added."""
    rows = [
        row(GLEN, "Glen Gone", state="UT", county="KANE", river="Green River"),
        row(20, "Hoover Next", state="Nevada", county="Clark", river="Colorado River"),
    ]
    return snapshot.advance(rows, 2, changed=[HOOVER, GLEN, 20])


def test_a_removed_dam_is_not_suggested_and_a_new_one_is(snapshot: Snapshot):
    later = changed(snapshot)

    assert dams(suggest(later, "hoover")) == [HOOVER_OHIO, POND, 20]
    assert suggest(later, "nv10122") == []
    assert dams(suggest(later, "glen")) == [GLEN]
    assert suggest(later, "glen")[0].name == "Glen Gone"
    assert suggest(later, "glen canyon") == []
    assert dams(suggest(snapshot, "hoover")) == [HOOVER, HOOVER_OHIO, POND], "it is immutable"


def test_places_count_what_is_there_now(snapshot: Snapshot):
    later = changed(snapshot)

    counts = {
        (one.kind, one.name, one.state): one.count
        for text in ("clark county nv", "nevada", "utah", "colorado river", "green river", "kane")
        for one in suggest(later, text)
        if one.kind != "dam"
    }
    assert counts["county", "Clark County", "Nevada"] == 2
    assert counts["state", "Nevada", "Nevada"] == 2
    assert counts["state", "Utah", "Utah"] == counts["county", "Kane County", "Utah"] == 1
    assert counts["river", "Colorado River", ""] == counts["river", "Green River", ""] == 1
    assert not [one for one in suggest(later, "coconino") if one.kind == "county"]


def test_a_new_base_suggests_the_same(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch):
    before = changed(snapshot)
    monkeypatch.setattr(overlay, "MAX_CHANGED", 0)
    after = changed(snapshot)

    assert len(before.dams.gone) > 0
    assert len(after.dams.gone) == 0
    for text in ("hoover", "nevada", "clark county", "glen", "colorado river", "hoovr"):
        assert {*suggest(after, text)} == {*suggest(before, text)}


def test_an_inventory_without_dams_suggests_nothing():
    assert suggest(Snapshot.of([], 0), "hoover") == []
    assert suggest(Snapshot.of([], 0).advance([ROWS[0]], 1, [HOOVER]), "hoovr")[0].dam_id == HOOVER


def test_a_long_text_is_cut(snapshot: Snapshot):
    assert first(snapshot, "hoover " * MAX_WORDS + "zzzz") == HOOVER
    assert first(snapshot, "hoover " + " " * MAX_LENGTH + "zzzz") == HOOVER


@given(st.text(max_size=20) | st.text("hoverndaclk .,-'\t\n\f\r%\\[", max_size=20))
def test_any_text_is_answered_with_dams_that_exist_and_no_more_than_asked(text: str):
    found = suggest(Snapshot.of(ROWS, 1), text, most=4)

    assert len(found) <= 4
    assert {*dams(found)} <= {row[0] for row in ROWS}
    assert len({*found}) == len(found)
