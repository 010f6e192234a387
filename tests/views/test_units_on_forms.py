"""The forms in metric units: what is stored, what is refused, and what a switch keeps."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.units import METRIC, US
from dam_inventory.session.store import DamStore
from dam_inventory.views.cards.history import HistoryList
from dam_inventory.views.forms.add_form import AddForm
from dam_inventory.views.forms.edit_form import EditForm

Wait = Callable[[Callable[[], bool]], None]

HEIGHT, STORAGE, AREA = "nid_height_ft", "nid_storage_acre_ft", "drainage_area_sq_miles"


@pytest.fixture
def dam_id(store: DamStore, draft: Callable[..., DamDraft]) -> int:
    """A dam whose numbers have no short metric ones."""
    return store.add(draft("Heron", **{HEIGHT: 235.7, STORAGE: 1 / 3, AREA: 3.0})).dam_id


@pytest.fixture
def form(store: DamStore, dam_id: int) -> EditForm:
    store.units = METRIC
    form = EditForm(store, lambda: None)
    form.edit(dam_id)
    form.more.open({HEIGHT, STORAGE})
    return form


def stored(store: DamStore, dam_id: int, name: str) -> object:
    return store.snapshot.value(store.snapshot.row_of(dam_id), name)


def test_an_edit_stores_the_numbers_of_the_inventory(
    form: EditForm, store: DamStore, dam_id: int, wait_until: Wait
):
    assert form.fields[HEIGHT].label == "NID height (m)"
    assert form.fields[HEIGHT].value_input == "71.84136"
    form.draft.param.update({HEIGHT: "30.48"})

    form.submit()
    wait_until(lambda: not form.busy)

    assert stored(store, dam_id, HEIGHT) == 100.0
    assert (stored(store, dam_id, STORAGE), stored(store, dam_id, AREA)) == (1 / 3, 3.0)


def test_an_edit_of_another_fact_changes_no_number(
    form: EditForm, store: DamStore, dam_id: int, wait_until: Wait
):
    form.draft.owner = "Somebody else"

    form.submit()
    wait_until(lambda: stored(store, dam_id, "owner") == "Somebody else")

    numbers = [stored(store, dam_id, name) for name in (HEIGHT, STORAGE, AREA)]
    assert numbers == [235.7, 1 / 3, 3.0]


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("-5", "NID height (m) must not be negative, but is -5."),
        ("tall", 'NID height (m) must be a number, not "tall".'),
    ],
)
def test_an_error_speaks_of_the_unit_and_the_number_that_were_typed(
    form: EditForm, store: DamStore, dam_id: int, wait_until: Wait, typed: str, error: str
):
    form.draft.param.update({HEIGHT: typed})

    form.submit()
    wait_until(lambda: form.fields[HEIGHT].helper_text == error)

    assert stored(store, dam_id, HEIGHT) == 235.7


def test_a_switch_converts_what_was_typed_and_changes_nothing_else(
    form: EditForm, store: DamStore, dam_id: int, wait_until: Wait
):
    form.draft.param.update({HEIGHT: "30.48"})

    store.units = US

    assert form.fields[HEIGHT].label == "NID height (ft)"
    assert form.fields[HEIGHT].value_input == "100"
    assert form.fields[HEIGHT].tags[-1] == "235.7"
    form.submit()
    wait_until(lambda: not form.busy)
    assert stored(store, dam_id, HEIGHT) == 100.0
    assert (stored(store, dam_id, STORAGE), stored(store, dam_id, AREA)) == (1 / 3, 3.0)


def test_a_draft_of_another_dam_is_converted_too(form: EditForm, store: DamStore, dam_id: int):
    form.draft.param.update({HEIGHT: "30.48"})
    form.edit(1)

    store.units = US
    form.edit(dam_id)

    assert form.fields[HEIGHT].value_input == "100"
    assert form._loaded[HEIGHT] == "235.7"


def test_a_dam_is_added_in_metric_units(store: DamStore, wait_until: Wait):
    store.units = METRIC
    form = AddForm(store, lambda: None)
    form.fill(
        {
            "dam_name": "New", "owner": "A", "river": "B", "date_built": "1950", "latitude": 40.0,
            "longitude": -111.0,
        }
    )  # fmt: skip
    form.draft.param.update({AREA: "2,58998", "max_discharge_cfs": "1"})

    form.submit()
    wait_until(lambda: not form.busy)

    dam_id = store.selected
    assert stored(store, dam_id, AREA) == pytest.approx(1.0, rel=1e-5)
    assert stored(store, dam_id, "max_discharge_cfs") == pytest.approx(35.3146667, rel=1e-8)


def test_the_history_has_the_units_of_the_session(store: DamStore, dam_id: int, wait_until: Wait):
    store.edit(dam_id, {HEIGHT: 100.0}, store.snapshot.mark)
    history = HistoryList(store, lambda: None)
    history.open(dam_id)
    wait_until(lambda: '"NID height (ft)", "235.7", "100"' in history.content)

    store.units = METRIC

    assert '"NID height (m)", "71.84", "30.48"' in history.content
