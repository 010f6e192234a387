"""The form that adds a dam, without a browser: what it refuses and keeps, and in which words."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest
from panel.util import edit_readonly
from sqlalchemy import Engine

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.units import METRIC, US, Units
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.live.pubsub import PubSub
from dam_inventory.session.store import DamStore
from dam_inventory.snapshot.neighbors import Neighbor
from dam_inventory.views.cards.details import DamDetails
from dam_inventory.views.components.escape import as_markdown
from dam_inventory.views.forms.add_form import AddForm
from dam_inventory.views.forms.neighbor_hint import sentence
from dam_inventory.views.notifications.news_bar import NewsBar
from dam_inventory.views.table.table import DamTable
from tests.conftest import SilentRelay

GOOD = {
    "dam_name": "Good",
    "owner": "Reclamation",
    "river": "Provo River",
    "date_built": "1950",
    "latitude": "40.5",
    "longitude": "-111.5",
}
LONG = "x" * 201
ERRORS = [
    (
        dict.fromkeys(GOOD, ""),
        {
            "dam_name": "Name is required.",
            "owner": "Owner is required.",
            "river": "River is required.",
            "date_built": "Date built is required.",
            "latitude": "Latitude and longitude are required; or click on the map.",
            "longitude": "Longitude is required.",
        },
    ),
    (
        {"dam_name": LONG, "owner": LONG, "river": LONG},
        {
            "dam_name": "Name has 201 characters; the maximum is 200.",
            "owner": "Owner has 201 characters; the maximum is 200.",
            "river": "River has 201 characters; the maximum is 200.",
        },
    ),
    (
        {"dam_name": "Ab\u202ecd", "river": "Pro\x07vo", "latitude": "90.1", "longitude": "-180.1"},
        {
            "dam_name": "Name contains control characters.",
            "river": "River contains control characters.",
            "latitude": "Latitude must be between -90 and 90, not 90.1.",
            "longitude": "Longitude must be between -180 and 180, not -180.1.",
        },
    ),
    (
        {"date_built": "1993-02-30", "latitude": "NaN", "longitude": "inf"},
        {
            "date_built": 'The date "1993-02-30" does not exist.',
            "latitude": "Latitude must be a finite number, not NaN.",
            "longitude": "Longitude must be a finite number, not inf.",
        },
    ),
    (
        {"date_built": "April 2999", "latitude": "north", "longitude": ""},
        {
            "date_built": "April 2999 is in the future.",
            "latitude": 'Latitude must be a number, not "north".',
            "longitude": "Longitude is required; or click on the map.",
        },
    ),
    (
        {"date_built": "long ago", "latitude": ""},
        {
            "date_built": '"long ago" is not a date. '
            "Write it like 1941, 1993-04, 1993-04-12 or April 12, 1993.",
            "latitude": "Latitude is required; or click on the map.",
        },
    ),
    (
        {"dam_name": "   ", "date_built": "Smarch 1993"},
        {"dam_name": "Name is required.", "date_built": '"Smarch" is not the name of a month.'},
    ),
]


def submit(form: AddForm, draft: dict[str, str]) -> None:
    """Fill the form as a browser does, and press its button."""
    for field, text in draft.items():
        with edit_readonly(form.fields[field]):
            form.fields[field].value_input = text
    form.submit()


def hint_of(form: AddForm) -> str:
    return str(json.loads(form._hint.text))


def kept(form: AddForm) -> dict[str, str]:
    return {field: getattr(form.draft, field) for field in GOOD}


def told(form: AddForm) -> dict[str, str]:
    """Return what stands beside the fields that are marked as wrong."""
    return {name: field.helper_text for name, field in form.fields.items() if field.error_state}


def test_what_is_corrected_is_no_longer_called_wrong(store: DamStore, wait_until: Any):
    form = AddForm(store, lambda: None)
    submit(form, {**GOOD, "dam_name": "", "longitude": ""})
    wait_until(lambda: [*told(form)] == ["dam_name", "longitude"])
    assert form._alert.visible

    assert form._alert.object == as_markdown("2 fields need attention.")

    for field, left in (("dam_name", ["longitude"]), ("longitude", [])):
        with edit_readonly(form.fields[field]):
            form.fields[field].value_input = GOOD[field]
        assert [*told(form)] == left
    assert not form._alert.visible


@pytest.mark.parametrize(("facts", "errors"), ERRORS)
def test_every_field_says_what_is_wrong_with_it_and_nothing_is_added(
    store: DamStore, inventory: Inventory, facts: dict[str, str],
    errors: dict[str, str], wait_until: Any,
):  # fmt: skip
    form = AddForm(store, lambda: pytest.fail("The form was closed."))
    draft = GOOD | facts

    submit(form, draft)
    wait_until(lambda: form._alert.visible)

    assert told(form) == errors
    needs = "1 field needs" if len(errors) == 1 else f"{len(errors)} fields need"
    assert (form._alert.visible, form._alert.object) == (True, as_markdown(f"{needs} attention."))
    assert kept(form) == draft
    assert (inventory.count(), store.news.waiting) == (2, ())


@pytest.mark.parametrize(
    ("written", "shown"),
    [("1941", "1941"), ("1993-04", "April 1993"), ("1993-04-12", "April 12, 1993"),
     ("April 12, 1993", "April 12, 1993")],
)  # fmt: skip
def test_a_date_may_be_known_to_the_month_or_the_year_and_is_shown_in_words(
    store: DamStore, written: str, shown: str, wait_until: Any
):
    closed: list[str] = []
    details, table = DamDetails(store), DamTable(store)
    form = AddForm(store, lambda: closed.append("add"))

    submit(form, GOOD | {"date_built": written})
    wait_until(lambda: closed)

    assert f">Date built</dt><dd>{shown}</dd>" in details._properties.object
    [row] = [one for one in json.loads(table.content)["rows"] if one[0] == 3]
    assert shown in row


def test_two_people_take_the_last_place_and_one_of_them_gets_it(engine: Engine, wait_until: Any):
    inventory = Inventory(engine, max_dams=3)
    feed = ChangeFeed(inventory, PubSub(), SilentRelay(), heartbeat=3600)
    stores = {name: DamStore(inventory, feed) for name in ("Hers", "His")}
    closed: list[str] = []
    forms = {name: AddForm(store, partial(closed.append, name)) for name, store in stores.items()}

    for name, form in forms.items():
        submit(form, GOOD | {"dam_name": name})
        wait_until(lambda form=form: closed == ["Hers"] and not form.busy)

    wait_until(lambda: forms["His"]._alert.visible)
    assert closed == ["Hers"]
    assert forms["His"]._alert.object == as_markdown(
        'Unable to add dam "His", because the inventory is full.'
    )
    assert kept(forms["His"]) == GOOD | {"dam_name": "His"}
    assert NewsBar(stores["His"]).content.count("Hers") == 1
    assert len(stores["His"].news.waiting) == 1
    assert inventory.count() == 3
    for store in stores.values():
        store.close()
    feed.close()


def test_a_full_inventory_tells_nobody_else(engine: Engine, wait_until: Any):
    inventory = Inventory(engine, max_dams=2)
    feed = ChangeFeed(inventory, PubSub(), SilentRelay(), heartbeat=3600)
    author, other = (DamStore(inventory, feed) for _ in range(2))
    form = AddForm(author, lambda: pytest.fail("The form was closed."))

    submit(form, GOOD)
    wait_until(lambda: form._alert.visible)
    feed.catch_up()

    assert form._alert.object == as_markdown(
        'Unable to add dam "Good", because the inventory is full.'
    )
    assert (author.news.waiting, other.news.waiting) == ((), ())
    assert kept(form) == GOOD
    for store in (author, other):
        store.close()
    feed.close()


@pytest.mark.parametrize(
    ("units", "away"), [(US, "200 ft away"), (METRIC, "60 m away")], ids=["us", "metric"]
)
def test_the_form_says_that_a_dam_stands_close_by_and_adds_the_new_one_all_the_same(
    store: DamStore, inventory: Inventory, wait_until: Any, units: Units, away: str
):
    store.add(DamDraft(**{**GOOD, "dam_name": "<b>Heron", "latitude": 40.50054}))
    store.units = units
    form = AddForm(store, lambda: None)

    submit(form, GOOD)

    assert hint_of(form) == f'A dam stands {away}: "<b>Heron".'
    wait_until(lambda: inventory.count() == 4)
    wait_until(lambda: not hint_of(form))


def test_the_hint_follows_name_and_place(store: DamStore):
    store.add(DamDraft(**{**GOOD, "dam_name": "Heron Lake", "latitude": 40.53}))
    form = AddForm(store, lambda: None)

    form.draft.param.update(latitude="40.5", longitude="-111.5")
    assert not hint_of(form)
    form.draft.dam_name = "Heron"
    hint = 'A dam with a similar name stands 2.1 mi away: "Heron Lake".'
    assert hint_of(form) == hint
    form.draft.latitude = ""
    assert not hint_of(form)


@pytest.mark.parametrize(
    ("km", "words"), [(0.0001, "here"), (0.3, "980 ft away"), (1.0, "0.62 mi away")]
)
def test_a_distance_is_in_a_unit_that_suits_it(km: float, words: str):
    assert sentence(Neighbor(1, "Heron", km, False), US) == f'A dam stands {words}: "Heron".'


@pytest.mark.parametrize("owner", ["City of Provo", ""])
def test_each_new_draft_starts_with_the_owner_of_the_settings(store: DamStore, owner: str):
    form = AddForm(store, lambda: None, owner)
    assert form.draft.owner == owner
    form.draft.owner = "Other"

    form._close()

    assert form.draft.owner == owner
