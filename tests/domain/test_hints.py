"""Hints for who has mistyped a name."""

from __future__ import annotations

import pytest

from dam_inventory.domain.hints import hint

MANY = [f"name_{number}" for number in range(20)]


@pytest.mark.parametrize(
    ("given", "known", "said"),
    [
        ("stat", ["state", "county"], ' Did you mean "state"?'),
        ("HIGH", ["High", "Low"], ' Did you mean "High"?'),
        ("zzz", ["High", "Low"], ' Use "High" or "Low".'),
        ("zzz", MANY, ""),
        ("name_3x", MANY, ' Did you mean "name_3"?'),
        ("x" * 100_000, ["High"], ' Use "High".'),
        ("anything", [], ""),
    ],
)
def test_only_a_name_that_is_near_is_suggested(given: str, known: list[str], said: str):
    assert hint(given, known) == said


def test_what_all_names_begin_with_makes_none_alike():
    assert hint("DAM_ZZZ", ["DAM_PORT", *MANY], "DAM_") == ""
    assert hint("dam_prot", ["DAM_PORT", *MANY], "DAM_") == ' Did you mean "DAM_PORT"?'
