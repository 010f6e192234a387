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


@pytest.fixture
def shown() -> Versions:
    versions = Versions()
    versions.show(LABELS, BEFORE, THEIRS, MINE)
    return versions


@pytest.mark.parametrize(
    "sent",
    [
        "", "{", "[]", "3", "[" * 100_000, '{"river": "his"}', '{"river": []}', '{"river": {}}',
        '{"city": "mine"}', '{"other": "mine"}', '{"river": "mine"}', '{"river": null}',
    ],
)  # fmt: skip
def test_what_no_page_sends_and_what_was_chosen_before_change_nothing(shown: Versions, sent: str):
    shown.chosen = sent

    assert shown.changes() == {}


def test_choices_that_come_together_are_all_told_and_each_once(shown: Versions):
    shown.chosen = '{"owner": "theirs", "river": "theirs", "state": "theirs", "county": "mine"}'
    assert shown.changes() == {"owner": "theirs", "river": "theirs", "county": "mine"}

    shown.chosen = '{"owner": "theirs", "river": "mine", "state": "theirs", "county": "mine"}'
    assert shown.changes() == {"river": "mine"}
    assert shown.changes() == {}
