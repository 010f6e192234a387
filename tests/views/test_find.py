"""The find box, without a browser: what it offers, what a choice does, what a browser may forge."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.mercator import Extent, to_mercator
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.session import store as store_module
from dam_inventory.session.store import DamStore
from dam_inventory.snapshot.folding import fold
from dam_inventory.views.find import find_box
from dam_inventory.views.find.find_box import FindBox
from dam_inventory.views.find.options import marked
from dam_inventory.views.map.dam_map import DamMap
from dam_inventory.views.map.marks import POINTED, SELECTED
from tests.importing import import_all
from tests.turns import Page

Wait = Callable[[Callable[[], Any]], None]

HOOVER = {"state": "Nevada", "county": "CLARK", "hazard_potential": "High"}


@pytest.fixture
def dam_ids(inventory: Inventory) -> dict[str, int]:
    """Dams whose places and counties a test knows; two examples are there already."""
    facts: dict[str, dict[str, Any]] = {
        "HOOVER": {**HOOVER, "latitude": 36.016, "longitude": -114.737},
        "Hoover Pond": {
            "state": "Nevada",
            "county": "Clark",
            "latitude": 36.5,
            "longitude": -115.0,
        },
        "Otter": {"state": "Ohio", "county": "Franklin"},
    }
    dams = [DamDraft(name, owner="x", **known) for name, known in facts.items()]
    import_all(inventory, [dam.checked_facts() for dam in dams], source="a test")
    snapshot = inventory.snapshot()
    rows = snapshot.rows()
    return dict(zip(snapshot.names(rows), snapshot.ids(rows).tolist(), strict=True))


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[Extent]:
    """What the map is told to show."""
    looks: list[Extent] = []
    monkeypatch.setattr(DamMap, "_look_at", lambda _map, view: looks.append(view))
    return looks


@pytest.fixture
def box(dam_ids: dict[str, int], store: DamStore, looks: list[Extent]) -> FindBox:
    store.reload()
    return FindBox(store, DamMap(store))


def ask(box: FindBox, *what: Any) -> None:
    ask.count += 1
    box.asked = json.dumps([*what, ask.count])


ask.count = 0


def told(box: FindBox) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(box.content)
    return content


def offered(box: FindBox) -> list[tuple[str, str]]:
    return [
        tuple("".join(part for part, _ in option[line]) for line in ("name", "note"))
        for option in told(box)["options"]
    ]


def choose(box: FindBox, index: int) -> None:
    ask(box, "choose", told(box)["number"], index)


def test_it_offers_what_may_be_meant_and_says_how_many(box: FindBox):
    ask(box, "type", "hoover dam")

    assert offered(box) == [
        ("HOOVER", "Clark County, Nevada · High"),
        ("Hoover Pond", "Clark County, Nevada"),
    ]
    assert (told(box)["said"], told(box)["nothing"], told(box)["taken"]) == (
        "2 suggestions.", "", None
    )  # fmt: skip
    assert told(box)["options"][0]["name"] == [["HOOVER", True]]
    ask(box, "type", "clark county nevada")
    assert offered(box)[0] == ("Clark County, Nevada", "2 dams")
    ask(box, "type", "otter")
    assert offered(box) == [("Otter", "Franklin County, Ohio")]
    assert told(box)["said"] == "1 suggestion."


def test_it_says_that_nothing_is_found_and_nothing_about_an_empty_text(box: FindBox):
    ask(box, "type", "<b>zzzz</b>" + "z" * 100)
    said = told(box)["nothing"]
    assert said.startswith('Nothing matches "<b>zzzz</b>zz')
    assert said == told(box)["said"]
    assert len(said) < 90

    ask(box, "type", "  ")
    assert (told(box)["options"], told(box)["said"], told(box)["nothing"]) == ([], "", "")


def test_a_chosen_dam_is_selected_and_the_map_goes_there(
    box: FindBox, store: DamStore, dam_ids: dict[str, int], looks: list[Extent]
):
    ask(box, "type", "hoover")
    choose(box, 1)

    assert store.selected == dam_ids["Hoover Pond"]
    [view] = looks
    x, y = to_mercator(-115.0, 36.5)
    assert view.x0 < x < view.x1
    assert view.y0 < y < view.y1
    assert view.width <= 50_000
    assert (told(box)["taken"], told(box)["said"]) == ("Hoover Pond", "Hoover Pond is selected.")
    assert told(box)["options"] == []


def test_the_first_suggestion_is_taken_for_a_text_that_was_not_answered_yet(
    box: FindBox, store: DamStore, dam_ids: dict[str, int]
):
    ask(box, "enter", "Hoover Dam, NV")

    assert store.selected == dam_ids["HOOVER"]
    assert told(box)["taken"] == "HOOVER"


def test_nothing_is_taken_if_nothing_is_found(box: FindBox, store: DamStore, looks: list[Extent]):
    ask(box, "enter", "zzzz")

    assert (store.selected, looks, told(box)["taken"]) == (None, [], None)
    assert told(box)["nothing"] == 'Nothing matches "zzzz".'


def test_a_dam_without_coordinates_is_selected_and_that_is_said(
    box: FindBox, store: DamStore, dam_ids: dict[str, int], looks: list[Extent]
):
    ask(box, "enter", "otter")

    assert store.selected == dam_ids["Otter"]
    assert looks == []
    assert told(box)["said"] == "Otter is selected. It has no coordinates."


def test_it_says_that_the_filter_hides_a_chosen_dam(box: FindBox, store: DamStore):
    store.filter.search = "otter"

    ask(box, "enter", "hoover")

    assert told(box)["said"] == "HOOVER is selected. The filter hides it on the map."


def shown(store: DamStore) -> set[str]:
    rows = store.rows
    assert rows is not None
    return {*store.snapshot.names(rows)}


def test_a_chosen_place_becomes_a_condition_and_the_map_shows_its_dams(
    box: FindBox, store: DamStore, dam_ids: dict[str, int], looks: list[Extent]
):
    store.filter.search = "otter"
    ask(box, "enter", "clark county nevada")

    assert shown(store) == {"HOOVER", "Hoover Pond"}
    assert (store.filter.state, store.filter.search) == (["Nevada"], "")
    assert sorted(store.filter.county) == ["CLARK", "Clark"]
    assert len(looks) == 1
    assert told(box)["said"] == "Clark County, Nevada: 2 dams."
    assert store.selected is None

    looks.clear()
    ask(box, "enter", "clark county nevada")
    assert len(looks) == 1, "the same place can be chosen again"

    looks.clear()
    store.filter.search = "otter"
    assert looks == [], "another filter does not move the map"


def test_a_place_replaces_another_one_but_no_other_condition(
    box: FindBox, store: DamStore, dam_ids: dict[str, int]
):
    store.filter.hazard_potential = ["High"]
    ask(box, "enter", "clark county nevada")
    assert shown(store) == {"HOOVER"}

    ask(box, "enter", "ohio")
    assert (store.filter.state, store.filter.county) == (["Ohio"], [])
    assert store.filter.hazard_potential == ["High"]
    assert shown(store) == set()

    store.filter.clear("hazard_potential")
    ask(box, "enter", "provo river")
    assert shown(store) == {"Deer Creek", "Jordanelle"}
    assert store.filter.state == []


@pytest.mark.parametrize("text", ["40.4, -111.5", "40°24'00\"N 111°30'00\"W"])
def test_the_map_goes_to_coordinates_and_marks_them(
    box: FindBox, store: DamStore, looks: list[Extent], text: str
):
    ask(box, "type", text)
    assert offered(box)[0] == ("40.40000° N, 111.50000° W", "Coordinates")
    choose(box, 0)

    [view] = looks
    x, y = to_mercator(-111.5, 40.4)
    assert ((view.x0 + view.x1) / 2, (view.y0 + view.y1) / 2) == pytest.approx((x, y))
    marks = box._map._marks()
    assert [(mark[2], mark[:2]) for mark in marks] == [(POINTED, pytest.approx((x, y)))]

    ask(box, "enter", "hoover")
    assert [mark[2] for mark in box._map._marks()] == [SELECTED]


def test_a_dam_that_is_selected_otherwise_ends_the_mark(
    box: FindBox, store: DamStore, dam_ids: dict[str, int]
):
    ask(box, "enter", "40.4, -111.5")
    store.selected = dam_ids["HOOVER"]
    assert [mark[2] for mark in box._map._marks()] == [SELECTED]


def test_a_dam_that_was_removed_meanwhile_is_not_selected(
    box: FindBox, store: DamStore, inventory: Inventory, dam_ids: dict[str, int]
):
    ask(box, "type", "hoover")
    store.remove(dam_ids["HOOVER"])

    choose(box, 0)

    assert store.selected is None
    assert told(box)["said"] == "HOOVER has been removed."


@pytest.mark.parametrize(
    "asked",
    [
        "", "{", "[]", "1", "null", '"type"', '["type", 5, 1]', '["type", null, 1]',
        '["type", ["hoover"], 1]', '["choose", 1, -1, 1]', '["choose", 1, 2, 1]',
        '["choose", 1, 99999999999999999999, 1]', '["choose", 0, 0, 1]', '["choose", 2, 0, 1]',
        '["choose", "1", 0, 1]', '["choose", 1, 0.5, 1]', '["choose", 1, {}, 1]',
        '["select", 1, 1, 1]', '["enter", "", 1]', '["choose", 1, 0]', "[" * 100_000,
    ],
)  # fmt: skip
def test_what_a_browser_forges_chooses_nothing(
    box: FindBox, store: DamStore, looks: list[Extent], asked: str
):
    ask(box, "type", "hoover")
    assert told(box)["number"] == 1

    box.asked = asked

    assert (store.selected, store.filter.search, looks, store.fault) == (None, "", [], "")


def test_a_forged_request_is_logged_in_short(box: FindBox, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.WARNING):
        box.asked = '["open", "' + "x" * 10_000 + '"]'

    assert len(caplog.records) == 1
    assert len(caplog.text) < 300


def test_markup_stays_out_of_what_is_sent(box: FindBox, store: DamStore):
    store.add(
        DamDraft("<img src=x>", owner="x", river="x", date_built="1950", latitude=1, longitude=1)
    )

    ask(box, "type", "img")

    assert offered(box)[0][0] == "<img src=x>"
    assert not {"<", ">", "&"} & set(box.content)


@pytest.fixture
def turns(wait_until: Wait) -> Page:
    return Page(wait_until)


@pytest.fixture
def many_dams(
    dam_ids: dict[str, int],
    inventory: Inventory,
    feed: ChangeFeed,
    turns: Page,
    looks: list[Extent],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[FindBox]:
    """The box of a page with so many dams that suggestions need a worker."""
    feed.catch_up()
    monkeypatch.setattr(store_module, "MAX_AT_ONCE", 0)
    monkeypatch.setattr(find_box, "MAX_AT_ONCE", 0)
    store = DamStore(inventory, feed, schedule=turns.schedule)
    yield FindBox(store, DamMap(store))
    store.close()


def test_many_dams_are_searched_by_a_worker(many_dams: FindBox, turns: Page):
    ask(many_dams, "type", "hoover")
    assert many_dams.content == "{}"

    turns.answer()

    assert offered(many_dams)[0][0] == "HOOVER"


def test_suggestions_need_a_worker_before_other_searches_do(
    many_dams: FindBox, turns: Page, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(store_module, "MAX_AT_ONCE", 5_000)

    ask(many_dams, "type", "hoover")
    assert many_dams.content == "{}"

    turns.answer()
    assert offered(many_dams)[0][0] == "HOOVER"


def test_it_prepares_to_search_as_soon_as_a_person_is_there(many_dams: FindBox, turns: Page):
    base = many_dams._store.snapshot.dams.base
    assert "index" not in vars(base)

    ask(many_dams, "type", "")
    turns.answer()

    assert "index" in vars(base)


def test_the_map_waits_for_the_dams_of_a_place(
    many_dams: FindBox, turns: Page, looks: list[Extent]
):
    ask(many_dams, "enter", "ohio")
    turns.answer()
    assert many_dams._store.filter.state == ["Ohio"]
    assert many_dams._store.is_searching
    assert looks == []

    while not looks:
        turns.answer()
    assert shown(many_dams._store) == {"Otter"}


@pytest.mark.parametrize(
    ("text", "words", "parts"),
    [
        ("HOOVER", ["hoo"], [("HOO", True), ("VER", False)]),
        ("Hoover Pond", ["pond", "hoover"], [("Hoover", True), (" ", False), ("Pond", True)]),
        ("Peña", ["pena"], [("Peña", True)]),
        ("Straße", ["ss"], [("Stra", False), ("ß", True), ("e", False)]),
        ("Straße", ["as"], [("Str", False), ("aß", True), ("e", False)]),
        ("aaa", ["aa"], [("aaa", True)]),
        ("Otter", ["x", ""], [("Otter", False)]),
        ("", ["x"], []),
    ],
)
def test_the_matching_part_is_marked(text: str, words: list[str], parts: list[tuple[str, bool]]):
    assert marked(text, words) == parts


@given(st.text(max_size=30), st.lists(st.text(max_size=3), max_size=3))
def test_marking_loses_no_letter(text: str, words: list[str]):
    parts = marked(text, [fold(word) for word in words])
    assert "".join(part for part, _ in parts) == text
    assert all(a[1] != b[1] for a, b in pairwise(parts))
