"""Sentences that describe changes."""

from __future__ import annotations

import datetime as dt

import pytest

from dam_inventory.domain.changes import (
    Change,
    DamAdded,
    DamEdited,
    DamRemoved,
    DamRestored,
    DamsImported,
    DamsRemoved,
    DamsRestored,
    DamUpdated,
    HydrographAssigned,
    HydrographRestored,
    ImportUndone,
    UnknownChange,
)
from dam_inventory.domain.messages import (
    MAX_MISSED,
    announcement,
    confirmation,
    count,
    dams,
    gone,
    missed,
    several,
)

NOW = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)


def added(dam_name: str = "Heron Lake", by: str | None = None) -> DamAdded:
    return DamAdded(1, NOW, by, 1, dam_name)


def edited(by: str | None = None, dam_id: int = 1) -> DamEdited:
    return DamEdited(3, NOW, by, dam_id, "Heron Lake", {"river": None}, {"river": "Green River"})


def removed(by: str | None = None, dam_id: int = 1) -> DamRemoved:
    return DamRemoved(4, NOW, by, dam_id, "Heron Lake")


def assigned(by: str | None = None) -> HydrographAssigned:
    return HydrographAssigned(5, NOW, by, 1, "Heron Lake", 48, 1200.0, False)


UNKNOWN = UnknownChange(2, NOW, "ann", None, None)
RESTORED = DamRestored(6, NOW, "root", 1, "Heron Lake", undoes=4)
BACK = HydrographRestored(6, NOW, "root", 1, "Heron Lake", "Flood", True, undoes=4)


TWO_REMOVED = DamsRemoved(7, NOW, "ann", [1, 2], ["Heron Lake", "Avocet"])
TWO_RESTORED = DamsRestored(8, NOW, None, [1, 2], ["Heron Lake", "Avocet"], undoes=7)


UNDONE = ImportUndone(9, NOW, "ann", 2, 1, 412, 412, 1, "dams.csv")
UPDATED = DamUpdated(9, NOW, None, 1, "Heron Lake", {}, {}, "dams.csv")


def imported(number: int, updated: int = 0, source: str = "dams.csv") -> DamsImported:
    return DamsImported(2, NOW, None, 1, number, number, source, updated)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ([added()], 'A new dam has been added: "Heron Lake". Reload to see it.'),
        ([added("<b>大坝</b>")], 'A new dam has been added: "<b>大坝</b>". Reload to see it.'),
        ([added()] * 3, "3 new dams have been added. Reload to see them."),
        ([imported(1)], '1 dam has been imported from "dams.csv". Reload to see it.'),
        (
            [imported(91_457)],
            '91,457 dams have been imported from "dams.csv". Reload to see them.',
        ),
        (
            [imported(412, 37)],
            '412 dams have been imported from "dams.csv", 37 updated. Reload to see them.',
        ),
        ([imported(0, 1)], '1 dam has been updated from "dams.csv". Reload to see it.'),
        (
            [imported(1), imported(2, 3, "other.csv")],
            "3 dams have been imported from 2 files, 3 updated. Reload to see them.",
        ),
        (
            [added(), imported(9)],
            'A new dam has been added: "Heron Lake". 9 dams have been imported from "dams.csv". '
            "Reload to see them.",
        ),
        (
            [UNDONE],
            'The import of "dams.csv" has been undone by ann: 412 dams are removed, 1 dam has its '
            "earlier values again. Reload to update the page.",
        ),
        (
            [UNDONE, UNDONE],
            "2 imports have been undone by ann: 824 dams are removed, 2 dams have their earlier "
            "values again. Reload to update the page.",
        ),
        ([UPDATED], 'An import has changed "Heron Lake". Reload to see it.'),
        ([edited()], '"Heron Lake" has been edited. Reload to see it.'),
        ([removed()], '"Heron Lake" has been removed. Reload to update the page.'),
        ([RESTORED], '"Heron Lake" has been restored by root. Reload to see it.'),
        ([assigned()], 'A hydrograph has been assigned to "Heron Lake". Reload to see it.'),
        ([BACK], 'A hydrograph of "Heron Lake" has been restored by root. Reload to see it.'),
        ([TWO_REMOVED], "2 dams have been removed by ann. Reload to update the page."),
        (
            [TWO_REMOVED, removed("ann", 3), removed("ann", 2)],
            "3 dams have been removed by ann. Reload to update the page.",
        ),
        (
            [TWO_REMOVED, TWO_RESTORED],
            "2 dams have been removed by ann. 2 dams have been restored. Reload to see them.",
        ),
        (
            [DamsRemoved(7, NOW, None, [1], ["Avocet"])],
            '"Avocet" has been removed. Reload to update the page.',
        ),
        ([UNKNOWN], "A change has been made by ann. Reload to see it."),
        ([UNKNOWN, UNKNOWN], "2 changes have been made by ann. Reload to see them."),
        (
            [assigned(), added(), edited(), edited(dam_id=2), removed(), added()],
            "2 new dams have been added. 2 dams have been edited. "
            '"Heron Lake" has been removed. A hydrograph has been assigned to "Heron Lake". '
            "Reload to see them.",
        ),
    ],
)
def test_changes_of_one_kind_are_announced_in_one_sentence(facts: list[Change], sentence: str):
    assert announcement(facts) == sentence


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        ([], 'Your dam has been added: "Heron Lake".'),
        ([added()], 'Your dam has been added: "Heron Lake". Another new dam was loaded with it.'),
        (
            [added(), imported(1_200)],
            'Your dam has been added: "Heron Lake". 1,201 other new dams were loaded with it.',
        ),
    ],
)
def test_the_author_reads_what_was_loaded_with_their_change(others: list[Change], sentence: str):
    assert confirmation(added(), others) == sentence


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ([added(by="ann")], 'A new dam has been added by ann: "Heron Lake".'),
        ([edited("ann")], '"Heron Lake" has been edited by ann.'),
        ([edited("ann"), edited("bob")], '"Heron Lake" has been edited by ann and bob. Reload to'),
        ([assigned("ann")], 'A hydrograph has been assigned to "Heron Lake" by ann.'),
        ([removed("ann"), removed("ann", 2)], "2 dams have been removed by ann."),
        ([removed("ann"), removed("bob", 2)], "2 dams have been removed by ann and bob."),
        (
            [removed(one, i) for i, one in enumerate("abc")],
            "3 dams have been removed by a, b and 1 other.",
        ),
        (
            [removed(one, i) for i, one in enumerate("abcd")],
            "4 dams have been removed by a, b and 2 others.",
        ),
    ],
)
def test_announcements_name_users_who_are_logged_in(facts: list[Change], sentence: str):
    assert announcement(facts).startswith(sentence)


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        (edited(), 'Your changes to "Heron Lake" have been saved.'),
        (removed(), '"Heron Lake" has been removed.'),
        (RESTORED, '"Heron Lake" has been restored.'),
        (assigned(), 'Your hydrograph has been assigned to "Heron Lake".'),
        (imported(7), '7 dams have been imported from "dams.csv".'),
        (TWO_REMOVED, "2 dams have been removed by ann."),
        (TWO_RESTORED, "2 dams have been restored."),
    ],
)
def test_every_change_is_confirmed_to_its_author(own: Change, sentence: str):
    assert confirmation(own, []) == sentence
    assert confirmation(own, [edited()]).startswith(f"{sentence} Another change was loaded")
    assert confirmation(own, [edited()] * 3) == f"{sentence} 3 other changes were loaded with it."


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ([added(), added()], "2 dams have been added while you were away."),
        ([imported(91_457)], "91,457 dams have been added while you were away."),
        (
            [imported(5, 2)],
            'While you were away: 5 dams have been imported from "dams.csv", 2 updated.',
        ),
        ([added(by="ann")] * 2, "2 dams have been added by ann while you were away."),
        (
            [added()] * (MAX_MISSED + 1),
            "More than 1,000 changes have been made while you were away.",
        ),
        ([added()], 'While you were away: A new dam has been added: "Heron Lake".'),
        (
            [added(), edited("ann")],
            'While you were away: A new dam has been added: "Heron Lake". '
            '"Heron Lake" has been edited by ann.',
        ),
    ],
)
def test_a_returning_page_reports_missed_changes(facts: list[Change], sentence: str):
    assert missed(facts) == sentence


def test_it_counts_dams_not_changes():
    assert count([added(), imported(5), added()]) == 7
    assert count([imported(5, 2), UNDONE]) == 7 + 413
    assert count([edited(), edited(), edited(dam_id=2), removed()]) == 3
    assert count([]) == 0


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["A"], '"A"'),
        (["A", "B"], '"A" and "B"'),
        (["A", "B", "C"], '"A", "B" and 1 other'),
        (["A"] * 1_002, '"A", "A" and 1,000 others'),
    ],
)
def test_a_list_of_names_is_cut(names: list[str], text: str):
    assert several(names, 2) == text


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 dams"), (1, "1 dam"), (91_457, "91,457 dams")]
)
def test_a_number_of_dams_is_said_in_words(number: int, words: str):
    assert dams(number) == words


def test_a_link_to_a_dam_that_is_gone_says_who_removed_it_if_that_is_known():
    there = "The dam of this link (no. 4711)"
    it = 'The dam of this link (no. 4711, "Heron Lake") is not in the inventory any more; it was'

    assert gone(4711, None) == f"{there} is not in this inventory."
    assert gone(4711, removed("ann")) == f"{it} removed on 2024-06-01 by ann."
    assert gone(4711, removed()) == f"{it} removed on 2024-06-01."
