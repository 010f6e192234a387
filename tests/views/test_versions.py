"""What differs between a draft and the version of another person."""

from __future__ import annotations

import json

import pytest

from dam_inventory.views.forms.versions import Versions

LABELS = {"owner": "Owner", "river": "River", "state": "State", "county": "County", "city": "City"}
BEFORE = {"owner": "Other", "river": "Provo River", "state": "", "county": "Utah", "city": ""}
THEIRS = {**BEFORE, "owner": "Theirs", "state": "Utah", "county": ""}
MINE = {**BEFORE, "owner": "Mine", "river": "My river"}


def test_each_field_that_differs_begins_with_the_version_of_who_has_changed_it():
    versions = Versions()

    choices = versions.show(LABELS, BEFORE, THEIRS, MINE)

    assert choices == {"owner": "mine", "river": "mine", "state": "theirs", "county": "theirs"}
    rows = json.loads(versions.content)
    said = [[one[part]["text"] or one[part]["word"] for part in ("before", "theirs", "mine")]
            for one in rows]  # fmt: skip
    assert said == [
        ["Other", "Theirs", "Mine"],
        ["Provo River", "unchanged", "My river"],
        ["unknown", "Utah", "unknown"],
        ["Utah", "cleared", "unchanged"],
    ]


@pytest.mark.parametrize("sent", ["", "{", "[]", '["river"]', '["river", "his"]', "[[], 3]", "3"])
def test_a_choice_that_no_page_sends_is_none(sent: str):
    assert Versions(chosen=sent).choice() is None


def test_a_choice_names_a_field_and_a_version():
    assert Versions(chosen='["river", "mine"]').choice() == ("river", "mine")
