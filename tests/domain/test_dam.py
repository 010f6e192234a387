"""The rules for dams from forms, scripts and files."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.domain import visible
from dam_inventory.domain.dam import MAX_OTHER_FACTS, MAX_OTHER_LENGTH, DamDraft
from dam_inventory.domain.field import MAX_LENGTH, Field
from dam_inventory.domain.fields import FIELDS
from dam_inventory.errors import InvalidDam

Draft = Callable[..., DamDraft]

ALL_MISSING = {
    "dam_name": "Name is required.",
    "owner": "Owner is required.",
    "river": "River is required.",
    "date_built": "Date built is required.",
    "location": "Location is required.",
}
SCRIPTS = [
    "O'Brien & Söhne",
    "大坝",
    "سد الفرات",
    "सरदार सरोवर बाँध",
    "Đập Hòa Bình",
    "<img src=x>",
    "👷🏽‍♀️ dam",
]


def errors_of(draft: DamDraft) -> dict[str, str]:
    with pytest.raises(InvalidDam) as raised:
        draft.checked()
    return raised.value.errors


def facts(**known: Any) -> dict[str, Any]:
    return DamDraft(**known).checked_facts()


def test_an_empty_form_lists_each_required_field():
    assert errors_of(DamDraft()) == ALL_MISSING


def test_blank_text_is_not_a_value(draft: Draft):
    assert errors_of(DamDraft(" ", "\t", "\u00a0", "\n", "  ", "")) == ALL_MISSING


def test_an_error_message_contains_each_sentence_once():
    error = InvalidDam({"latitude": "Both.", "longitude": "Both.", "owner": "Owner is required."})

    assert str(error) == "Both. Owner is required."


def test_a_draft_refuses_a_name_that_is_not_a_field():
    with pytest.raises(TypeError, match=r'Did you mean "dam_height_ft"\?'):
        DamDraft("Heron Lake", dam_hight_ft=12)


def test_a_valid_draft_is_returned_as_columns(draft: Draft):
    values = draft(nid_id="UT10101", nid_height_ft="235.5").checked()

    assert {column: value for column, value in values.items() if value is not None} == {
        "dam_name": "Heron Lake",
        "owner": "Reclamation",
        "river": "Provo River",
        "date_built": "1941",
        "latitude": 40.5,
        "longitude": -111.5,
        "nid_id": "UT10101",
        "nid_height_ft": 235.5,
    }


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_name_may_be_in_any_script(draft: Draft, name: str):
    assert draft(f"  {name} ").checked()["dam_name"] == unicodedata.normalize("NFC", name)


def test_text_is_normalized_so_that_equal_names_compare_equal(draft: Draft):
    assert draft("Söhne").checked() == draft("So\u0308hne").checked()


@given(st.text(max_size=MAX_LENGTH + 5))
def test_any_name_is_trimmed_and_normalized_or_refused_with_a_sentence(name: str):
    draft = DamDraft(name, "O", "R", "1941", 1, 1)
    expected = unicodedata.normalize("NFC", name).strip()
    is_fine = not visible.is_blank(expected) and not visible.flaw(expected)

    if is_fine and len(expected) <= MAX_LENGTH:
        assert draft.checked()["dam_name"] == expected
    else:
        errors = errors_of(draft)
        assert errors.keys() == {"dam_name"}
        assert errors["dam_name"].endswith(".")


@pytest.mark.parametrize(
    "field",
    [field for field in FIELDS if not field.is_number and field.kind not in ("link", "date")],
    ids=lambda field: field.name,
)
def test_text_may_have_up_to_the_maximum_length(draft: Draft, field: Field):
    longest = "x" * field.max_length

    assert draft(**{field.name: longest}).checked()[field.name] == longest
    assert errors_of(draft(**{field.name: longest + "x"})) == {
        field.name: f"{field.label} has {field.max_length + 1:,} characters; "
        f"the maximum is {field.max_length:,}."
    }


@pytest.mark.parametrize(
    "character", ["\x00", "\n", "\x1b", "\x85", "\u2028", "\u202e", "\u2066", "\ufeff", "\ud800"]
)
def test_control_characters_are_refused(draft: Draft, character: str):
    assert errors_of(draft(f"a{character}b")) == {"dam_name": "Name contains control characters."}


@pytest.mark.parametrize(
    "name", ["\u200d\u200b", "\u3164", "\u2800", "\u00ad", "\u115f\u1160", "\ufe0f"]
)
def test_a_name_of_only_invisible_characters_counts_as_missing(draft: Draft, name: str):
    assert errors_of(draft(name)) == {"dam_name": "Name is required."}


@pytest.mark.parametrize(
    "character",
    ["\u200b", "\u00ad", "\u2060", "\u3164", "\u2800", "\u200e", "\U000e0041", "\u180e"],
)
def test_a_name_that_looks_like_another_one_is_refused(draft: Draft, character: str):
    assert errors_of(draft(f"Heron{character} Lake")) == {
        "dam_name": f"Name contains an invisible character (U+{ord(character):04X}). Remove it."
    }


def test_a_letter_can_not_have_more_marks_than_any_language_needs(draft: Draft):
    assert errors_of(draft("He" + "\u0301" * 150 + "ron")) == {
        "dam_name": "Name has a letter with more than 6 marks, such as accents."
    }


@pytest.mark.parametrize(
    "name",
    [
        "Cañón del Río", "سد \u0633\u062f\u200c\u0647\u0627", "बाँध \u0915\u094d\u200d\u0937",
        "👩\u200d🔬 Lake ☀\ufe0f", "Đập Thác Bà", "שָׁלוֹם", "འབྲུག་རྒྱལ་ཁབ་",
    ],
)  # fmt: skip
def test_names_of_all_languages_are_accepted(draft: Draft, name: str):
    assert draft(name).checked()["dam_name"] == unicodedata.normalize("NFC", name)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_coordinates_are_kept_exactly_as_numbers_and_as_text(latitude: float, longitude: float):
    as_numbers = DamDraft("N", "O", "R", "1941", latitude, longitude).checked()
    as_texts = DamDraft("N", "O", "R", "1941", f" {latitude!r} ", repr(longitude)).checked()

    assert (as_numbers["latitude"], as_numbers["longitude"]) == (latitude, longitude)
    assert as_texts == as_numbers


@given(st.floats().filter(lambda degrees: not abs(degrees) <= 180))
def test_numbers_out_of_range_are_not_coordinates(degrees: float):
    errors = errors_of(DamDraft("N", "O", "R", "1941", degrees, degrees))

    assert errors.keys() == {"latitude", "longitude"}
    assert all(sentence.endswith(".") for sentence in errors.values())


@pytest.mark.parametrize(
    ("given_", "sentence"),
    [
        (90.000001, "Latitude must be between -90 and 90, not 90.000001."),
        ("-91", "Latitude must be between -90 and 90, not -91."),
        (math.nan, "Latitude must be a finite number, not nan."),
        ("inf", "Latitude must be a finite number, not inf."),
        ("1e999", "Latitude must be a finite number, not 1e999."),
        ("40° 24' N", 'Latitude must be a number, not "40° 24\' N".'),
        ("40,5,1", 'Latitude must be a number, not "40,5,1".'),
        ("95,5", "Latitude must be between -90 and 90, not 95,5."),
    ],
)
def test_an_invalid_latitude_is_refused_with_the_reason(draft: Draft, given_: Any, sentence: str):
    assert errors_of(draft(latitude=given_)) == {"latitude": sentence}


@pytest.mark.parametrize(
    ("text", "degrees"), [("39,5", 39.5), (" -39,125 ", -39.125), ("39.5", 39.5), ("+39", 39.0)]
)
def test_degrees_may_have_a_decimal_comma(draft: Draft, text: str, degrees: float):
    assert draft(latitude=text).checked()["latitude"] == degrees


def test_a_measure_may_have_a_decimal_comma_where_it_can_not_mean_thousands(draft: Draft):
    assert draft(nid_height_ft="39,5").checked()["nid_height_ft"] == 39.5
    refused = errors_of(draft(nid_height_ft="1,250"))
    assert refused == {"nid_height_ft": 'NID height (ft) must be a number, not "1,250".'}


def test_a_huge_integer_is_refused(draft: Draft):
    assert errors_of(draft(longitude=10**400))["longitude"].startswith("Longitude must be a number")


def test_numpy_numbers_are_accepted(draft: Draft):
    values = draft(latitude=np.int64(40), longitude=np.float32(0.5)).checked()

    assert (values["latitude"], values["longitude"]) == (40.0, 0.5)
    assert {type(values["latitude"]), type(values["longitude"])} == {float}


def test_decimals_are_accepted(draft: Draft):
    assert draft(latitude=Decimal("40.5")).checked()["latitude"] == 40.5


@pytest.mark.parametrize("value", [[], {}, b"40", "4_0"])
def test_what_is_no_number_is_refused_as_that(draft: Draft, value: Any):
    sentence = f'Latitude must be a number, not "{value}".'
    assert errors_of(draft(latitude=value)) == {"latitude": sentence}


def test_one_coordinate_alone_is_not_a_location(draft: Draft):
    assert errors_of(draft(latitude=None)) == {"location": "Location is required."}


def test_a_wrong_coordinate_is_not_reported_as_a_missing_location(draft: Draft):
    assert errors_of(draft(latitude=91)).keys() == {"latitude"}


@pytest.mark.parametrize(
    "field", [field for field in FIELDS if field.kind == "number"], ids=lambda field: field.name
)
def test_a_measure_must_be_a_number_and_not_negative(draft: Draft, field: Field):
    assert draft(**{field.name: 0}).checked()[field.name] == 0
    assert errors_of(draft(**{field.name: -1})) == {
        field.name: f"{field.heading} must not be negative, but is -1."
    }
    assert errors_of(draft(**{field.name: "tall"})).keys() == {field.name}


@pytest.mark.parametrize("date", ["1993-02-30", "9999", "soon"])
@pytest.mark.parametrize("field", [field.name for field in FIELDS if field.kind == "date"])
def test_an_invalid_date_is_refused(draft: Draft, field: str, date: str):
    assert errors_of(draft(**{field: date})).keys() == {field}


def test_a_date_in_words_is_stored_as_iso_8601(draft: Draft):
    assert draft(date_built="April 12, 1993").checked()["date_built"] == "1993-04-12"


@pytest.mark.parametrize("website", ["https://example.org/dam?a=1", "http://大坝.example"])
def test_a_website_may_be_an_http_or_https_address(draft: Draft, website: str):
    assert draft(website=website).checked()["website"] == website


@pytest.mark.parametrize(
    "website",
    [
        "javascript:alert(1)",
        "javascript://example.org/%0Aalert(1)",
        "ftp://example.org/dam",
        "data:text/html,x",
        "www.example.org",
        "https://",
        "http://a b",
        "http://[x",
    ],
)
def test_other_addresses_are_refused(draft: Draft, website: str):
    assert errors_of(draft(website=website)) == {
        "website": "Website must be a web address that starts with http:// or https://."
    }


def test_from_a_file_a_name_is_enough():
    assert facts(dam_name="Heron Lake")["dam_name"] == "Heron Lake"


@pytest.mark.parametrize(
    "known",
    [{"latitude": 1, "longitude": 2}, {"nid_id": "UT1"}, {"federal_id": "UT1"}],
    ids=["place", "NID ID", "Federal ID"],
)
def test_from_a_file_a_place_or_an_id_is_enough(known: dict[str, Any]):
    assert {field: value for field, value in facts(**known).items() if value is not None} == known


@pytest.mark.parametrize("place", [(None, None), (0, 0), ("0.0", "-0.0"), (40, None), (None, -111)])
def test_from_a_file_a_dam_with_one_coordinate_or_none_has_no_location(place: tuple[Any, Any]):
    values = facts(dam_name="Heron Lake", latitude=place[0], longitude=place[1])

    assert values == {"dam_name": "Heron Lake"}


@pytest.mark.parametrize("place", [(0, -111), (40, 0)])
def test_a_dam_on_the_equator_or_the_prime_meridian_has_a_location(place: tuple[float, float]):
    values = facts(latitude=place[0], longitude=place[1])

    assert (values["latitude"], values["longitude"]) == place


@pytest.mark.parametrize("known", [{}, {"owner": "Reclamation"}, {"latitude": 0, "longitude": 0}])
def test_a_row_without_name_location_or_id_is_refused(known: dict[str, Any]):
    with pytest.raises(InvalidDam, match="no name, location or ID"):
        facts(**known)


def test_known_values_from_a_file_must_follow_the_rules():
    with pytest.raises(InvalidDam) as raised:
        facts(dam_name="Heron Lake", latitude=99, nid_height_ft=-5)

    assert raised.value.errors.keys() == {"latitude", "nid_height_ft"}


def test_other_facts_are_cleaned_like_other_text():
    values = facts(dam_name="Heron Lake", other_facts={"Remarks": " So\u0308hne ", "Empty": " "})

    assert values["other_facts"] == {"Remarks": "S\u00f6hne"}


@pytest.mark.parametrize(
    ("other_facts", "sentence"),
    [
        ({"Remarks": "a\x1bb"}, "Remarks contains control characters."),
        ({"Remarks": "x" * (MAX_OTHER_LENGTH + 1)}, "Remarks has 10,001 characters"),
        ({f"Fact {n}": "x" for n in range(MAX_OTHER_FACTS + 1)}, "The dam has 301 other facts"),
    ],
    ids=["control characters", "too long", "too many"],
)
def test_other_facts_have_limits(other_facts: dict[str, str], sentence: str):
    with pytest.raises(InvalidDam, match=sentence):
        facts(dam_name="Heron Lake", other_facts=other_facts)
