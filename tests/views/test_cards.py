"""The cards beside the map, without a browser: what they show while answers are delayed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from panel.models.reactive_html import DOMEvent
from polars.exceptions import PanicException

from dam_inventory.database.imports import ALL_FIELDS, Choice
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.hydrograph import Hydrograph, HydrographHead
from dam_inventory.domain.permissions import User
from dam_inventory.errors import DamChanged, DatabaseUnavailable
from dam_inventory.live.change_feed import ChangeFeed, Condition
from dam_inventory.session.answers import Answer
from dam_inventory.session.store import DamStore
from dam_inventory.views.cards import card_stack
from dam_inventory.views.cards import history as history_module
from dam_inventory.views.cards.card_stack import Side
from dam_inventory.views.cards.details import DamDetails
from dam_inventory.views.cards.history import HistoryList
from dam_inventory.views.forms.autocomplete import MAX_EXAMINED, MAX_REMEMBERED, DamSearch
from dam_inventory.views.hydrograph.sheet import HydrographSheet
from dam_inventory.views.map.dam_map import DamMap
from dam_inventory.views.notifications.news_bar import NewsBar
from dam_inventory.views.table.table import DamTable
from tests.importing import import_all

# Panel's FileDownload passes on a `button_style` that was never set.
pytestmark = pytest.mark.filterwarnings("ignore:Both 'variant' and 'button_style':Warning")

Answers = list[Callable[[Any], None]]

HEAD = HydrographHead(1, "flood", "", True, None, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


@pytest.fixture
def answers(store: DamStore, monkeypatch: pytest.MonkeyPatch) -> Answers:
    """The callbacks that wait for an answer of the store."""
    answers: Answers = []
    for name in ("history", "hydrographs_of"):
        monkeypatch.setattr(store, name, lambda *arguments: answers.append(arguments[-1]))
    monkeypatch.setattr(store.later, "remove", lambda _: Answer(answers.append))
    return answers


def test_the_history_shows_the_last_request(
    store: DamStore, inventory: Inventory, answers: Answers
):
    history = HistoryList(store, lambda: None)
    history.open(1)
    history.open()

    answers[1](inventory.history())
    answers[0](inventory.history(1))

    shown = json.loads(history.content)
    assert (shown["title"], len(shown["entries"])) == ("History", 2)


def test_the_history_clears_an_error_when_it_can_be_read_again(
    store: DamStore, inventory: Inventory, answers: Answers
):
    history = HistoryList(store, lambda: None)
    history.open()
    answers[0](DatabaseUnavailable("It sleeps."))
    assert json.loads(history.content)["error"] == "It sleeps."

    history._show_more()
    answers[1](inventory.history())

    assert json.loads(history.content)["error"] == ""


def listed(history: HistoryList) -> list[int]:
    return [one["seq"] for one in json.loads(history.content)["entries"]]


@pytest.fixture
def history(store: DamStore, inventory: Inventory, monkeypatch: pytest.MonkeyPatch) -> HistoryList:
    """A list with three changes per page, which are read at once."""
    monkeypatch.setattr(history_module, "PAGE", 3)
    monkeypatch.setattr(
        store,
        "history",
        lambda dam_id, before, most, done: done(inventory.history(dam_id, before, most)),
    )
    return HistoryList(store, lambda: None)


def test_the_history_is_read_page_by_page(
    store: DamStore, history: HistoryList, draft: Callable[..., DamDraft]
):
    for number in range(6):
        store.add(draft(f"Dam {number}"))
    history.open()
    assert (listed(history), json.loads(history.content)["has_more"]) == ([8, 7, 6], True)

    history._show_more()
    assert listed(history) == [8, 7, 6, 5, 4, 3]
    history._show_more()
    assert (listed(history), json.loads(history.content)["has_more"]) == (
        [8, 7, 6, 5, 4, 3, 2, 1],
        False,
    )


def test_new_changes_are_listed_before_older_ones(
    store: DamStore, history: HistoryList, draft: Callable[..., DamDraft]
):
    for number in range(3):
        store.add(draft(f"Dam {number}"))
    history.open()
    history._show_more()

    store.add(draft("One more"))

    assert (listed(history), json.loads(history.content)["has_more"]) == ([6, 5, 4, 3, 2, 1], False)


def test_a_history_that_missed_more_than_a_page_starts_over(
    store: DamStore,
    history: HistoryList,
    inventory: Inventory,
    feed: Any,
    draft: Callable[..., DamDraft],
):
    history.open()
    with feed._lock:  # so that its thread does not bring the first of them before the others
        for number in range(4):
            inventory.add(draft(f"Dam {number}"))
        feed.catch_up()

    assert (listed(history), json.loads(history.content)["has_more"]) == ([6, 5, 4], True)


def test_a_history_is_limited(
    store: DamStore,
    history: HistoryList,
    draft: Callable[..., DamDraft],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(history_module, "MAX_SHOWN", 6)
    for number in range(6):
        store.add(draft(f"Dam {number}"))
    history.open()
    for _ in range(3):
        history._show_more()
    store.add(draft("One more"))

    shown = json.loads(history.content)
    assert (listed(history), shown["has_more"]) == ([9, 8, 7, 6, 5, 4], False)
    assert shown["note"] == history_module._END


def test_older_changes_are_still_read_when_newer_ones_arrive_first(
    store: DamStore,
    inventory: Inventory,
    answers: Answers,
    draft: Callable[..., DamDraft],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(history_module, "PAGE", 1)
    history = HistoryList(store, lambda: None)
    history.open()
    answers.pop()(inventory.history(most=2))

    history._show_more()
    store.add(draft("Mine"))
    assert len(answers) == 1
    answers.pop()(inventory.history(before=2, most=2))
    assert listed(history) == [2, 1]
    answers.pop()(inventory.history(most=2))

    assert (listed(history), answers) == ([3, 2, 1], [])


@pytest.mark.parametrize("error", [ZeroDivisionError("no width"), PanicException("no width")])
def test_a_failing_view_does_not_affect_the_others_and_the_form(
    store: DamStore,
    error: BaseException,
    draft: Callable[..., DamDraft],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    dam_map, table, news = DamMap(store), DamTable(store), NewsBar(store)

    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr("dam_inventory.views.map.dam_map.picture", fail)
    dam_map.__panel__().get_root()

    store.add(draft("Mine"))

    assert len(json.loads(table.content)["rows"]) == 3
    shown = json.loads(news.content)
    assert shown["text"] == 'Your dam has been added: "Mine".'
    assert shown["warning"].startswith("Part of this page could not be updated.")
    assert [one.levelname for one in caplog.records if one.exc_info] == ["ERROR", "ERROR"]


def test_the_toast_has_a_line_for_each_kind_of_change(
    store: DamStore, inventory: Inventory, feed: Any, draft: Callable[..., DamDraft]
):
    news = NewsBar(store)
    store.news = replace(store.news, missed=tuple(inventory.history(most=1)))
    store.add(draft("Mine"))
    inventory.add(draft("Theirs"))
    feed.catch_up()

    shown = json.loads(news.content)
    assert shown["text"].split("\n") == [
        'Your dam has been added: "Mine".',
        'While you were away: A new dam has been added: "Jordanelle".',
        'A new dam has been added: "Theirs". Reload to see it.',
    ]
    assert shown["reloads"]

    news._reload()
    shown = json.loads(news.content)
    assert (len(shown["text"].split("\n")), shown["reloads"]) == (2, False)
    news._dismiss()
    assert json.loads(news.content)["text"] == ""


def test_an_answer_to_the_toast_of_a_moment_ago_takes_away_only_what_that_one_told(
    store: DamStore, inventory: Inventory, feed: Any, draft: Callable[..., DamDraft]
):
    news = NewsBar(store)
    store.add(draft("Mine"))
    inventory.add(draft("Theirs"))
    feed.catch_up()
    on_page = news.content
    inventory.add(draft("Another"))
    feed.catch_up()

    answer(news, on_page)

    assert json.loads(news.content)["text"].split("\n") == [
        'A new dam has been added: "Another". Reload to see it.',
        "1 earlier change waits, too.",
    ]
    answer(news, news.content)
    assert (json.loads(news.content)["text"], news.waiting) == ("", 2)


@pytest.mark.parametrize(
    ("content", "waiting"),
    [
        ("", 0), ("{", 0), ("[]", 0), ("[" * 100_000, 0), ('{"seen": {}}', 0),
        ('{"seen": "2", "own": []}', 0), (7, 1), (None, 1),
    ],
)  # fmt: skip
def test_a_forged_answer_to_a_toast_does_no_harm(
    store: DamStore,
    inventory: Inventory,
    feed: Any,
    draft: Callable[..., DamDraft],
    content: object,
    waiting: int,
):
    news = NewsBar(store)
    inventory.add(draft("Theirs"))
    feed.catch_up()

    answer(news, content)

    assert (news.waiting, json.loads(news.content)["reloads"]) == (waiting, not waiting)
    store.reload()
    assert store.snapshot.row_of(2) is not None


def answer(news: NewsBar, content: object) -> None:
    """Press *Nevermind* in a toast with a content."""
    news._dismiss(DOMEvent(None, node="nevermind", data={"target": {"value": content}}))


def test_the_sheet_shows_no_curve_of_another_dam_under_an_error(store: DamStore, answers: Answers):
    sheet = HydrographSheet(store)
    sheet.show(1)
    answers[0]([(HEAD, Hydrograph([0, 1], [1, 2]))])
    assert sheet._curve.visible
    sheet.show(2)
    answers[1](DatabaseUnavailable("It sleeps."))

    assert (sheet._curve.visible, sheet._alert.visible) == (False, True)


def test_a_closed_sheet_stays_closed_when_an_answer_arrives(store: DamStore, answers: Answers):
    sheet = HydrographSheet(store)
    sheet.show(1)

    sheet._close(None)
    answers[0]([(HEAD, Hydrograph([0, 1], [1, 2]))])

    assert not sheet.is_open


def test_a_refused_removal_is_shown_even_if_another_dam_is_selected(
    store: DamStore, inventory: Inventory, feed: Any, answers: Answers
):
    details = DamDetails(store)
    store.selected = 1
    details._on_remove(None)
    store.selected = 2

    answers[0](DamChanged('"Deer Creek" has been edited.'))
    inventory.edit(2, {"river": "Green River"}, seen=2)
    feed.catch_up()

    assert details._refused.visible
    assert "Deer Creek" in details._refused.object
    assert store.selected == 2


def test_a_dam_that_was_removed_and_restored_is_shown(
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


def test_suggestions_do_not_match_owners(store: DamStore):
    search = DamSearch(store)

    assert search._filter_options("reclam") == []
    assert search._filter_options("deer") == ["Deer Creek \N{MIDDLE DOT} Provo River"]
    assert len(search._ids) == 1


def test_dams_of_the_same_name_have_different_suggestions(
    store: DamStore, draft: Callable[..., DamDraft]
):
    store.add(draft("Deer Creek", river="Provo River"))
    search = DamSearch(store)

    search.choose(1)
    search.choose(3)

    assert search.dam_id == 3
    assert len(search._filter_options("deer")) == 2


def test_a_short_word_does_not_examine_all_dams(store: DamStore, monkeypatch: Any):
    search = DamSearch(store)
    looked_at: list[int] = []
    rows = list(range(MAX_EXAMINED + 1))
    monkeypatch.setattr(type(store.snapshot), "containing", lambda *_: rows)
    monkeypatch.setattr(search, "_texts", lambda rows: looked_at.extend(rows) or [])

    assert search._filter_options("x") == []
    assert len(looked_at) == MAX_EXAMINED


def test_a_limited_number_of_suggestions_is_remembered_and_always_the_selected_one(
    store: DamStore, monkeypatch: pytest.MonkeyPatch
):
    search = DamSearch(store)
    search.choose(1)
    texts = iter(range(10**6))
    monkeypatch.setattr(
        search, "_texts", lambda rows: [(int(row) + 1, f"deer {next(texts)}") for row in rows]
    )

    for _ in range(500):
        search._filter_options("deer")

    assert len(search._ids) <= MAX_REMEMBERED
    search._find()
    assert search.dam_id == 1


def test_the_toast_of_ones_own_removal_offers_to_undo_it(
    store: DamStore, inventory: Inventory, wait_until: Any
):
    store.user = User(None, frozenset({"add_dams"}))
    news = NewsBar(store)
    removal = store.remove(1)
    shown = json.loads(news.content)
    assert (shown["own"], shown["undoes"]) == (removal.seq, True)

    for said in ("undo 99 1", "undo", f"undo {removal.seq}", f"remove {removal.seq} 2", "\ud800"):
        news.said = said
        assert len(inventory.snapshot()) == 1
    news.said = f"undo {removal.seq} 3"
    wait_until(lambda: store.selected == 1)
    shown = json.loads(news.content)
    assert (shown["text"], shown["undoes"]) == ('"Deer Creek" has been restored.', False)

    news.said = f"leave {removal.seq} 4"  # It tells of another change by now.
    assert json.loads(news.content)["text"]
    news.said = f"leave {store.news.own.seq} 5"
    assert json.loads(news.content)["text"] == ""


def test_the_toast_of_ones_own_edit_offers_to_undo_it_once(
    store: DamStore, inventory: Inventory, wait_until: Any
):
    store.user = User(None, frozenset({"add_dams"}))
    news = NewsBar(store)
    edit = store.edit(1, {"river": "Green River"}, seen=store.snapshot.mark)
    assert json.loads(news.content)["undoes"]

    news.said = f"undo {edit.seq} 1"

    told = 'Your changes to "Deer Creek" have been undone.'
    wait_until(lambda: json.loads(news.content)["text"] == told)
    assert not json.loads(news.content)["undoes"]
    assert store.snapshot.value(store.snapshot.row_of(1), "river") == "Provo River"


def test_an_edit_of_a_dam_that_one_may_not_change_any_more_offers_no_undo(
    store: DamStore, inventory: Inventory
):
    news = NewsBar(store)
    edit = store.edit(1, {"river": "Green River"}, seen=store.snapshot.mark)
    assert json.loads(news.content)["undoes"]
    store.user = User(None, frozenset())

    news.said = f"undo {edit.seq} 1"
    news._update()

    assert not json.loads(news.content)["undoes"]
    assert inventory.history(most=1)[0].seq == edit.seq


def test_the_toast_of_ones_own_hydrograph_offers_to_undo_it_unless_it_replaced_another(
    store: DamStore, inventory: Inventory, wait_until: Any
):
    store.user = User(None, frozenset({"add_dams"}))
    news = NewsBar(store)
    flood = Hydrograph([0, 1], [2, 3])
    assigned = store.assign_hydrograph(1, flood)
    assert json.loads(news.content)["undoes"]

    news.said = f"undo {assigned.seq} 1"

    told = 'A hydrograph of "Deer Creek" has been removed.'
    wait_until(lambda: json.loads(news.content)["text"] == told)
    assert not json.loads(news.content)["undoes"]
    assert store.snapshot.value(store.snapshot.row_of(1), "hydrograph_id") is None
    store.assign_hydrograph(1, flood)
    [head] = inventory.hydrograph_heads(1)
    store.assign_hydrograph(1, flood, replaces=head.id)
    assert not json.loads(news.content)["undoes"]


def test_the_toast_of_ones_own_removed_hydrograph_offers_to_undo_it(
    store: DamStore, inventory: Inventory, wait_until: Any
):
    store.user = User(None, frozenset({"add_dams"}))
    news = NewsBar(store)
    store.assign_hydrograph(1, Hydrograph([0, 1], [2, 3]))
    removal = store.remove_hydrograph(1, 1)
    assert json.loads(news.content)["undoes"]

    news.said = f"undo {removal.seq} 1"

    told = 'A hydrograph of "Deer Creek" has been restored.'
    wait_until(lambda: json.loads(news.content)["text"] == told)
    assert not json.loads(news.content)["undoes"]
    assert store.snapshot.value(store.snapshot.row_of(1), "hydrograph_id") == 1


def test_the_history_offers_to_undo_what_was_assigned_or_removed_and_is_not_undone(
    store: DamStore, inventory: Inventory, wait_until: Any
):
    flood = Hydrograph([0, 1], [2, 3])
    store.assign_hydrograph(1, flood)
    store.assign_hydrograph(1, flood, replaces=1)
    store.undo(store.assign_hydrograph(1, flood, beside=True).seq)
    removal = store.remove_hydrograph(1, 2)
    history = HistoryList(store, lambda: None)

    def expect_offered(*offered: bool) -> None:
        def is_so() -> bool:
            entries = json.loads(history.content).get("entries", [])
            return [one["undo"] for one in entries] == [*offered]

        wait_until(is_so)

    history.open(1)
    # Newest first: removed, undone, assigned and undone, replaced another one, assigned, added.
    expect_offered(True, True, False, False, True, False)

    history.undone = removal.seq

    expect_offered(False, False, True, False, False, True, False)
    assert [head.id for head in inventory.hydrograph_heads(1)] == [2]


HERON = {"dam_name": "Heron Lake", "federal_id": "UT1", "hazard_potential": "Low"}
UPDATE = Choice(update=ALL_FIELDS)


def test_the_toast_of_ones_own_import_offers_to_undo_it(
    store: DamStore, inventory: Inventory, wait_until: Any
):
    store.user = User(None, frozenset({"import_dams"}))
    news = NewsBar(store)
    change = store._make(lambda inventory, user, _: import_all(inventory, [HERON], by=user).change)
    shown = json.loads(news.content)
    assert (shown["text"], shown["undoes"]) == ('1 dam has been imported from "dams.csv".', True)

    news.said = f"undo {change.seq} 1"

    wait_until(lambda: len(store.snapshot) == 2)
    shown = json.loads(news.content)
    assert shown["text"] == 'The import of "dams.csv" has been undone: 1 dam is removed.'
    assert not shown["undoes"]


def test_the_history_offers_to_undo_an_import_and_shows_what_it_changed_in_a_dam(
    store: DamStore, inventory: Inventory, feed: ChangeFeed, wait_until: Any
):
    dam_id = import_all(inventory, [HERON | {"other_facts": {"Basin": "North"}}]).change.first_id
    later = HERON | {"hazard_potential": "High", "other_facts": {"Basin": "South"}}
    change = import_all(inventory, [later], "new.csv", choice=UPDATE).change
    feed.catch_up()
    store.reload()
    history = HistoryList(store, lambda: None)

    def entries(number: int) -> list[dict[str, Any]]:
        wait_until(lambda: len(json.loads(history.content)["entries"]) == number)
        return list(json.loads(history.content)["entries"])

    history.open()
    newest = entries(4)[0]
    assert newest["what"] == '1 dam has been updated from "new.csv".'
    assert newest["undo"]
    history.open(dam_id)
    newest, oldest = entries(2)
    assert newest["what"] == 'An import has changed "Heron Lake". Source: "new.csv".'
    assert newest["values"] == [["Hazard potential", "Low", "High"], ["Basin", "North", "South"]]
    assert (newest["undo"], oldest["undo"]) == (False, False)
    inventory.undo(change.seq)
    feed.catch_up()
    store.reload()
    assert entries(3)[0]["what"].endswith("The import was undone.")
    history.open()
    assert [one["undo"] for one in entries(5)[:3]] == [False, False, True]


def test_a_removal_that_can_not_be_undone_is_told(
    store: DamStore, inventory: Inventory, wait_until: Any
):
    news = NewsBar(store)
    removal = store.remove(1)
    inventory.undo(removal.seq)

    news.said = f"undo {removal.seq} 1"

    refusal = 'The removal of "Deer Creek" has already been undone.'
    wait_until(lambda: refusal in json.loads(news.content)["text"].split("\n"))
    shown = json.loads(news.content)
    assert (shown["own"], shown["undoes"]) == (0, False)
    news._dismiss()
    assert refusal not in json.loads(news.content)["text"]


def test_a_draft_that_outlived_its_page_is_said_not_to_be_saved(store: DamStore):
    side = Side(store, lambda _: None)
    side.recover(json.dumps([["add", 0, "0", "river", "", "Provo River"]]))

    assert side.card == "add"
    assert side.add_form._alert.visible
    assert side.add_form._alert.severity == "info"


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ("seen", 'The connection was lost before "nid.csv" was imported. Choose it again.'),
        (
            "import",
            'The connection was lost while "nid.csv" was imported: all of it is in the inventory, '
            "or nothing. Choose it again: dams that are in the inventory are not added twice.",
        ),
    ],
)
def test_an_import_that_its_server_did_not_outlive_is_told(
    store: DamStore, step: str, sentence: str
):
    kept = json.dumps([["import", 0, "0", step, "", "nid.csv"]])
    store.user = User(None, frozenset({"add_dams"}))
    visitor = Side(store, lambda _: None)
    visitor.recover(kept)
    assert (visitor.card, store.importing.fault) == ("details", "")

    store.user = User(None, frozenset({"import_dams"}))
    side = Side(store, lambda _: None)
    side.recover(kept)
    assert (side.card, store.importing.fault) == ("import", sentence)

    store.importing.fault, store.importing.step = "", "import"  # A browser may send it any time.
    side.recover(kept)
    assert (store.importing.fault, store.importing.step) == ("", "import")


@pytest.mark.parametrize(
    ("card", "name"), [("add", "AddForm"), ("history", "HistoryList"), ("assign", "AssignForm")]
)
def test_a_card_whose_making_fails_once_is_told_and_can_be_opened_again(
    store: DamStore, monkeypatch: pytest.MonkeyPatch, card: str, name: str
):
    side = Side(store, lambda _: None)

    def fail(*_arguments: Any, **_options: Any) -> None:
        raise ZeroDivisionError("no width")

    with monkeypatch.context() as patched:
        patched.setattr(card_stack, name, fail)
        side.open(card)
    assert side.card == "details"
    assert store.fault.startswith("Part of this page could not be updated.")

    side.open(card)

    assert side.card == card
    assert type(side._shown).__name__ == name


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Condition.CURRENT, ""),
        (Condition.UNAVAILABLE, "does not respond"),
        (Condition.MISSING, "missing"),
        (Condition.OUTDATED, "A newer version of the dashboard has upgraded the database."),
        (Condition.FAILED, "unexpected error"),
    ],
)
def test_a_page_says_why_it_may_be_out_of_date(store: DamStore, condition: Condition, words: str):
    news = NewsBar(store)

    store.condition = condition

    warning = json.loads(news.content)["warning"]
    assert words in warning
    assert bool(warning) is (condition is not Condition.CURRENT)


def test_a_form_has_something_to_lose_until_it_is_saved_or_canceled(store: DamStore):
    side = Side(store, lambda _: None)
    side.open("add")
    assert (side.cards, side.unsaved) == (1, False)
    side.add_form.draft.dam_name = "Avocet"
    assert side.unsaved
    side.close_top()
    assert (side.cards, side.unsaved) == (0, True)
    side.open("add")
    side.add_form._close()
    assert (side.cards, side.unsaved) == (0, False)

    store.selected = 1
    side.open("edit")
    assert (side.cards, side.unsaved) == (2, False)
    side._edit_form.draft.river = "Green River"
    store.selected = 2
    side.open("edit")
    assert side.unsaved, "The draft of the other dam is kept."
    side._edit_form._close()
    assert side.unsaved
    store.selected = 1
    side.open("edit")
    side._edit_form._close()
    assert (side.cards, side.unsaved) == (1, False)
    side.close_top()
    assert store.selected is None
