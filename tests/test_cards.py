"""The cards beside the map, without a browser: what they say while answers come late."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from dam_inventory.draft import DamDraft
from dam_inventory.errors import DamChanged, DatabaseUnavailable
from dam_inventory.hydrographs import Hydrograph
from dam_inventory.inventory import Inventory
from dam_inventory.store import DamStore
from dam_inventory.views.details import DamDetails
from dam_inventory.views.history import HistoryList
from dam_inventory.views.hydrograph_sheet import HydrographSheet
from dam_inventory.views.suggesting import EXAMINED_AT_MOST, DamSearch

# Panel's FileDownload hands on a `button_style` that nobody has given it.
pytestmark = pytest.mark.filterwarnings("ignore:Both 'variant' and 'button_style':Warning")

Answers = list[Callable[[Any], None]]


@pytest.fixture
def answers(store: DamStore, monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Who waits for an answer of the store."""
    answers: Answers = []
    for name in ("history", "hydrograph", "remove"):
        monkeypatch.setattr(store, name, lambda *arguments: answers.append(arguments[-1]))
    return answers


def test_the_history_shows_what_was_asked_for_last(
    store: DamStore, inventory: Inventory, answers: Answers
):
    history = HistoryList(store, lambda: None)
    history.open(1)
    history.open()

    answers[1](inventory.history())
    answers[0](inventory.history(1))

    shown = json.loads(history.content)
    assert (shown["title"], len(shown["entries"])) == ("History", 2)


def test_the_history_forgets_an_error_when_it_can_be_read_again(
    store: DamStore, inventory: Inventory, answers: Answers
):
    history = HistoryList(store, lambda: None)
    history.open()
    answers[0](DatabaseUnavailable("It sleeps."))
    assert json.loads(history.content)["error"] == "It sleeps."

    history._show_more()
    answers[1](inventory.history())

    assert json.loads(history.content)["error"] == ""


def test_the_sheet_shows_no_curve_of_another_dam_under_an_error(store: DamStore, answers: Answers):
    sheet = HydrographSheet(store)
    sheet.show(1)
    answers[0](Hydrograph([0, 1], [1, 2]))
    assert sheet._curve.visible
    sheet.show(2)
    answers[1](DatabaseUnavailable("It sleeps."))

    assert (sheet._curve.visible, sheet._alert.visible) == (False, True)


def test_a_sheet_that_was_closed_stays_so_whatever_arrives(store: DamStore, answers: Answers):
    sheet = HydrographSheet(store)
    sheet.show(1)

    sheet._close(None)
    answers[0](Hydrograph([0, 1], [1, 2]))

    assert not sheet.is_open


def test_a_removal_that_was_refused_is_told_whatever_is_selected_by_then(
    store: DamStore, inventory: Inventory, feed: Any, answers: Answers
):
    details = DamDetails(store)
    store.selected = 1
    details._on_remove(None)
    store.selected = 2

    answers[0](DamChanged('"Deer Creek" has been edited.', None, 3))
    inventory.edit(2, {"river": "Green River"}, seen=2)
    feed.catch_up()

    assert details._refused.visible
    assert "Deer Creek" in details._refused.object
    assert store.selected == 2


def test_a_dam_that_was_removed_and_restored_is_there(
    store: DamStore, inventory: Inventory, feed: Any
):
    details = DamDetails(store)
    store.selected = 1
    removal = inventory.remove(1, seen=2)
    feed.catch_up()
    assert (details._notice.visible, details._buttons.visible) == (True, False)

    inventory.undo(removal.seq)
    feed.catch_up()

    assert (details._notice.visible, details._buttons.visible) == (False, True)


def test_suggestions_are_dams_not_what_their_owner_owns(store: DamStore):
    search = DamSearch(store)

    assert search._filter_options("reclam") == []
    assert search._filter_options("deer") == ["Deer Creek \N{MIDDLE DOT} Provo River"]
    assert len(search._ids) == 1


def test_dams_of_one_name_are_told_apart(store: DamStore, draft: Callable[..., DamDraft]):
    store.add(draft("Deer Creek", river="Provo River"))
    search = DamSearch(store)

    search.choose(1)
    search.choose(3)

    assert search.dam_id == 3
    assert len(search._filter_options("deer")) == 2


def test_a_short_word_does_not_look_through_all_dams(store: DamStore, monkeypatch: Any):
    search = DamSearch(store)
    looked_at: list[int] = []
    rows = list(range(EXAMINED_AT_MOST + 1))
    monkeypatch.setattr(type(store.snapshot), "containing", lambda *_: rows)
    monkeypatch.setattr(search, "_text", lambda row: looked_at.append(row) or "")

    assert search._filter_options("x") == []
    assert len(looked_at) == EXAMINED_AT_MOST
