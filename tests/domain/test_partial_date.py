"""Partial dates: known to the day, the month or the year."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.domain import partial_date

TODAY = dt.date(2024, 2, 29)

past_days = st.dates(max_value=TODAY)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("1941", "1941"),
        (" 1941 ", "1941"),
        ("1993-04", "1993-04"),
        ("1993-4", "1993-04"),
        ("1993-04-12", "1993-04-12"),
        ("April 12, 1993", "1993-04-12"),
        ("april 12 1993", "1993-04-12"),
        ("Apr. 12, 1993", "1993-04-12"),
        ("12 April 1993", "1993-04-12"),
        ("April 1993", "1993-04"),
        ("Sept 1993", "1993-09"),
        ("2000-02-29", "2000-02-29"),
    ],
)
def test_a_typed_date_becomes_iso_8601(written: str, iso: str):
    assert partial_date.parse(written, TODAY) == iso


@given(past_days)
def test_every_past_day_is_read_in_every_format(day: dt.date):
    iso = day.isoformat()
    words = partial_date.in_words(iso)

    assert partial_date.parse(iso, TODAY) == iso
    assert partial_date.parse(words, TODAY) == iso
    assert partial_date.parse(iso[:7], TODAY) == iso[:7]
    assert partial_date.parse(partial_date.in_words(iso[:7]), TODAY) == iso[:7]
    assert partial_date.parse(iso[:4], TODAY) == iso[:4]


@given(past_days, past_days)
def test_iso_text_sorts_by_date(one: dt.date, other: dt.date):
    first, second = (partial_date.parse(day.isoformat(), TODAY) for day in (one, other))

    assert (first < second) == (one < other)


@given(st.text())
def test_any_other_text_is_refused_with_a_sentence(text: str):
    with pytest.raises(ValueError, match=r"\.$"):
        partial_date.parse(f"?{text}", TODAY)


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "41", "19410", "1941-", "04/12/1993", "1993-04-12T00:00"],
)
def test_text_that_is_not_a_date_is_refused_with_examples(written: str):
    with pytest.raises(ValueError, match=r"is not a date\. Write it like 1941, 1993-04"):
        partial_date.parse(written, TODAY)


@pytest.mark.parametrize(
    "written",
    ["1993-02-29", "1900-02-29", "1993-13", "1993-00", "1993-04-00", "April 31, 1993", "0000"],
)
def test_a_date_that_does_not_exist_is_refused(written: str):
    with pytest.raises(ValueError, match=r'The date ".+" does not exist'):
        partial_date.parse(written, TODAY)


def test_a_month_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match='"Brumaire" is not the name of a month'):
        partial_date.parse("Brumaire 1799", TODAY)


@pytest.mark.parametrize(
    ("written", "words"),
    [("2025", "2025"), ("2024-03", "March 2024"), ("March 1, 2024", "March 1, 2024")],
)
def test_a_future_date_is_refused_in_words(written: str, words: str):
    with pytest.raises(ValueError, match=f"^{words} is in the future.$"):
        partial_date.parse(written, TODAY)


@pytest.mark.parametrize("written", ["2024", "2024-02", "2024-02-29"])
def test_today_this_month_and_this_year_are_not_the_future(written: str):
    assert partial_date.parse(written, TODAY) == written


def test_the_default_for_today_is_the_date_of_this_computer():
    tomorrow = dt.date.today() + dt.timedelta(days=1)

    with pytest.raises(ValueError, match="is in the future"):
        partial_date.parse(tomorrow.isoformat())


@pytest.mark.parametrize(
    ("iso", "words"),
    [("1941", "1941"), ("1993-04", "April 1993"), ("1993-04-02", "April 2, 1993")],
)
def test_a_date_is_shown_in_words(iso: str, words: str):
    assert partial_date.in_words(iso) == words
