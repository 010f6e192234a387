"""The work lists in the rail, in links, and what the browser keeps, without a browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.permissions import User
from dam_inventory.domain.units import US
from dam_inventory.domain.work_lists import READY_MADE
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.session.store import DamStore
from dam_inventory.snapshot.filters import DamFilter
from dam_inventory.views.filters.chips import FilterChips
from dam_inventory.views.lists.lists_panel import ListsPanel
from dam_inventory.views.lists.queries import name_of, query_of, values_of
from dam_inventory.views.notifications.news_bar import NewsBar
from tests.turns import Page
from tests.views.test_filters import filters

Draft = Callable[..., DamDraft]
NO_PLAN = "High hazard without an emergency action plan"
NAMES = [one.name for one in READY_MADE]


@pytest.fixture
def store(inventory: Inventory, feed: ChangeFeed, draft: Draft) -> Iterator[DamStore]:
    """The tutorial's two dams and three others."""
    for name, state, hazard, plan in (
        ("One", "Utah", "High", "No"),
        ("Two", "Utah", "High", "Yes"),
        ("Three", "Texas", "Low", "No"),
    ):
        inventory.add(draft(name, state=state, hazard_potential=hazard, eap_prepared=plan))
    feed.announce()
    store = DamStore(inventory, feed)
    yield store
    store.close()


def content(view: Any) -> dict[str, Any]:
    return json.loads(view.content)


def rows(view: ListsPanel) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in content(view)["rows"]}


def ask(view: Any, *asked: list[Any]) -> None:
    done = content(view)["done"]
    view.asked = json.dumps([[done + i, *one] for i, one in enumerate(asked, 1)])


@pytest.fixture
def panel(store: DamStore) -> ListsPanel:
    return ListsPanel(store)


def test_lists_have_the_number_of_their_dams_while_they_are_open(
    store: DamStore, inventory: Inventory, feed: ChangeFeed, draft: Draft
):
    view = ListsPanel(store)
    assert {name: row["count"] for name, row in rows(view).items()} == {
        NAMES[0]: 0, NO_PLAN: 1, "Inspection overdue": 0, NAMES[3]: 0, "No coordinates": 0,
    }  # fmt: skip
    assert rows(view)[NAMES[0]]["lacks"] == "No dam has a value of Condition assessment."
    assert rows(view)["No coordinates"]["lacks"] == ""

    inventory.add(draft("Four", hazard_potential="High", eap_prepared="No"))
    feed.announce()
    store.reload()
    assert rows(view)[NO_PLAN]["count"] == 2

    ask(view, ["open", False])
    assert content(view)["rows"] == []
    ask(view, ["open", True])
    assert rows(view)[NO_PLAN]["count"] == 2


def test_a_list_replaces_the_filter(store: DamStore, panel: ListsPanel):
    store.filter.param.update(state=["Texas"], search="x")
    told = []
    store.filter.watch(lambda *_: told.append(store.filter.criteria))

    ask(panel, ["choose", NO_PLAN])

    assert store.dams["dam_name"].tolist() == ["One"]
    assert len(told) == 1
    assert rows(panel)[NO_PLAN]["is_chosen"]
    store.filter.toggle("state", "Utah")
    assert not rows(panel)[NO_PLAN]["is_chosen"]
    ask(panel, ["choose", "Gone"], ["choose", 3])
    assert store.filter.state == ["Utah"]


def test_a_filter_is_saved_watched_renamed_and_removed(store: DamStore, panel: ListsPanel):
    assert content(panel)["suggested"] == ""
    store.filter.param.update(hazard_potential=["High"], state=["Utah"])
    assert content(panel)["suggested"] == "High hazard, Utah"

    ask(panel, ["save", "Mine"], ["watch", "Mine", True])
    row = rows(panel)["Mine"]
    assert (row["count"], row["is_own"], row["is_watched"], row["is_chosen"]) == (2, *[True] * 3)
    assert content(panel)["suggested"] == ""
    ask(panel, ["rename", "Mine", "Ours"])
    assert rows(panel)["Ours"]["is_watched"]

    ask(panel, ["remove", "Ours"])
    assert [*rows(panel)] == NAMES
    ask(panel, ["restore", row["name"], row["query"], row["is_watched"]])
    assert rows(panel)["Mine"] == row


def test_the_filter_can_be_watched_as_it_is(store: DamStore, panel: ListsPanel):
    store.filter.state = ["Utah"]

    ask(panel, ["watch filter"])
    store.filter.county = [""]
    ask(panel, ["watch filter"])

    watched = [name for name, row in rows(panel).items() if row["is_watched"]]
    assert watched == ["Utah", "Utah, County: Unknown"]
    assert content(panel)["watching"] == 2
    ask(panel, ["quiet", True])
    assert content(panel)["is_quiet"]


def test_what_is_not_possible_is_said_once(store: DamStore, panel: ListsPanel):
    store.filter.state = ["Utah"]
    ask(panel, ["save", "no COORDINATES"])
    shown = content(panel)
    assert shown["fault"].startswith('There is already a list "no COORDINATES".')
    assert shown["answered"] == shown["done"]

    ask(panel, ["save", "Utah"])

    assert content(panel)["fault"] == ""


@pytest.mark.parametrize(
    "asked",
    [["save"], ["save", 3], ["rename", "x"], ["watch", "x", 1], ["open", "yes"], ["restore", "a"],
     ["quiet", None], [], ["choose", ["No coordinates"]], ["remove", {}]],
    ids=str,
)  # fmt: skip
def test_what_a_page_forges_does_nothing(store: DamStore, panel: ListsPanel, asked: list[Any]):
    before = content(panel) | {"done": 2}

    ask(panel, asked)

    assert content(panel) | {"done": 2} == before
    assert store.lists.lists.own == ()


def test_the_lists_of_a_login_are_in_the_inventory(
    inventory: Inventory, feed: ChangeFeed, wait_until: Callable[..., None]
):
    ann = User("ann", frozenset())
    page = Page(wait_until)
    store = DamStore(inventory, feed, schedule=page.schedule, user=ann)
    view = ListsPanel(store)
    store.filter.state = ["Utah"]
    ask(view, ["save", "Mine"], ["save", "mine"])
    page.answer()
    page.answer()
    assert content(view)["fault"].startswith("There is already a list")
    store.close()

    later = DamStore(inventory, feed, schedule=page.schedule, user=ann)
    bar = NewsBar(later)
    assert not bar.keeps_lists
    bar.lists = json.dumps({"own": [["Forged", "a=b"]]})
    assert later.lists.lists.own == ()
    later.lists.load()
    page.answer()
    assert [one.name for one in later.lists.lists.own] == ["Mine"]
    assert "Mine" not in bar.lists

    panel = ListsPanel(later)
    inventory.change_work_lists(lambda lists: lists.save("From a phone", "state=Texas"), ann)
    ask(panel, ["open", False], ["open", True])
    page.answer()
    assert "From a phone" in rows(panel)
    later.close()


def test_without_a_login_the_browser_keeps_the_lists(store: DamStore, panel: ListsPanel):
    bar = NewsBar(store)
    store.filter.state = ["Utah"]
    ask(panel, ["save", "<b>Mine</b>"])
    assert bar.keeps_lists
    assert "<" not in bar.lists  # Panel would sanitize it as HTML.
    kept = bar.lists
    ask(panel, ["remove", "<b>Mine</b>"])

    bar.lists = kept
    assert rows(panel)["<b>Mine</b>"]["count"] == 2
    for forged in ("{", "[" * 100_000, "3", '{"own": 3}'):
        bar.lists = forged
    assert store.lists.lists.own == ()


@given(filters)
def test_a_filter_is_the_same_after_it_was_in_a_list_but_for_the_view(before: DamFilter):
    before.search = "  Rio  GRANDE "
    after = DamFilter(**values_of(query_of(before)))

    before.in_view = False
    assert after.criteria == before.criteria
    assert name_of(before, US).startswith("Rio GRANDE")


def test_the_lists_of_everybody_are_written_as_a_filter_is():
    for one in READY_MADE:
        dam_filter = DamFilter(**values_of(one.query))

        assert query_of(dam_filter) == one.query
        assert dam_filter.is_active


def test_a_long_filter_has_a_name_that_fits():
    name = name_of(DamFilter(county=[f"County {i}" for i in range(5)], search="x" * 50), US)

    assert (len(name), name[-1]) == (80, "…")


def test_a_link_to_a_list_offers_to_keep_it(store: DamStore):
    chips = FilterChips(store, offered="Théirs <b>")
    assert content(chips)["offer"] == ""
    store.filter.state = ["Utah"]
    assert content(chips)["offer"] == 'Keep list "Théirs <b>"'
    assert content(chips)["address"]["list"] == ["Théirs <b>"]

    ask(chips, ["keep"])

    assert (content(chips)["offer"], content(chips)["address"]["list"]) == ("", [])
    assert [(one.name, one.query) for one in store.lists.lists.own] == [
        ("Théirs <b>", "state=Utah")
    ]
    ask(chips, ["keep"])
    assert len(store.lists.lists.own) == 1


def test_a_list_that_a_person_has_or_changes_is_not_offered(store: DamStore):
    chips = FilterChips(store, offered="Theirs")
    store.filter.state = ["Utah"]
    store.filter.toggle("state", "Texas")
    assert content(chips)["offer"] == ""
    store.filter.toggle("state", "Texas")
    assert content(chips)["offer"] == ""

    known = FilterChips(store, offered="Theirs")
    assert content(known)["offer"]
    store.lists.restore({"own": [["Mine", "state=Utah"]]})
    assert content(known)["offer"] == ""


def test_the_toast_leads_with_what_is_watched_and_the_badge_counts_both(
    store: DamStore, inventory: Inventory, feed: ChangeFeed, draft: Draft
):
    bar = NewsBar(store)
    store.lists.restore({"own": [["Utah", "state=Utah"]], "watched": ["Utah"]})
    inventory.add(draft("Here", state="Utah"))
    inventory.add(draft("There", state="Texas"))
    feed.announce()
    assert content(bar)["text"].split("\n") == [
        '1 of 2 new dams matches "Utah".',
        "2 new dams have been added. Reload to see them.",
    ]

    store.dismiss()
    assert (bar.waiting, bar.concerned) == (2, 1)
    store.lists.restore({"own": [["Utah", "state=Utah"]], "watched": ["Utah"], "is_quiet": True})
    inventory.add(draft("Not here", state="Texas"))
    feed.announce()
    assert (content(bar)["text"], bar.waiting, bar.concerned) == ("", 3, 1)

    store.lists.restore({})
    assert (bar.waiting, bar.concerned) == (3, -1)
