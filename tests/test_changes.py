"""The facts of the log, and the sentences that people read of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from dam_inventory.changes import DamAdded, DamsImported, Fact, announcement, confirmation, count
from dam_inventory.draft import DamDraft
from dam_inventory.inventory import Inventory

NOW = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)


def added(dam_name: str = "Heron Lake") -> DamAdded:
    return DamAdded(1, NOW, None, 1, dam_name)


def imported(number: int) -> DamsImported:
    return DamsImported(2, NOW, None, 1, number, number, "dams.csv")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ([added()], 'A new dam has been added: "Heron Lake". Reload to see it.'),
        ([added("<b>大坝</b>")], 'A new dam has been added: "<b>大坝</b>". Reload to see it.'),
        ([added()] * 3, "3 new dams have been added. Reload to see them."),
        ([imported(1)], "A new dam has been added. Reload to see it."),
        ([imported(91_457)], "91,457 new dams have been added. Reload to see them."),
        ([added(), imported(9)], "10 new dams have been added. Reload to see them."),
    ],
)
def test_news_are_one_sentence_however_many_they_are(facts: list[Fact], sentence: str):
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
def test_the_author_is_told_what_was_loaded(others: list[Fact], sentence: str):
    assert confirmation(added(), others) == sentence


def test_dams_are_counted_not_changes():
    assert count([added(), imported(5), added()]) == 7
    assert count([]) == 0


def test_the_log_tells_the_facts_that_were_written(
    inventory: Inventory, draft: Callable[..., DamDraft]
):
    one = inventory.add(draft("One"), by="anna")
    two = inventory.import_dams([draft("Two").checked_facts()], "dams.csv").change

    assert inventory.changes_since(2) == [one, two]
