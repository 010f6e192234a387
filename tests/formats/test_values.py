"""Numbers in any spelling, and signs for an unknown value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.formats.values import decimal_mark, is_ambiguous, is_unknown, number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1562.5", 1562.5), ("1,562.5", 1562.5), ("1.562,5", 1562.5), ("1 562,5", 1562.5),
        ("1'562.5", 1562.5), ("1\u202f562,5", 1562.5), ("30,237,000", 30237000.0),
        ("30.237.000", 30237000.0), ("30 237 000", 30237000.0), ("12,5", 12.5), ("0,125", 0.125),
        ("0.125", 0.125), (",5", 0.5), ("12.", 12.0), ("1e3", 1000.0), ("+7", 7.0),
        ("\u22127", -7.0), (" 42 ", 42.0), ("12345,678", 12345.678),
    ],
)  # fmt: skip
@pytest.mark.parametrize("mark", ["", ".", ","])
def test_a_number_that_is_clear_is_read_whatever_the_mark(text: str, value: float, mark):
    assert number(text, mark) == value


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [("1,234", ".", 1234.0), ("1,234", ",", 1.234), ("1.234", ".", 1.234), ("1.234", ",", 1234.0)],
)
def test_the_mark_tells_decimals_from_thousands(text: str, mark, value: float):
    assert number(text, mark) == value


@pytest.mark.parametrize("text", ["1,234", "1.234", "-12,500"])
def test_without_a_mark_a_number_that_can_be_two_is_not_read(text: str):
    assert is_ambiguous(text)
    with pytest.raises(ValueError, match="can be"):
        number(text, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "1,23,456",
        "12,",
        "1 23",
        "1'2",
        "1..2",
        "1,2,3",
        "--1",
        "1-2",
        "0x10",
        "1_000",
        "nan",
        "inf",
    ],
)
@pytest.mark.parametrize("mark", ["", ".", ","])
def test_other_text_is_no_number(text: str, mark):
    with pytest.raises(ValueError, match=r".?"):
        number(text, mark)


@given(st.floats(-1e9, 1e9, allow_nan=False), st.integers(0, 4))
def test_a_number_written_in_two_ways_is_the_same(value: float, decimals: int):
    english = f"{value:,.{decimals}f}"
    german = english.translate(str.maketrans(",.", ".,"))

    assert number(english, ".") == number(german, ",") == float(f"{value:.{decimals}f}")


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["12,5", "3"], ","),
        (["12.5", "3"], "."),
        (["1.234,5"], ","),
        (["1,234.5"], "."),
        (["1,234,567"], "."),
        (["12,5", "12.5"], ""),
        (["1,234", "5,678"], ""),
        (["1 234,5"], ","),
        (["", "x", "Lake, upper"], ""),
    ],
)
def test_cells_tell_the_mark_if_they_agree(cells: list[str], mark: str):
    assert decimal_mark(cells) == mark


@pytest.mark.parametrize(
    "text",
    [
        "NAVAJO",
        "Nancy",
        "no",
        "0",
        "N",
        "-5",
        "Unknown Creek",
        "Nullarbor",
        "A-1",
        "NaN Lake",
        "#5",
    ],
)
def test_a_word_is_no_sign_for_nothing(text: str):
    assert not is_unknown(text)
