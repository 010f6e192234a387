"""Units as files spell them."""

from __future__ import annotations

import pytest

from dam_inventory.domain.fields import FIELDS
from dam_inventory.domain.units import METRIC
from dam_inventory.formats.measures import (
    converted,
    split_cell,
    split_heading,
    unit_named,
    units_like,
)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Ft", "ft"), ("feet", "ft"), ("'", "ft"), ("m", "m"), ("Metres", "m"),
        ("Acre-Ft", "acre-ft"),
        ("ac-ft", "acre-ft"), ("AF", "acre-ft"), ("acre feet", "acre-ft"), ("hm³", "million m³"),
        ("10^6 m3", "million m³"), ("MCM", "million m³"), ("1000 m3", "thousand m³"), ("m^3", "m³"),
        ("cubic metres", "m³"), ("Cubic Yards", "cu yd"), ("km²", "km²"), ("sq. mi.", "sq mi"),
        ("Sq Miles", "sq mi"), ("ha", "ha"), ("Cubic Ft/Second", "cfs"), ("ft³/s", "cfs"),
        ("m3/s", "m³/s"), ("cumecs", "m³/s"), ("months", "months"), ("apples", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_unit_may_be_spelled_in_many_ways(text: str, unit: str):
    assert unit_named(text) == unit


@pytest.mark.parametrize(
    "heading",
    ["River", "Date built", "Number of Locks", "NID ID", "State", "Section (old)", "m", "Ft"],
)
def test_a_heading_without_a_unit_stays_as_it_is(heading: str):
    assert split_heading(heading) == (heading, "")


@pytest.mark.parametrize("text", ["33", "ft", "about 33 ft", "33 ft 6 in", "33 or 34 ft", ">33 ft"])
def test_a_cell_that_is_no_number_with_a_unit_is_not_split(text: str):
    assert split_cell(text) is None


@pytest.mark.parametrize(
    "field",
    [f for f in FIELDS if f.unit in ("ft", "mi", "acres", "sq mi", "cu yd", "acre-ft", "cfs")],
    ids=lambda f: f.name,
)
def test_metric_numbers_are_those_of_the_page(field):
    unit = METRIC.unit(field.unit)

    assert unit in units_like(field.unit)
    assert converted(12.5, unit, field.name) == METRIC.stored(field.unit, 12.5)


def test_a_unit_of_something_else_is_an_error():
    with pytest.raises(ValueError, match='"acre-ft" is not a unit of NID height'):
        converted(1.0, "acre-ft", "nid_height_ft")


@pytest.mark.parametrize("number", [1e308, float("inf")])
def test_a_number_that_is_too_large_in_the_unit_of_the_field_is_an_error(number: float):
    with pytest.raises(ValueError, match=r"NID height \(ft\) must be a finite number, not"):
        converted(number, "km", "nid_height_ft")


def test_no_spelling_means_two_units():
    from dam_inventory.formats import measures

    spellings = [spelling for unit in measures._UNITS for spelling in unit.spellings]
    assert len(spellings) == len(set(spellings))
