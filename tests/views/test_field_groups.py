"""The forms offer all fields: the common ones first, the others in groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.fields import COMMON, FIELD, FIELDS, GROUPS
from dam_inventory.domain.mark import Mark
from dam_inventory.session.store import DamStore
from dam_inventory.views.bokeh_bridge.free_text import FreeText
from dam_inventory.views.forms.add_form import AddForm
from dam_inventory.views.forms.edit_form import EditForm

COMMON_FACTS = {
    "dam_name": "Heron Lake",
    "owner": "Reclamation",
    "river": "Heron Creek",
    "date_built": "1941",
    "latitude": "40.5",
    "longitude": "-111.5",
}


@pytest.fixture
def edit_form(store: DamStore, draft: Callable[..., DamDraft]) -> EditForm:
    """A form that edits a dam with one fact in a group."""
    form = EditForm(store, lambda: None)
    form.edit(store.add(draft("Heron Lake", nid_height_ft=235)).dam_id)
    return form


def opened(form: AddForm | EditForm, *groups: str) -> None:
    form.more._accordion.active = [GROUPS.index(group) for group in groups]


def test_a_form_starts_with_the_common_fields(edit_form: EditForm):
    assert tuple(edit_form.fields) == COMMON


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_shows_its_fields_once_it_is_opened(edit_form: EditForm, group: str):
    opened(edit_form, group)
    opened(edit_form)
    opened(edit_form, group)

    wanted = [field.name for field in FIELDS if field.group == group and field.name not in COMMON]
    assert tuple(edit_form.fields) == (*COMMON, *wanted)
    assert len(edit_form.more._columns[GROUPS.index(group)]) == len(wanted)
    assert {edit_form.fields[name].label for name in wanted} == {
        FIELD[name].heading for name in wanted
    }


def test_all_groups_together_offer_all_fields(edit_form: EditForm):
    opened(edit_form, *GROUPS)

    assert edit_form.fields.keys() == FIELD.keys()


def test_a_field_of_a_group_shows_the_value_of_the_dam(edit_form: EditForm):
    opened(edit_form, "Structure")

    assert edit_form.fields["nid_height_ft"].value_input == "235"
    assert edit_form.fields["nid_height_ft"].tags[4:] == ["nid_height_ft", "235"]


def test_words_of_a_category_are_suggested(edit_form: EditForm):
    opened(edit_form, "Safety")

    field = edit_form.fields["condition_assessment"]
    assert isinstance(field, FreeText)
    assert field.suggestions("sat") == ["Satisfactory", "Unsatisfactory"]


def test_an_error_opens_the_group_of_its_field(edit_form: EditForm):
    edit_form.show_errors({"nid_height_ft": "NID height (ft) must not be negative."})

    assert edit_form.fields["nid_height_ft"].helper_text == "NID height (ft) must not be negative."
    assert edit_form.more._accordion.active == [GROUPS.index("Structure")]


def test_a_kept_draft_opens_the_groups_of_what_was_typed(edit_form: EditForm):
    edit_form.resume({"condition_assessment": "Fair", "river": "Heron Creek", "unheard of": "x"})

    assert edit_form.fields["condition_assessment"].value_input == "Fair"
    assert edit_form.more._accordion.active == [GROUPS.index("Safety")]


def test_what_is_typed_in_a_group_is_saved(
    edit_form: EditForm, store: DamStore, wait_until: Callable[[Any], None]
):
    opened(edit_form, "Safety")

    edit_form.fields["last_inspection_date"].show("April 12, 2023")
    edit_form.draft.hazard_potential = "High"
    edit_form.submit()

    wait_until(lambda: not edit_form.busy)
    values = store.snapshot.values(2)
    assert (values["last_inspection_date"], values["hazard_potential"]) == ("2023-04-12", "High")


def test_a_browser_can_not_open_a_group_that_does_not_exist(edit_form: EditForm):
    edit_form.more._accordion.active = [99, -1, "x", None, True, 1.5]

    edit_form.show_errors({"city": "City is too long."})

    assert tuple(edit_form.fields)[: len(COMMON)] == COMMON
    assert edit_form.fields["city"].helper_text == "City is too long."


def test_the_add_form_is_short_and_offers_more_facts(store: DamStore):
    form = AddForm(store, lambda: None)
    _hint, offer, groups = form._last()
    assert (groups.is_shown, offer.visible) == (False, True)

    offer.param.trigger("clicks")

    assert (groups.is_shown, offer.visible) == (True, False)


def test_the_add_form_adds_more_facts(store: DamStore, wait_until: Callable[[Any], None]):
    form = AddForm(store, lambda: None)
    form.tag("add", 0, Mark(0), {})
    opened(form, "Safety")
    form.draft.param.update(**COMMON_FACTS)

    form.fields["condition_assessment"].show("Poor")
    form.submit()

    wait_until(lambda: store.selected)
    row = store.snapshot.row_of(store.selected)
    assert row is not None
    assert store.snapshot.values(row)["condition_assessment"] == "Poor"
