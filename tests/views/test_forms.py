"""The forms, without a browser: each answer of the database affects only its own draft."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from panel.util import edit_readonly

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.fields import LABELS
from dam_inventory.domain.hydrograph import Hydrograph
from dam_inventory.domain.mark import Mark
from dam_inventory.domain.mercator import to_mercator
from dam_inventory.errors import DamChanged, HydrographExists, InventoryFull
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.session.answers import Answer
from dam_inventory.session.store import DamStore
from dam_inventory.views.cards.card_stack import Side
from dam_inventory.views.cards.details import DamDetails
from dam_inventory.views.forms.add_form import AddForm
from dam_inventory.views.forms.edit_form import EditForm
from dam_inventory.views.hydrograph.assign_form import AssignForm

Answers = list[Callable[[Any], None]]


@pytest.fixture
def asked(store: DamStore, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """The awaited calls of the store; the last argument of each gives the answer."""
    asked: list[tuple[Any, ...]] = []

    def later(*arguments: Any, **_: Any) -> Answer[Any]:
        return Answer(lambda resume: asked.append((*arguments, resume)))

    for name in ("add", "edit", "assign_hydrograph"):
        monkeypatch.setattr(store.later, name, later)
    return asked


@pytest.fixture
def closed() -> list[str]:
    return []


def typed(form: EditForm | AddForm) -> dict[str, str]:
    return {field: getattr(form.draft, field) for field in LABELS}


def browser_types(field: Any, *texts: str) -> None:
    """Change a field as a browser does, with each key press."""
    for text in texts:
        with edit_readonly(field):
            field.value_input = text


def test_the_heading_shows_a_name_as_text(store: DamStore, draft: Callable[..., DamDraft]):
    added = store.add(draft("<img src=x onerror=alert(1)> *Heron*"))
    form = EditForm(store, lambda: None)

    form.edit(added.dam_id)

    assert not set(form._heading.object) & set("<>*")
    assert "img" in form._heading.object


@pytest.mark.parametrize("error", [None, InventoryFull("It is full.")])
def test_an_answer_to_a_canceled_draft_does_not_affect_the_next_one(
    store: DamStore, asked: list[tuple[Any, ...]], closed: list[str], error: Exception | None
):
    form = AddForm(store, lambda: closed.append("add"))
    form.draft.dam_name = "First"
    form.submit()
    form._cancel.param.trigger("clicks")
    form.draft.dam_name = "Second"
    [(_, answer)] = asked

    answer(error)

    assert (form.draft.dam_name, closed) == ("Second", ["add"])
    assert not form._alert.visible
    form.submit()
    assert asked[1][0].dam_name == "Second"


@pytest.mark.parametrize("error", [None, DamChanged("Changed.", dict.fromkeys(LABELS), Mark(9))])
def test_an_answer_about_one_dam_does_not_affect_the_draft_of_another(
    store: DamStore, asked: list[tuple[Any, ...]], closed: list[str], error: Exception | None
):
    form = EditForm(store, lambda: closed.append("edit"))
    form.edit(1)
    form.submit()
    form.edit(2)
    form.draft.river = "Green River"
    before = typed(form)

    asked[0][-1](error)

    assert (typed(form), closed) == (before, [])
    form.submit()
    assert asked[1][:3] == (2, {"river": "Green River"}, store.snapshot.mark)


def test_each_dam_keeps_the_draft_of_its_edit(store: DamStore, asked: list[tuple[Any, ...]]):
    form = EditForm(store, lambda: None)
    form.edit(1)
    form.draft.river = "Green River"
    form.edit(2)
    assert form.draft.river == "Provo River"
    form.draft.river = "Snake River"

    form.edit(1)
    assert form.draft.river == "Green River"
    form.submit()
    form.edit(2)
    form.submit()

    assert [one[:2] for one in asked] == [
        (1, {"river": "Green River"}),
        (2, {"river": "Snake River"}),
    ]


def test_an_untouched_draft_is_replaced_by_the_current_values(
    store: DamStore, inventory: Inventory, feed: ChangeFeed
):
    form = EditForm(store, lambda: None)
    form.edit(1)
    form.edit(2)
    inventory.edit(1, {"river": "Green River"}, seen=2)
    feed.catch_up()
    store.reload()

    form.edit(1)

    assert form.draft.river == "Green River"


def test_a_draft_saved_while_another_dam_is_edited_does_not_return(
    store: DamStore, asked: list[tuple[Any, ...]]
):
    form = EditForm(store, lambda: None)
    form.edit(1)
    form.draft.river = "Green River"
    form.submit()
    form.edit(2)

    asked[0][-1](None)
    form.edit(1)

    assert form.draft.river == "Provo River"


def test_a_restored_draft_changes_only_what_was_typed(
    store: DamStore, asked: list[tuple[Any, ...]]
):
    """Another user has changed the owner while the page was disconnected."""
    side = Side(store, lambda _: None)
    drafts = [
        ["edit", 2, 1, "river", "Provo River", "Green River"],
        ["edit", 2, 1, "owner", "The old owner", "The old owner"],
    ]

    side.recover(str(drafts).replace("'", '"'))
    side._edit_form.submit()

    assert (side.card, asked[0][:3]) == ("edit", (2, {"river": "Green River"}, Mark(1)))


@pytest.mark.parametrize(
    "forged",
    [
        "", "{}", "[]", "[1]", '[["edit", Infinity, 1, "river", "", ""]]', "[" * 100_000,
        '[["edit", "x", 1, "river", "", ""]]', '[["edit", 2, 1, "river", "Green River"]]',
    ],
)  # fmt: skip
def test_invalid_drafts_are_refused(store: DamStore, forged: str, caplog: pytest.LogCaptureFixture):
    side = Side(store, lambda _: None)

    side.recover(forged)

    assert (side.card, store.selected) == ("details", None)
    assert "A page sent invalid drafts" in caplog.text


def test_the_answer_to_an_assignment_does_not_affect_the_next_one(
    store: DamStore, asked: list[tuple[Any, ...]], closed: list[str]
):
    form = AssignForm(store, lambda: closed.append("assign"))
    form.open(1)
    form._hydrograph = Hydrograph([0, 1], [1, 2])
    form.submit()
    form.open(2)
    form._hydrograph = Hydrograph([0, 1], [1, 2])

    asked[0][-1](HydrographExists("It has one.", 7))
    form.submit()

    assert asked[1][0] == 2
    assert asked[1][2] is None
    assert not form._alert.visible
    asked[1][-1](None)
    assert closed == ["assign"]


def test_a_file_stays_selected_while_another_card_is_shown(store: DamStore):
    form = AssignForm(store, lambda: None)
    form.open(1)
    chosen = form._hydrograph = Hydrograph([0, 1], [1, 2])

    form.open(1)
    assert form._hydrograph is chosen
    form.open(2)
    assert form._hydrograph is None


def test_a_standalone_form_confirms_what_it_has_added(
    store: DamStore, asked: list[tuple[Any, ...]]
):
    form = AddForm(store, lambda: None)
    form.draft.dam_name = "<b>Heron</b>"
    form.submit()

    asked[-1][-1](None)

    assert form._confirmation.visible
    assert "Heron" in form._confirmation.object
    assert not set("<>") & set(form._confirmation.object)
    assert typed(form)["dam_name"] == ""
    form.draft.dam_name = "N"
    assert not form._confirmation.visible


def test_a_confirmation_is_cleared_when_the_form_is_opened_again(
    store: DamStore, asked: list[tuple[Any, ...]]
):
    side = Side(store, lambda _: None)
    side.open("add")
    side.add_form.draft.dam_name = "Heron"
    side.add_form.submit()
    asked[-1][-1](None)

    side.open("add")

    assert not side.add_form._confirmation.visible


def test_a_text_that_the_browser_repeats_on_blur_does_not_undo_a_click_on_the_map(
    store: DamStore,
):
    form = AddForm(store, lambda: None)
    latitude = form.fields["latitude"]
    browser_types(latitude, "4", "40")

    form.location = (-120.48, 42.08)
    latitude.value = "40"

    assert (form.draft.latitude, form.draft.longitude) == ("42.080000", "-120.480000")
    assert latitude.value_input == "42.080000"
    assert form.location == (-120.48, 42.08)


@pytest.mark.parametrize("text", ["40.5", ""])
def test_nor_does_it_if_the_field_was_untouched_or_cleared(store: DamStore, text: str):
    form = EditForm(store, lambda: None)
    form.edit(1)
    latitude = form.fields["latitude"]
    before = latitude.value_input
    if text == "":
        browser_types(latitude, "")

    form.location = (-120.48, 42.08)
    latitude.value = text and before

    assert form.draft.latitude == "42.080000"


def test_a_new_text_counts_whichever_property_carries_it(store: DamStore):
    form = AddForm(store, lambda: None)

    form.fields["river"].value = "Lethe"

    assert form.draft.river == "Lethe"


def test_text_typed_while_a_dam_is_being_added_stays(
    store: DamStore, asked: list[tuple[Any, ...]], closed: list[str]
):
    form = AddForm(store, lambda: closed.append("add"))
    browser_types(form.fields["dam_name"], "First")
    form.submit()
    browser_types(form.fields["dam_name"], "Second")

    asked[0][-1](None)

    assert (form.draft.dam_name, closed, form.busy) == ("Second", [], False)
    form.submit()
    asked[1][-1](None)
    assert (asked[1][0].dam_name, closed) == ("Second", ["add"])
    assert form.draft.dam_name == ""


def test_text_typed_while_an_edit_is_being_saved_stays_for_the_next_edit(
    store: DamStore, asked: list[tuple[Any, ...]], closed: list[str]
):
    form = EditForm(store, lambda: closed.append("edit"))
    form.edit(1)
    browser_types(form.fields["river"], "Green River")
    form.submit()
    browser_types(form.fields["owner"], "Somebody")

    [(dam_id, facts, seen, answer)] = asked
    saved = DamStore.edit(store, dam_id, facts, seen)
    answer(None)

    assert (form.draft.owner, form.draft.river, closed) == ("Somebody", "Green River", [])
    form.submit()
    assert asked[1][:2] == (1, {"owner": "Somebody"})
    assert asked[1][2] == Mark.of(store.snapshot.epoch, saved.seq, saved.at)


@pytest.mark.parametrize("kind", [AddForm, EditForm, AssignForm, DamDetails])
def test_no_card_stays_busy_after_an_unexpected_error(
    store: DamStore, monkeypatch: pytest.MonkeyPatch, kind: type[Any]
):
    async def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    for name in ("add", "edit", "assign_hydrograph", "remove"):
        monkeypatch.setattr(store.later, name, fail)
    store.selected = 1
    card = DamDetails(store) if kind is DamDetails else kind(store, lambda: None)
    if kind is EditForm:
        card.edit(1)
    if kind is AssignForm:
        card.open(1)
        card._hydrograph = Hydrograph([0, 1], [1, 2])

    with pytest.raises(ZeroDivisionError):
        card._on_remove(None) if kind is DamDetails else card.submit()

    assert not card.busy


def test_a_card_whose_session_ends_while_it_waits_is_not_busy(
    store: DamStore, asked: list[tuple[Any, ...]], closed: list[str]
):
    form = AddForm(store, lambda: closed.append("add"))
    form.submit()
    assert form.busy

    asked.clear()  # Nobody will resume it.

    assert (form.busy, closed) == (False, [])


def test_a_search_typed_while_a_hydrograph_is_being_assigned_stays(
    store: DamStore, asked: list[tuple[Any, ...]], closed: list[str]
):
    form = AssignForm(store, lambda: closed.append("assign"))
    form.open(1)
    form._hydrograph = Hydrograph([0, 1], [1, 2])
    form.submit()
    browser_types(form.dam, "jorda")

    asked[0][-1](None)

    assert (form.dam.value_input, closed, form.busy) == ("jorda", [], False)


PLACE = ("40.400000", "-111.500000")


def place(form: AddForm) -> tuple[str, str]:
    return form.draft.latitude, form.draft.longitude


@pytest.mark.parametrize("field", ["latitude", "longitude"])
@pytest.mark.parametrize("text", ["40.4, -111.5", "40°24'00\"N 111°30'00\"W", "40,4; -111,5"])
def test_a_pasted_pair_of_coordinates_fills_both_fields(store: DamStore, field: str, text: str):
    form = AddForm(store, lambda: None)

    browser_types(form.fields[field], text)

    assert place(form) == PLACE
    assert form.location == (-111.5, 40.4)
    assert [form.fields[name].value_input for name in ("latitude", "longitude")] == [*PLACE]


def test_a_typed_pair_is_divided_when_the_cursor_leaves_the_field(store: DamStore):
    form = AddForm(store, lambda: None)
    text = "40.4, -111.5"

    browser_types(form.fields["latitude"], *(text[:end] for end in range(1, len(text) + 1)))
    assert place(form) == (text, "")
    form.fields["latitude"].value = text

    assert place(form) == PLACE


def test_a_typed_pair_is_divided_when_it_is_submitted(
    store: DamStore, asked: list[tuple[Any, ...]]
):
    form = AddForm(store, lambda: None)
    for end in range(1, 13):
        browser_types(form.fields["longitude"], "40.4, -111.5"[:end])

    form.submit()

    assert (asked[0][0].latitude, asked[0][0].longitude) == PLACE


@pytest.mark.parametrize("text", ["north of the bridge", "40.4, -211.5", "4041424", "39,512345"])
def test_what_is_not_a_pair_of_coordinates_stays_in_its_field(store: DamStore, text: str):
    form = AddForm(store, lambda: None)

    browser_types(form.fields["latitude"], text)
    form.fields["latitude"].value = text

    assert place(form) == (text, "")


def test_a_decimal_comma_is_a_place_on_the_map(store: DamStore):
    form = AddForm(store, lambda: None)

    browser_types(form.fields["latitude"], "39", "39,5")
    browser_types(form.fields["longitude"], "-111,25")

    assert form.location == (-111.25, 39.5)


def test_a_pasted_pair_in_another_field_is_its_text(store: DamStore):
    form = AddForm(store, lambda: None)

    browser_types(form.fields["river"], "40.4, -111.5")

    assert (form.draft.river, form.location) == ("40.4, -111.5", None)


@pytest.mark.parametrize(
    "sent",
    [["x", 1], [None, None], [True, False], [1.0], [math.nan, 1.0], [0.0, 1e9]],
)
def test_only_a_place_on_the_map_fills_the_coordinates(store: DamStore, sent: list[Any]):
    form = AddForm(store, lambda: None)

    form._pointing.middle = sent
    assert form.draft.latitude == form.draft.longitude == ""

    form._pointing.middle = [*map(float, to_mercator(-111.5, 40.5))]
    assert (form.draft.longitude, form.draft.latitude) == ("-111.500000", "40.500000")
    assert form._pointing.placed == 1
