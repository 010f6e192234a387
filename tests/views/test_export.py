"""The card that exports, without a browser."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.mercator import to_mercator
from dam_inventory.domain.permissions import User
from dam_inventory.domain.units import METRIC
from dam_inventory.formats import exports
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.session.store import DamStore
from dam_inventory.views.cards.card_stack import Side
from dam_inventory.views.cards.history import HistoryList
from dam_inventory.views.transfer.export_card import ExportCard
from dam_inventory.views.transfer.export_choices import KINDS
from dam_inventory.views.transfer.saver import Saver
from tests.turns import Page

VIEWER = User(None, frozenset())


class Person:
    """A person at a card, whose page answers when it has to."""

    def __init__(self, store: DamStore, page: Page, *, has_links: bool = True) -> None:
        self.store = store
        self.page = page
        self.closed = 0
        self.card = ExportCard(store, self._on_close, lambda: has_links)
        self.saver = Saver(store)
        self.card.open("matching")
        self.page.answer()  # what is missing

    def _on_close(self) -> None:
        self.closed += 1

    @property
    def content(self) -> dict[str, Any]:
        return json.loads(self.card.content)

    @property
    def labels(self) -> list[str]:
        return [label for _, label, _ in self.content["whats"]]

    @property
    def link(self) -> str:
        return self.content["link"]["path"]

    def ask(self, *action: Any) -> None:
        self.card.asked = json.dumps([[self.content["done"] + 1, *action]])

    def fetch(self, *action: Any) -> None:
        """Do what the browser's part of the saver does."""
        done = json.loads(self.saver.content)["done"]
        self.saver.asked = json.dumps([[done + 1, *action]])

    def begin(self) -> None:
        """Press the button."""
        self.ask("export", self.content["button"])

    def export(self) -> str:
        """Press the button, and return the text of the file."""
        self.begin()
        return self.receive()

    def receive(self) -> str:
        """Return the text of the file when it has come."""
        self.wait(lambda: json.loads(self.saver.content)["is_sent"])
        number = self.store.exporting.number
        self.fetch("part", number, 0)
        self.wait(lambda: self.saver.part)
        _, *part = self.saver.part
        assert part[:2] == [number, 0]
        content = base64.b64decode(part[2])
        self.fetch("part", number, len(content))
        assert self.saver.part == []
        return gzip.decompress(content).decode("utf-8-sig")

    def wait(self, is_so: Callable[[], Any]) -> None:
        while not is_so():
            self.page.answer()


@pytest.fixture
def page(wait_until: Callable[[Callable[[], Any]], None]) -> Page:
    return Page(wait_until)


@pytest.fixture
def people(inventory: Inventory, feed: ChangeFeed, page: Page) -> Iterator[Callable[..., Person]]:
    stores = []

    def person(user: User = VIEWER, *, has_links: bool = True) -> Person:
        stores.append(DamStore(inventory, feed, schedule=page.schedule, user=user))
        return Person(stores[-1], page, has_links=has_links)

    yield person
    for store in stores:
        store.close()


@pytest.fixture
def person(people: Callable[..., Person]) -> Person:
    return people()


def test_without_a_filter_or_ticks_all_dams_are_offered(person: Person):
    assert person.labels == ["All 2 dams", "History of changes", "Hydrographs"]
    assert person.content["what"] == "all"
    assert person.content["button"] == "Export 2 dams"


def test_what_the_filter_and_the_ticks_leave_is_offered(person: Person):
    person.store.filter.search = "deer"
    assert person.labels[:2] == ["1 dam that matches the filter", "All 2 dams"]
    assert person.content["button"] == "Export 1 dam"
    store = person.store
    store.chosen = store.snapshot.ids(store.snapshot.rows())
    person.card.open("chosen")
    assert person.labels[1] == "2 selected dams"
    assert (person.content["what"], person.content["button"]) == ("chosen", "Export 2 dams")
    assert person.link == ""


def test_a_choice_that_is_gone_becomes_that_of_all_dams(person: Person):
    person.store.filter.search = "deer"
    person.store.filter.clear()
    assert person.content["what"] == "all"


def test_nothing_is_exported_if_no_dam_matches(person: Person):
    person.store.filter.search = "nowhere"
    assert person.content["button"] == "Export 0 dams"
    assert not person.content["is_ready"]
    person.ask("export", "Export 0 dams")
    assert person.store.exporting.number == 0


def test_a_button_that_says_something_else_by_now_exports_nothing(person: Person):
    person.ask("export", "Export 1 dam")
    person.ask("export", "")
    assert person.store.exporting.number == 0


@pytest.mark.parametrize(
    "action",
    [
        ["what", "everything"],
        ["what", 3],
        ["kind", "../etc/passwd"],
        ["kind", None],
        ["export"],
        ["export", ["Export 2 dams"]],
        ["cancel"],
        ["part", 0, 0],
    ],
)
def test_what_a_forged_page_asks_for_changes_nothing(person: Person, action: list[Any]):
    before = {**person.content, "done": 0}
    person.ask(*action)
    person.fetch(*action)
    assert {**person.content, "done": 0} == before
    assert person.store.exporting.number == 0


@pytest.mark.parametrize("kind", ["csv", "nid", "geojson"])
def test_a_filter_set_after_the_click_does_not_change_the_file(person: Person, kind: str):
    person.ask("kind", kind)
    person.begin()
    person.store.filter.search = "deer"
    text = person.receive()
    assert "Deer Creek" in text
    assert "Jordanelle" in text


def test_the_history_and_the_hydrographs_have_one_kind_of_file(person: Person):
    for what, heading in (("history", "seq,"), ("hydrographs", "dam_id,")):
        person.ask("what", what)
        assert (person.content["kind"], person.link) == ("", "")
        assert person.content["button"] == f"Export {what}"
        assert person.export().startswith(heading)
        assert person.content["result"].startswith(f'Saved "{what} ')


def test_a_kind_of_file_that_lacks_its_package_says_so(
    people: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
):
    advice = 'To write Excel, install "dam-inventory[formats]".'
    monkeypatch.setattr(exports, "missing", lambda name: advice if name == "xlsx" else "")
    person = people()
    kinds = {name: (hint, is_possible) for name, _, hint, is_possible in person.content["kinds"]}
    assert kinds["xlsx"] == (advice, False)
    assert kinds["gpkg"] == (KINDS["gpkg"].hint, True)
    person.ask("kind", "xlsx")
    assert not person.content["is_ready"]
    person.ask("export", "Export 2 dams")
    assert person.store.exporting.number == 0


def test_a_link_names_the_filter_the_format_and_the_headings(person: Person):
    assert person.link == "api/dams.csv"
    person.store.filter.param.update(state=["Utah"], search="deer & co")
    assert person.link == "api/dams.csv?state=Utah&search=deer+%26+co"
    person.ask("kind", "nid")
    assert person.link == "api/dams.csv?state=Utah&search=deer+%26+co&columns=nid"
    person.ask("kind", "gpkg")
    person.ask("what", "all")
    assert person.link == "api/dams.gpkg"


def test_a_link_to_what_the_map_shows_names_its_rectangle(person: Person):
    x, y = to_mercator([-112.0, -111.0], [40.0, 41.5])
    person.store.filter.view = (x[0], y[0], x[1], y[1])
    person.store.filter.in_view = True
    assert person.link == "api/dams.csv?region=-112,40,-111,41.5"
    person.store.filter.region = ((-112, 40), (-111, 40), (-111, 41))
    assert person.link == ""
    assert person.content["link"]["note"] == (
        "A link can't describe the map's view and a drawn region together."
    )


def test_with_a_login_a_link_needs_a_token(people: Callable[..., Person]):
    link = people(User("vera", frozenset())).content["link"]
    assert link["is_login"]
    assert link["note"] == "Programs need a token to read this address."


def test_without_the_api_no_link_is_offered(people: Callable[..., Person]):
    assert "link" not in people(has_links=False).content


def test_a_page_in_metric_units_says_that_the_file_has_others(person: Person):
    assert person.content["note"] == ""
    person.store.units = METRIC
    assert "feet, acre-feet, miles" in person.content["note"]
    person.ask("what", "history")
    assert person.content["note"] == ""


def test_a_card_that_is_closed_does_not_follow_the_dams(store: DamStore):
    side = Side(store, lambda _: None)
    side.open_export()
    card = side._export_card
    before = card.content
    side.card = "details"
    assert not card.is_open
    store.filter.search = "deer"
    assert card.content == before
    side.open_export()
    assert card.is_open
    assert json.loads(card.content)["what"] == "matching"


def test_the_history_card_downloads_what_it_lists(person: Person):
    history = HistoryList(person.store, lambda: None)
    history.open(1)
    history._download()
    assert json.loads(history.download)["is_busy"]
    person.wait(lambda: person.store.exporting.step == "send")
    assert person.store.exporting.file_name.startswith("History of Deer Creek ")
    assert person.store.exporting.number == 1
    history._download()
    assert person.store.exporting.number == 1
    person.store.exporting.cancel()
    assert json.loads(history.download) == {"text": "", "is_busy": False}
