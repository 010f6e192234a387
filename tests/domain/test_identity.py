"""Who a dam is: the evidence that a row of a file is a dam of the inventory."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.domain.identity import (
    Identity,
    compare,
    distance,
    doubt,
    identity_of,
    key,
    words_of,
)
from dam_inventory.domain.identity_columns import identity_columns
from dam_inventory.domain.pairing import Known, matches, repeated

HERE = {"latitude": 40.0, "longitude": -111.0}
NEAR = {"latitude": 40.002, "longitude": -111.0}  # 222 m
FAR = {"latitude": 40.003, "longitude": -111.0}  # 334 m


def one(dam_name: str | None = None, **values: Any) -> Identity:
    return identity_of({"dam_name": dam_name, **values})


def known(*identities: Identity) -> list[Known]:
    return [Known(number, identity) for number, identity in enumerate(identities, 1)]


@pytest.mark.parametrize(
    "spelling", ["UT00001", "ut00001", " UT 00001 ", "UT\u00a000001", "\uff35\uff3400001"]
)
def test_ids_compare_without_case_and_spaces(spelling: str):
    assert key(spelling) == "UT00001"


@pytest.mark.parametrize(
    "sign",
    [None, "", " ", "NA", "n/a", "N.A.", "#N/A", "none", "NULL", "nan", "-", "--", "\u2014", "?",
     "0", "000", "0.0", ".", "unknown", "Not available", "TBD"],
)  # fmt: skip
def test_a_sign_for_nothing_is_no_id(sign: str | None):
    assert key(sign) == ""


@pytest.mark.parametrize("spelling", ["S001", "A0", "No. 1", "NA-1", "10"])
def test_what_only_looks_like_a_sign_for_nothing_is_an_id(spelling: str):
    assert key(spelling)


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("HERON LAKE", "Heron Lake Dam"),
        ("St. Mary's Dam", "ST MARYS"),
        ("Lac-Dor\u00e9", "LAC DORE"),
        ("Heron  Lake", "Heron Lake"),
    ],
)
def test_names_compare_by_their_words(name: str, same: str):
    assert words_of(name) == words_of(same) != ""


@pytest.mark.parametrize(("name", "other"), [("Dam", "Lake"), ("Heron Lake 1", "Heron Lake 2")])
def test_other_names_differ(name: str, other: str):
    assert words_of(name) != words_of(other)


def test_a_federal_id_alone_decides():
    dam = one("Old", federal_id="UT1", nid_id="UT1", **HERE)

    assert compare(one("New", federal_id="ut1", nid_id="UT9", **FAR), dam).is_weak is False
    assert compare(one("Old", federal_id="UT2", nid_id="UT1", **HERE), dam) is None


@pytest.mark.parametrize(
    ("structure", "is_same"), [("S001", True), ("s001", True), ("S002", False)]
)
def test_a_nid_id_counts_with_the_other_structure_id(structure: str, is_same: bool):
    dam = one("Dike", nid_id="UT00001", other_structure_id="S001", federal_id="X", **HERE)
    row = one("Other", nid_id="ut00001", other_structure_id=structure, **FAR)

    assert (compare(row, dam) is not None) is is_same


@pytest.mark.parametrize(
    ("row", "is_same"),
    [
        (one("Heron Lake", nid_id="UT1", **FAR), True),
        (one("Other", nid_id="UT1", **NEAR), True),
        (one("Other", nid_id="UT1", **FAR), False),
        (one("Other", nid_id="UT1"), False),
        (one(None, nid_id="UT1"), True),
        (one("Heron Lake", nid_id="UT2", **HERE), False),
        (one("Heron Lake"), False),
        (one("Heron Lake", **FAR), False),
        (one("Heron Lake", **NEAR), True),
        (one(None, **HERE), False),
    ],
)
def test_a_nid_id_counts_with_a_place_or_a_name(row: Identity, is_same: bool):
    dam = one("Heron Lake", nid_id="UT1", federal_id="UT1", **HERE)

    found = compare(row, dam)

    assert (found is not None) is is_same
    assert found is None or found.is_weak


def test_the_evidence_is_weak_only_if_one_source_has_an_id_that_the_other_lacks():
    old = one("Heron Lake", nid_id="UT1", **HERE)

    assert compare(one("Heron Lake", nid_id="UT1", **NEAR), old).is_weak is False
    assert compare(one("Heron Lake", nid_id="UT1", federal_id="UT1", **HERE), old).is_weak
    assert compare(one("Heron Lake", nid_id="UT1", other_structure_id="S1"), old).is_weak


def test_a_list_without_ids_knows_its_own_dams_again():
    assert compare(one("Heron Lake", **HERE), one("HERON LAKE", **HERE)).is_weak is False
    assert compare(one("Heron Lake", **NEAR), one("HERON LAKE", **HERE)).is_weak
    assert compare(one("Heron Lake", state="Utah"), one("Heron Lake", state="Utah"))
    assert compare(one("Heron Lake", state="Utah"), one("Heron Lake", state="Iowa")) is None


def test_evidence_is_told_in_words():
    dam = one("Heron Lake", nid_id="UT1", **HERE)

    assert compare(one("Other", nid_id="UT1", **NEAR), dam).words == "Same NID ID, 222 m apart"
    assert compare(one("Heron Lake", nid_id="UT1", **HERE), dam).words == (
        "Same NID ID, same name, same place"
    )


def test_of_several_dams_with_one_nid_id_the_best_is_taken():
    dike = one("Heron Dike", nid_id="UT1", latitude=40.001, longitude=-111.0)
    dam = one("Heron Lake", nid_id="UT1", **HERE)
    rows = [
        one("Renamed", nid_id="UT1", federal_id="UT1", latitude=40.0001, longitude=-111.0),
        one("HERON DIKE", nid_id="UT1", federal_id="UT1S1", latitude=40.0009, longitude=-111.0),
        one("Third", nid_id="UT1", federal_id="UT1S2", latitude=40.0005, longitude=-111.0),
    ]

    found = matches(rows, known(dike, dam))

    assert {match.row: match.known for match in found} == {0: 1, 1: 0}


def test_dams_in_the_inventory_come_before_removed_ones():
    dam = one("Heron Lake", federal_id="UT1")
    dams = [Known(1, dam, is_removed=True), Known(2, dam), Known(3, dam, is_former=True)]

    assert [match.known for match in matches([dam], dams)] == [1]


def test_rows_are_repeated_only_if_nothing_tells_them_apart():
    rows = [
        one("Heron Lake", nid_id="UT1", **HERE),
        one("Heron Lake", nid_id="UT1", **HERE),
        one("Heron Dike", nid_id="UT1", **HERE),
        one("Heron Lake", nid_id="UT1", **NEAR),
        one("A", nid_id="UT1", other_structure_id="S1"),
        one("B", nid_id="UT1", other_structure_id="S1"),
        one("A", federal_id="X1"),
        one("B", federal_id="x1", nid_id="UT5"),
        one("Heron Lake", nid_id="UT1", federal_id="X7", **HERE),
        one("Heron Lake", nid_id="UT1", federal_id="X8", **HERE),
    ]

    assert repeated(rows) == {1: 0, 5: 4, 7: 6, 8: 0, 9: 0}


def test_a_new_dam_with_a_known_nid_id_says_why_it_is_new():
    dam = one("Heron Lake", nid_id="UT1", federal_id="UT1", **HERE)

    assert doubt(one("A", nid_id="UT2"), [dam]) == ""
    assert doubt(one("A", nid_id="UT1", federal_id="X"), [dam]) == (
        "A known dam has the same NID ID, but another federal ID."
    )
    assert doubt(one("A", nid_id="UT1", latitude=41.0, longitude=-111.0), [dam, dam]) == (
        "2 known dams have the same NID ID, but another name, 111.2 km away."
    )


def test_a_hundred_thousand_rows_of_one_name_do_not_take_for_ever():
    rows = [one("Pond", latitude=n / 500, longitude=-111.0) for n in range(2_000)]

    assert len(matches(rows, known(*rows))) == 2_000


IDS = st.sampled_from([None, "NA", "UT1", "ut1", "UT2"])
NAMES = st.sampled_from([None, "Heron Lake", "HERON LAKE DAM", "Avocet"])
DAMS = st.builds(
    lambda name, federal, nid, structure, place: one(
        name, federal_id=federal, nid_id=nid, other_structure_id=structure, **place
    ),
    NAMES, IDS, IDS, st.sampled_from([None, "S1"]), st.sampled_from([HERE, NEAR, FAR, {}]),
)  # fmt: skip


@given(DAMS, DAMS)
def test_it_does_not_matter_which_of_two_is_the_row(first: Identity, second: Identity):
    assert compare(first, second) == compare(second, first)


@given(DAMS, DAMS)
def test_a_name_alone_is_never_enough(first: Identity, second: Identity):
    if compare(first, second) and not (
        (first.federal and first.federal == second.federal)
        or (first.nid and first.nid == second.nid)
    ):
        meters = distance(first, second)
        has_nothing_else = not any((*first[:3], *second[:3])) and meters is None
        assert has_nothing_else or (meters is not None and meters <= 250)


@given(st.lists(DAMS, max_size=6), st.lists(DAMS, max_size=6))
def test_each_row_and_each_dam_is_taken_once(rows: list[Identity], dams: list[Identity]):
    found = matches(rows, known(*dams))

    assert (
        len({match.row for match in found}) == len({match.known for match in found}) == len(found)
    )


VALUES = st.fixed_dictionaries({
    "federal_id": st.sampled_from([None, "UT00001", "UT00001S002", "az 10", "0"]),
    "nid_id": st.sampled_from([None, "ut00001", "N/A"]),
    "other_structure_id": st.sampled_from([None, "S001", "-"]),
    "dam_name": st.sampled_from([None, "Heron Lake Dam", "RÄTERICHSBODEN"]),
    "latitude": st.sampled_from([None, 40.0]),
    "longitude": st.sampled_from([None, -111.0]),
    "state": st.sampled_from([None, "Utah"]),
    "river": st.sampled_from([None, "Salt River"]),
})  # fmt: skip


@given(st.lists(VALUES, max_size=5))
def test_many_dams_have_the_identities_that_each_has(dams: list[dict[str, Any]]):
    columns = {field: [dam[field] for dam in dams] for field in (dams[0] if dams else ())}

    found = identity_columns(columns, len(dams))

    assert [Identity(*values) for values in zip(*found, strict=True)] == [*map(identity_of, dams)]
