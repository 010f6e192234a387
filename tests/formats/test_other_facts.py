"""Reading other facts of exports."""

from __future__ import annotations

import pytest

from dam_inventory.formats import other_facts


def test_the_facts_of_an_object_are_texts():
    assert other_facts.of_object('{"Kind": "gravity", "Gates": 3}') == {
        "Kind": "gravity",
        "Gates": "3",
    }


@pytest.mark.parametrize("text", ["", "[1]", "{", "[" * 100_000, '{"a": ' + "9" * 5_000 + "}"])
def test_a_text_that_can_not_be_read_as_an_object_is_none(text: str):
    assert other_facts.of_object(text) is None
