"""The texts of a dam form, and the place that they mean."""

from __future__ import annotations

import pytest

from dam_inventory.views.forms.draft import Draft


@pytest.mark.parametrize(
    ("latitude", "longitude", "place"),
    [
        ("40.6", "-111.4", (-111.4, 40.6)),
        ("", "-111.4", None),
        ("forty", "-111.4", None),
        ("90.1", "-111.4", None),
        ("40.6", "181", None),
    ],
)
def test_a_draft_has_the_place_that_was_typed(latitude, longitude, place) -> None:
    assert Draft(latitude=latitude, longitude=longitude).place == place


@pytest.mark.parametrize("field", ["latitude", "longitude"])
def test_a_place_pasted_into_one_field_fills_both(field) -> None:
    draft = Draft(**{field: "40.6, -111.4"})

    draft.split_place(field)

    assert (draft.latitude, draft.longitude) == ("40.600000", "-111.400000")


def test_only_the_empty_field_of_a_place_is_asked_for() -> None:
    assert Draft().missing_place().keys() == {"latitude", "longitude"}
    assert Draft(latitude="40.6").missing_place() == {
        "longitude": "Longitude is required; or click on the map."
    }
