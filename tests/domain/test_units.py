"""Units: exact factors, round trips, and numbers as a person reads and types them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.domain.fields import FIELD, FIELDS
from dam_inventory.domain.units import METRIC, SYSTEMS, US

UNITS = sorted({field.unit for field in FIELDS})
MEASURED = sorted({field.unit for field in FIELDS if METRIC.unit(field.unit) != field.unit})
FIELD_WITH = {field.unit: field.name for field in FIELDS}
FINITE = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12)


@pytest.mark.parametrize(
    ("unit", "metric", "factor"),
    [  # NIST SP 811, appendix B.8; those with an acre there are of the older survey foot.
        ("ft", "m", 0.3048),
        ("mi", "km", 1.609344),
        ("acres", "ha", 0.40468564224),
        ("sq mi", "km²", 2.589988110336),
        ("cu yd", "m³", 0.764554857984),
        ("acre-ft", "thousand m³", 1.23348183754752),
        ("cfs", "m³/s", 0.028316846592),
    ],
)
def test_a_metric_unit_is_a_known_multiple(unit: str, metric: str, factor: float):
    assert METRIC.unit(unit) == metric
    assert METRIC.shown(unit, 1.0) == factor
    assert METRIC.stored(unit, factor) == 1.0


def test_every_unit_that_is_not_of_time_has_a_metric_one():
    assert {unit for unit in UNITS if METRIC.unit(unit) == unit} == {"", "years"}


@given(st.sampled_from(UNITS), FINITE)
def test_us_units_are_those_of_the_inventory(unit: str, value: float):
    assert US.shown(unit, value) == US.stored(unit, value) == value
    assert US.unit(unit) == unit


@given(st.sampled_from(MEASURED), FINITE)
def test_a_number_comes_back_from_the_other_units(unit: str, value: float):
    there = METRIC.shown(unit, value)

    assert math.isclose(METRIC.stored(unit, there), value, rel_tol=1e-15, abs_tol=1e-300)


@given(st.sampled_from(MEASURED), st.decimals(0, 10**7, places=3))
def test_what_is_typed_in_metric_units_is_shown_again_when_it_was_stored(unit: str, typed: object):
    name, text = FIELD_WITH[unit], f"{typed:f}"

    stored = METRIC.read(name, text)

    assert isinstance(stored, float)
    assert float(METRIC.typed(name, stored)) == float(text)


@given(st.sampled_from([*SYSTEMS.values()]), st.sampled_from(UNITS), FINITE)
def test_a_number_is_read_with_at_least_three_digits(system: object, unit: str, value: float):
    shown = float(system.text(unit, value).replace(",", ""))

    assert math.isclose(shown, system.shown(unit, value), rel_tol=5.1e-3, abs_tol=6e-10)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("nid_height_ft", 726.0, "221.3 m"),
        ("nid_height_ft", 6.0, "1.83 m"),
        ("nid_height_ft", 0.0, "0 m"),
        ("nid_storage_acre_ft", 30_237_000.0, "37,296,790 thousand m³"),
        ("nid_storage_acre_ft", 50.0, "61.67 thousand m³"),
        ("max_discharge_cfs", 1000.0, "28.32 m³/s"),
        ("inspection_frequency_years", 2.5, "2.5 years"),
        ("number_of_locks", 2.0, "2"),
    ],
)
def test_a_metric_number_is_short(name: str, value: float, text: str):
    assert METRIC.measure(FIELD[name].unit, value) == text


@pytest.mark.parametrize(
    ("units", "value", "text"),
    [(US, 726.0, "726"), (US, 0.1, "0.1"), (METRIC, 726.0, "221.2848"), (METRIC, None, "")],
)
def test_a_form_offers_all_digits(units: object, value: float | None, text: str):
    assert units.typed("nid_height_ft", value) == text


@pytest.mark.parametrize("text", ["", "abc", "1,250", "1 m", "-5"])
def test_what_is_no_number_is_left_to_the_rules_of_a_dam(text: str):
    assert METRIC.read("nid_height_ft", text) == text


def test_a_decimal_comma_is_read():
    assert METRIC.read("nid_height_ft", "30,48") == 100.0


def test_a_text_without_a_unit_is_never_converted():
    assert METRIC.read("dam_name", "1935") == "1935"
    assert METRIC.typed("latitude", 36.0) == "36.0"


def test_a_number_beyond_all_numbers_is_infinite():
    assert METRIC.read("nid_height_ft", "1e308") == math.inf


def test_headings_and_sentences_have_the_unit_that_is_shown():
    assert METRIC.fields["nid_height_ft"].heading == "NID height (m)"
    assert METRIC.labels["owner"] == "Owner"
    sentence = "NID height (ft) must not be negative, but is -3."
    assert METRIC.reworded("nid_height_ft", sentence) == (
        "NID height (m) must not be negative, but is -3."
    )


@pytest.mark.parametrize(("units", "shown"), [(US, 10.0), (METRIC, 16.09344)])
def test_a_distance_is_shown_in_miles_or_kilometers(units: object, shown: float):
    assert units.distance(16.09344) == shown
    assert units.kilometers(shown) == 16.09344


@pytest.mark.parametrize(
    ("units", "before", "text", "now"),
    [
        (METRIC, US, "726", "221.2848"),
        (US, METRIC, "221.2848", "726"),
        (US, METRIC, "221", "725.0656167979002"),
        (METRIC, US, "725.0656167979002", "221"),
        (METRIC, US, "tall", "tall"),
        (METRIC, METRIC, "221.28480", "221.28480"),
    ],
)
def test_a_typed_text_is_converted_to_other_units(
    units: object, before: object, text: str, now: str
):
    assert units.typed_in(before, "nid_height_ft", text) == now
