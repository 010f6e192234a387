"""The card that imports a file, without a browser."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.database.imports import ALL_FIELDS, Imported
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.permissions import User
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.session.store import DamStore
from dam_inventory.views.cards.card_stack import Side
from dam_inventory.views.transfer import wording
from dam_inventory.views.transfer.choosing import Chosen
from dam_inventory.views.transfer.import_card import ImportCard
from tests.turns import Page

IMPORTER = User("ines", frozenset({"import_dams", "edit_any"}))
HEADER = "Federal ID,Dam Name,Owner Names,River or Stream Name,Year Completed,Latitude,Longitude"


def rows(number: int, owner: str = "Reclamation", year: str = "1950") -> str:
    lines = (f"XX{n:05},Dam {n},{owner},Green River,{year},40,-110" for n in range(number))
    return "\n".join([HEADER, *lines])


class Person:
    """A person at a card, whose page answers when it has to."""

    def __init__(self, store: DamStore, page: Page) -> None:
        self.store = store
        self.page = page
        self.closed = 0
        self.card = ImportCard(store, self._on_close)

    def _on_close(self) -> None:
        self.closed += 1

    @property
    def content(self) -> dict[str, Any]:
        return json.loads(self.card.content)

    def ask(self, *action: Any) -> None:
        self.card.asked = json.dumps([[self.content["done"] + 1, *action]])

    def send(self, text: str, name: str = "dams.csv") -> None:
        content = text.encode()
        self.ask("begin", name, len(content))
        while upload := self.content.get("upload"):
            first = upload["first"]
            part = content[first : first + upload["part"]]
            self.card.part = [upload["number"], first, base64.b64encode(part).decode()]
            assert self.card.part == []

    def wait(self, is_so: Callable[[dict[str, Any]], Any]) -> None:
        while not is_so(self.content):
            self.page.answer()

    def look(self, text: str, name: str = "dams.csv") -> None:
        self.send(text, name)
        self.wait_for_look()

    def wait_for_look(self) -> None:
        self.wait(lambda one: one.get("choices", {}).get("is_counted"))
        self.wait(lambda one: one["findings"]["entries"] or one["findings"]["columns"])

    def import_now(self) -> None:
        self.ask("import", self.content["choices"]["button"])
        self.wait(lambda one: one["step"] == "done")

    @property
    def counts(self) -> dict[str, int]:
        return {label: count for _, label, count in self.content["findings"]["lists"]}


@pytest.fixture
def page(wait_until: Callable[[Callable[[], Any]], None]) -> Page:
    return Page(wait_until)


@pytest.fixture
def people(inventory: Inventory, feed: ChangeFeed, page: Page) -> Iterator[Callable[..., Person]]:
    stores = []

    def person(user: User = IMPORTER) -> Person:
        stores.append(DamStore(inventory, feed, schedule=page.schedule, user=user))
        return Person(stores[-1], page)

    yield person
    for store in stores:
        store.close()


@pytest.fixture
def person(people: Callable[..., Person]) -> Person:
    return people()


def test_a_card_says_before_a_file_is_chosen_what_may_be_chosen(person: Person):
    assert person.content["step"] == "choose"
    assert "Excel (.xlsx)" in person.content["limits"]
    assert "at most 500 MB" in person.content["limits"]


def test_a_look_shows_counts_a_page_of_rows_and_what_the_button_does(person: Person):
    person.look(rows(120))

    assert person.counts == {"New": 120}
    assert person.content["choices"]["button"] == "Add 120 dams"
    shown = person.content["findings"]["entries"]
    assert [one["row"] for one in shown] == [*range(2, 52)]
    person.ask("page", 100)
    person.wait(lambda one: one["findings"]["entries"][0]["row"] == 102)
    assert len(person.content["findings"]["entries"]) == 20


def test_differences_are_shown_and_filtered_by_field(person: Person):
    person.look(rows(3))
    person.import_now()
    person.ask("leave")
    person.look(rows(2, owner="Utah", year="1951") + "\n" + rows(3).splitlines()[-1])

    assert person.counts == {"Known, unchanged": 1, "Other values": 2}
    person.ask("list", "changed")
    person.wait(lambda one: one["findings"]["entries"][0]["differences"])
    assert ["Owner", "Reclamation", "Utah", False] in person.content["findings"]["entries"][0][
        "differences"
    ]
    person.ask("only", "owner")
    assert person.content["findings"]["count"] == 2
    person.ask("only", "river")
    assert person.content["findings"]["field"] == "owner"


def test_the_choices_change_what_the_button_does(person: Person):
    person.look(rows(3))
    person.import_now()
    person.ask("leave")
    person.look(rows(4, owner="Utah"))
    assert person.content["choices"]["button"] == "Add 1 dam"

    person.ask("update", True)
    person.wait(lambda one: one["choices"]["button"] == "Add 1 dam, update 3")
    person.ask("all fields", False)
    person.wait(lambda one: one["choices"]["button"] == "Add 1 dam")
    person.ask("field", "owner", True)
    person.wait(lambda one: one["choices"]["button"] == "Add 1 dam, update 3")
    person.import_now()

    assert person.content["result"]["text"] == "1 dam added, 3 dams updated."
    assert set(person.store.snapshot.frame["owner"]) >= {"Utah"}


def test_an_import_is_undone_from_the_card(person: Person, inventory: Inventory):
    before = inventory.count()
    admin = person.store.user
    person.look(rows(3))
    person.import_now()
    assert person.content["result"]["undo"]
    assert inventory.count() == before + 3
    assert admin.may("import_dams")

    person.ask("undo")
    person.wait(lambda one: one["result"]["text"] == "The import has been undone.")

    assert inventory.count() == before
    assert not person.content["result"]["undo"]


def test_a_list_is_saved_as_csv_part_by_part(person: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("dam_inventory.views.transfer.findings.PART", 500)
    person.look(rows(100))

    person.ask("csv", "new")
    parts: list[str] = []
    while True:
        number = len(parts)
        while not person.card.saved:
            person.page.answer()
        sent = json.loads(person.card.saved)
        person.card.saved = ""
        if not sent["text"]:
            break
        parts.append(sent["text"])
        person.ask("csv more", sent["file"])
        assert len(parts) == number + 1

    assert len(parts) > 2
    saved = [*csv.DictReader(io.StringIO("".join(parts)))]
    assert [one["Row"] for one in saved] == [str(row) for row in range(2, 102)]
    assert sent["file"].endswith("rows.csv")


def test_only_columns_with_a_question_are_shown_first(person: Person):
    text = "Name of dam,Height,Lat,Lon\nUpper,12,40,-110\n"
    person.send(text)
    person.wait(lambda one: one["step"] in ("columns", "seen"))

    assert person.content["heading"] == "1 column needs an answer"
    assert [one["heading"] for one in person.content["columns"]["rows"]] == ["Height"]
    assert person.content["columns"]["rows"][0]["samples"] == ["12"]
    assert person.content["columns"]["more"] == "Show all 4 columns"
    person.ask("unit", "Height", "m")
    assert [one["heading"] for one in person.content["columns"]["rows"]] == ["Height"]
    assert person.content["heading"] == "Columns of the file"
    person.ask("all columns", True)
    assert len(person.content["columns"]["rows"]) == 4
    person.ask("look")
    person.wait_for_look()
    person.ask("back")
    assert person.content["step"] == "columns"


FORGED = [
    [],
    ["begin"],
    ["begin", "x", "5"],
    ["begin", 5, 5],
    ["begin", "x", -1],
    ["take", "Dam Name", "added_by"],
    ["take", "no such heading", "owner"],
    ["unit", "Dam Name", "parsecs"],
    ["list", "everything"],
    ["page", -50],
    ["page", 10**9],
    ["only", "owner"],
    ["csv", "everything"],
    ["csv more", "x"],
    ["update", "yes"],
    ["field", "added_by", True],
    ["undo"],
    ["import", {"update": True}],
    ["import"],
    ["import", "Add 91,457 dams"],
    ["import", ""],
    ["unreadable"],
]


@pytest.mark.parametrize("action", FORGED)
def test_what_no_page_asks_imports_nothing(person: Person, inventory: Inventory, action: list[Any]):
    before = inventory.count()
    person.ask(*action)
    person.card.part = [1, 0, "YWJj"]
    person.card.part = ["0", None, 5]
    person.ask("leave")
    assert person.content["step"] in ("choose", "upload")
    person.ask("cancel")
    person.look(rows(2))
    person.ask(*action)

    assert inventory.count() == before
    assert person.store.fault == ""


@given(st.lists(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists)))
def test_choices_take_no_nonsense(action: list[Any]):
    choice = Chosen().after(action).choice

    assert choice.update <= ALL_FIELDS


def test_a_user_without_the_permission_has_no_button_and_sends_nothing(
    people: Callable[..., Person],
):
    other = people(User("otto", frozenset({"add_dams"})))

    other.send(rows(2))

    assert other.content["step"] == "choose"
    assert other.content["fault"] == "otto may not import files."
    assert not Side(other.store, lambda _: None).can_import


def test_text_of_a_file_leaves_no_markup_in_what_is_sent(person: Person):
    evil = "<img src=x onerror=alert(1)>"
    text = f"{HEADER},{evil}\nXX1,{evil},{evil},{evil},{evil},40,-110,{evil}\n"
    person.look(text, f"{evil}.csv")

    assert "<" not in person.card.content
    assert person.content["file"]["name"] == f"{evil}.csv"
    assert person.content["findings"]["entries"][0]["name"] == evil


def test_another_page_goes_on_with_what_is_under_way(person: Person):
    """A card that was closed, or drawn again after a reconnect, shows the present step."""
    person.look(rows(2))
    again = ImportCard(person.store, lambda: None)

    assert json.loads(again.content)["step"] == "seen"


@pytest.mark.parametrize(
    ("added", "updated", "words"),
    [
        (412, 37, "Add 412 dams, update 37"),
        (1, 0, "Add 1 dam"),
        (0, 1, "Update 1 dam"),
        (0, 0, ""),
        (91_457, 1_000, "Add 91,457 dams, update 1,000"),
    ],
)
def test_the_button_says_what_it_does(added: int, updated: int, words: str):
    assert wording.button(added, updated) == words


def test_the_result_names_the_dams_that_were_not_updated():
    imported = Imported(2, 1, 5, 1, [f"Dam {number}" for number in range(7)], None)

    assert wording.done(imported) == (
        "2 dams added, 1 dam updated, 1 dam without a location. Not updated, because you may not "
        'change them: "Dam 0", "Dam 1", "Dam 2", "Dam 3", "Dam 4" and 2 others.'
    )
