"""Filters that other programs and commands give as text."""

from __future__ import annotations

import datetime as dt

import pytest

from dam_inventory.errors import InvalidFilter
from dam_inventory.snapshot.criteria import ALL, UNKNOWN, Due, Range
from dam_inventory.snapshot.filter_text import criteria, read, written
from dam_inventory.snapshot.filters import DamFilter

TODAY = dt.date(2026, 11, 27)


def test_no_arguments_are_no_conditions():
    assert criteria({}, TODAY) == ALL


def test_values_of_one_name_are_alternatives_and_names_are_conditions():
    asked = criteria({"state": ["Utah", "unknown"], "hazard": ["High"]}, TODAY)
    assert dict(asked.facets) == {"state": (UNKNOWN, "Utah"), "hazard_potential": ("High",)}


def test_short_and_full_names_of_one_filter_are_the_same_filter():
    asked = criteria({"hazard": ["High"], "hazard_potential": ["Low"]}, TODAY)
    assert dict(asked.facets) == {"hazard_potential": ("High", "Low")}


def test_a_range_has_an_open_end():
    assert dict(criteria({"height": ["50.."]}, TODAY).ranges) == {"nid_height_ft": Range(50.0)}


def test_a_search_is_folded_into_words():
    assert criteria({"search": ["Cañón Dam"]}, TODAY).words == ("canon", "dam")


def test_what_is_due_is_due_on_the_given_day():
    assert criteria({"due": ["inspection_overdue"]}, TODAY).due == Due(
        ("inspection_overdue",), TODAY
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"sate": ["Utah"]}, ['"sate"', '"state"']),
        ({"in_view": ["yes"]}, ['"in_view"']),
        ({"hazard": [""]}, ["hazard_potential", "unknown"]),
        ({"state": ["x" * 201]}, ["state", "200"]),
        ({"height": ["tall"]}, ["nid_height_ft", '"tall"', "low..high"]),
        ({"height": ["9..1"]}, ["nid_height_ft", '"9..1"']),
        ({"height": ["1..2", "3..4"]}, ["nid_height_ft", "2 times"]),
        ({"hydrograph": ["maybe"]}, ["hydrograph", "yes or no"]),
        ({"quality": ["bad"]}, ["quality", "one of"]),
        ({"due": ["lunch"]}, ["due", "one of"]),
        ({"near": ["1,2"]}, ["near", "longitude,latitude,kilometers"]),
        ({"region": ["1,2,3"]}, ["region", "corner"]),
        ({"search": ["x" * 201]}, ["search", "200"]),
        ({"county": [f"County {n}" for n in range(101)]}, ["county", "101", "100"]),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(arguments, words):
    with pytest.raises(InvalidFilter) as refused:
        criteria(arguments, TODAY)
    for word in words:
        assert word in str(refused.value)


def test_a_link_keeps_a_range_however_narrow_it_is():
    narrow = Range(12345678901.25, 12345678901.5)
    link = written(DamFilter(nid_storage_acre_ft=narrow))
    assert read(link) == {"nid_storage_acre_ft": narrow}


@pytest.mark.parametrize("text", ["1_0..20", "\u0661\u0660..20", "inf..20"])
def test_a_number_that_only_python_reads_is_no_number_of_a_range(text: str):
    with pytest.raises(InvalidFilter, match="height"):
        criteria({"height": [text]}, TODAY)

    assert read({"nid_height_ft": [text]}) == {}
