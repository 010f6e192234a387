"""The steps of an import, without a browser."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dam_inventory.database.imports import ALL_FIELDS, Choice
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.changes import DamsImported
from dam_inventory.domain.permissions import User
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.session.importing import Importing
from dam_inventory.session.progress import Progress
from dam_inventory.session.store import DamStore
from dam_inventory.session.uploads import PART
from dam_inventory.session.workers import importers
from tests.turns import Page

IMPORTER = User("ines", frozenset({"add_dams", "import_dams", "edit_any"}))
HEADER = "Federal ID,Dam Name,Owner Names,Year Completed,Latitude,Longitude"
TWO = f"{HEADER}\nXX00001,Upper,Reclamation,1950,40,-110\nXX00002,Lower,Reclamation,1951,41,-111\n"
MOST = 10 * PART


@pytest.fixture
def page(wait_until: Callable[[Callable[[], Any]], None]) -> Page:
    return Page(wait_until)


@pytest.fixture
def opened(inventory: Inventory, feed: ChangeFeed, page: Page) -> Iterator[Callable[..., DamStore]]:
    """Open sessions, for users who may import unless another is given."""
    stores = []

    def opened(user: User = IMPORTER) -> DamStore:
        stores.append(
            DamStore(inventory, feed, schedule=page.schedule, user=user, max_import_bytes=MOST)
        )
        return stores[-1]

    yield opened
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[..., DamStore]) -> DamStore:
    return opened()


@pytest.fixture
def importing(store: DamStore) -> Importing:
    return store.importing


def send(importing: Importing, text: str, name: str = "two.csv") -> None:
    content = text.encode()
    importing.begin(name, len(content))
    for first in range(0, len(content), PART):
        importing.take(first, base64.b64encode(content[first : first + PART]).decode())


def wait_for(page: Page, importing: Importing, step: str) -> None:
    while importing.step != step:
        page.answer()


def look(page: Page, importing: Importing, text: str = TWO) -> None:
    send(importing, text)
    wait_for(page, importing, "seen")


def cancel_when_done(page: Page, importing: Importing) -> None:
    """Cancel a step after its work, but before the page knows of its end."""
    is_done = threading.Event()
    importers.do(lambda: None, lambda _: is_done.set())
    assert is_done.wait(10)
    importing.cancel()
    while not page.is_idle:
        page.answer()


def test_a_file_is_read_looked_at_and_imported_as_one_change(
    store: DamStore, page: Page, importing: Importing, inventory: Inventory
):
    look(page, importing)
    assert importing.look is not None
    assert importing.look.counts["new"] == 2
    assert inventory.count() == 2
    folder = importing.upload.path.parent

    importing.import_dams(Choice(), 2)
    wait_for(page, importing, "done")

    assert importing.imported.added == 2
    assert isinstance(importing.imported.change, DamsImported)
    assert importing.imported.change.by == "ines"
    assert inventory.count() == 4
    assert store.news.own == importing.imported.change
    assert len(store.snapshot) == 4
    assert not folder.exists()
    importing.leave()
    assert importing.step == "choose"


def test_a_user_without_the_permission_can_send_nothing(opened: Callable[..., DamStore]):
    importing = opened(User("otto", frozenset({"add_dams"}))).importing

    send(importing, TWO)

    assert importing.step == "choose"
    assert importing.upload is None
    assert importing.fault == "otto may not import files."


def test_what_makes_no_sense_in_a_step_changes_nothing(
    page: Page, importing: Importing, inventory: Inventory
):
    importing.take(0, "YWJj")
    importing.look_at()
    importing.back()
    importing.set_column("Dam Name", None, "", "")
    importing.import_dams(Choice(), 1)
    importing.cancel()
    assert (importing.step, importing.fault) == ("choose", "")

    look(page, importing)
    upload = importing.upload
    send(importing, TWO, "another.csv")
    importing.take(0, "YWJj")
    importing.look_at()
    importing.cancel()
    assert importing.step == "seen"
    assert importing.upload is upload
    assert inventory.count() == 2


def test_a_part_in_the_wrong_order_ends_the_upload(importing: Importing):
    importing.begin("two.csv", 3 * PART)
    folder = importing.upload.path.parent

    importing.take(PART, base64.b64encode(bytes(PART)).decode())

    assert importing.step == "choose"
    assert "did not arrive as it was sent" in importing.fault
    assert not folder.exists()


def test_a_file_that_can_not_be_read_is_deleted_and_another_one_is_asked_for(
    page: Page, importing: Importing
):
    importing.begin("two.csv", 3)
    folder = importing.upload.path.parent
    importing.take(0, base64.b64encode(b"abc").decode())
    wait_for(page, importing, "choose")

    assert importing.fault.startswith("The file has no header")
    assert not folder.exists()


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(importing: Importing):
    importing.begin("two.csv", MOST + 1)

    assert importing.step == "choose"
    assert "may have at most" in importing.fault


def test_a_file_whose_reading_is_canceled_is_deleted(page: Page, importing: Importing):
    is_free = threading.Event()
    importers.do(is_free.wait, lambda _: None)
    send(importing, TWO)
    folder = importing.upload.path.parent

    importing.cancel()
    is_free.set()
    wait_for(page, importing, "choose")

    assert importing.fault == ""
    assert not folder.exists()


def test_a_canceled_look_returns_to_the_columns(page: Page, importing: Importing):
    is_free = threading.Event()
    look(page, importing)
    importing.back()
    importers.do(is_free.wait, lambda _: None)

    importing.look_at()
    assert importing.is_queued
    importing.cancel()
    assert importing.is_stopping
    is_free.set()
    wait_for(page, importing, "columns")

    assert importing.fault == ""
    assert importing.look is None


def test_a_step_that_is_canceled_just_when_its_work_ends_is_canceled(
    page: Page, importing: Importing
):
    send(importing, TWO)
    cancel_when_done(page, importing)
    assert (importing.step, importing.fault, importing.upload) == ("choose", "", None)

    look(page, importing)
    importing.back()
    importing.look_at()
    cancel_when_done(page, importing)
    assert (importing.step, importing.fault, importing.look) == ("columns", "", None)


def test_a_canceled_import_changes_nothing_and_can_be_made_again(
    page: Page, importing: Importing, inventory: Inventory
):
    is_free = threading.Event()
    look(page, importing)
    importers.do(is_free.wait, lambda _: None)

    importing.import_dams(Choice(), 2)
    importing.cancel()
    is_free.set()
    wait_for(page, importing, "seen")
    assert (importing.fault, inventory.count()) == ("", 2)

    importing.import_dams(Choice(), 2)
    wait_for(page, importing, "done")
    assert inventory.count() == 4


def test_one_import_at_a_time_works_in_a_process(
    opened: Callable[..., DamStore], page: Page, wait_until: Callable[[Callable[[], Any]], None]
):
    is_free = threading.Event()
    first, second = opened().importing, opened().importing
    importers.do(is_free.wait, lambda _: None)
    send(first, TWO)
    send(second, TWO)
    assert first.is_queued
    assert second.is_queued
    assert second.progress.since is None
    assert first.progress.since is None

    is_free.set()
    while first.step != "seen" or second.step != "seen":
        page.answer()

    assert second.look.counts["new"] == 2


@pytest.mark.parametrize("moment", ["upload", "queued", "seen"])
def test_the_end_of_a_session_deletes_its_files(
    moment: str,
    store: DamStore,
    page: Page,
    importing: Importing,
    inventory: Inventory,
    wait_until: Callable[[Callable[[], Any]], None],
):
    is_free = threading.Event()
    if moment == "upload":
        importing.begin("two.csv", 5)
    elif moment == "seen":
        look(page, importing)
    else:
        look(page, importing)
        importers.do(is_free.wait, lambda _: None)
        importing.import_dams(Choice(), 2)
    folder = importing.upload.path.parent
    assert folder.exists()

    store.close()
    is_free.set()

    wait_until(lambda: not folder.exists())
    wait_until(lambda: not importers.is_full)
    assert inventory.count() == 2


def test_an_import_that_the_inventory_refuses_says_so_and_keeps_the_look(
    page: Page, importing: Importing, inventory: Inventory
):
    inventory.limits.max_dams = 3
    look(page, importing)

    importing.import_dams(Choice(), 2)
    wait_for(page, importing, "import")
    wait_for(page, importing, "seen")

    assert "room for only 1 more" in importing.fault
    assert inventory.count() == 2


def test_a_file_that_is_imported_again_can_update_what_differs(
    page: Page, importing: Importing, inventory: Inventory
):
    look(page, importing)
    importing.import_dams(Choice(), 2)
    wait_for(page, importing, "done")
    importing.leave()

    look(page, importing, TWO.replace("1951", "1952"))
    assert importing.look.counts["same"] == 1
    assert importing.look.counts["changed"] == 1
    importing.import_dams(Choice(update=ALL_FIELDS), 1)
    wait_for(page, importing, "done")

    assert importing.imported.updated == 1
    assert "1952" in set(inventory.snapshot().frame["date_built"])


def test_what_a_person_says_of_the_columns_is_remembered_for_the_same_header(
    page: Page,
    importing: Importing,
    opened: Callable[..., DamStore],
    inventory: Inventory,
    wait_until: Callable[[Callable[[], Any]], None],
):
    text = TWO.replace("Owner Names", "Whose").replace("Dam Name", "Which")
    send(importing, text)
    while importing.step not in ("columns", "seen"):
        page.answer()
    importing.back()
    importing.set_column("Whose", "owner", "", "")
    importing.set_column("Which", "dam_name", "", "")
    importing.look_at()
    wait_for(page, importing, "seen")
    importing.import_dams(Choice(), 2)
    wait_for(page, importing, "done")
    wait_until(lambda: inventory.mapping(tuple(text.splitlines()[0].split(","))) is not None)

    other = opened().importing
    look(page, other, text.replace("XX", "YY"))

    assert other.opened.is_remembered
    assert {one.heading: one.field for one in other.mapping.columns}["Whose"] == "owner"


def test_a_forged_choice_of_a_column_is_refused(page: Page, importing: Importing):
    look(page, importing)
    importing.back()
    before = importing.mapping
    for heading, field, unit in (
        ("no such heading", "owner", ""),
        ("Dam Name", "added_by", ""),
        ("Dam Name", "nid_height_ft", "parsecs"),
    ):
        importing.fault = ""
        importing.set_column(heading, field, unit, "")

        assert importing.fault
        assert importing.mapping is before


def test_the_time_left_is_estimated_only_when_there_is_something_to_go_by(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("time.monotonic", lambda: 100.0)

    assert Progress(100, 25, 90.0).seconds_left == 30
    assert Progress(100, 25, 99.0).seconds_left is None
    assert Progress(100, 0, 90.0).seconds_left is None
    assert Progress(100, 25).seconds_left is None
    assert Progress(100, 200, 90.0).seconds_left is None
