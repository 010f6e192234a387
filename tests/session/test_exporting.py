"""The steps of an export, without a browser."""

from __future__ import annotations

import base64
import gzip
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.permissions import User
from dam_inventory.errors import InvalidFile
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.session import export_jobs
from dam_inventory.session import exporting as exporting_module
from dam_inventory.session.exporting import AT_WORK, Exporting
from dam_inventory.session.store import DamStore
from dam_inventory.session.workers import EXPORTERS, exporters
from dam_inventory.session.written import PART
from tests.starting import PATIENCE
from tests.turns import Page

VIEWER = User("vera", frozenset())


@pytest.fixture
def page(wait_until: Callable[[Callable[[], Any]], None]) -> Page:
    return Page(wait_until)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files of the tests are."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def session(inventory: Inventory, feed: ChangeFeed, page: Page) -> Iterator[Callable[[], DamStore]]:
    """Open sessions of a user without any permission."""
    stores: list[DamStore] = []

    def session() -> DamStore:
        stores.append(DamStore(inventory, feed, schedule=page.schedule, user=VIEWER))
        return stores[-1]

    yield session
    for store in stores:
        store.close()


@pytest.fixture
def exporting(session: Callable[[], DamStore]) -> Exporting:
    return session().exporting


class Writer:
    """A job that a test controls: it writes these chunks, and waits before the last one."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = chunks
        self.begun = threading.Event()
        self.may_end = threading.Event()
        self.is_closed = False

    def __call__(
        self, on_progress: Callable[[int], None], is_cancelled: Callable[[], bool]
    ) -> Generator[bytes]:
        try:
            *others, last = self.chunks
            for number, chunk in enumerate(others, 1):
                yield chunk
                on_progress(number)
            self.begun.set()
            assert self.may_end.wait(PATIENCE)
            yield last
        finally:
            self.is_closed = True


def writing(content: bytes) -> Callable[..., Generator[bytes]]:
    def write(*_: Any) -> Generator[bytes]:
        yield content

    return write


def wait_for(page: Page, exporting: Exporting, step: str) -> None:
    while exporting.step != step:
        page.answer()


def fetch(page: Page, exporting: Exporting) -> bytes:
    """Do as a browser does: ask for each part when the one before has arrived."""
    wait_for(page, exporting, "send")
    content = b""
    while exporting.step == "send":
        exporting.send(exporting.number, len(content))
        while exporting.step == "send" and exporting.part is None:
            page.answer()
        if exporting.step == "send":
            assert exporting.part.first == len(content)
            content += base64.b64decode(exporting.part.encoded)
    assert exporting.step == "done"
    assert exporting.progress.total == len(content)
    return gzip.decompress(content)


@pytest.mark.parametrize("size", [1, PART - 1, PART, PART + 1, 3 * PART])
def test_a_file_arrives_as_it_was_written_and_leaves_nothing(
    page: Page, exporting: Exporting, folder: Path, size: int
):
    content = Random(size).randbytes(size)  # which can't be compressed

    exporting.begin(writing(content), "dams.csv", "dams", 1)

    assert fetch(page, exporting) == content
    assert exporting.length == size
    assert exporting.part is None
    assert [*folder.iterdir()] == []


def test_dams_are_those_of_the_moment_in_which_the_export_began(
    inventory: Inventory, feed: ChangeFeed, session: Callable[[], DamStore], page: Page
):
    store = session()
    snapshot = store.snapshot
    job = export_jobs.dams(snapshot, snapshot.rows(), "csv", "inventory")
    dam_id, *_ = sorted(snapshot.ids(snapshot.rows()).tolist())
    inventory.edit(dam_id, {"dam_name": "Renamed"}, snapshot.mark)
    feed.catch_up()
    store.reload()

    store.exporting.begin(job, "dams.csv", "dams", 2)

    text = fetch(page, store.exporting).decode("utf-8-sig")
    assert "Deer Creek" in text
    assert "Jordanelle" in text
    assert "Renamed" not in text


def test_progress_counts_what_is_written_and_then_what_is_sent(page: Page, exporting: Exporting):
    writer = Writer(b"a", b"b", b"c")
    exporting.begin(writer, "dams.csv", "dams", 4)
    writer.begun.wait()
    assert (exporting.progress.done, exporting.progress.share) == (2, 0.5)
    writer.may_end.set()
    wait_for(page, exporting, "send")
    assert (exporting.progress.done, exporting.progress.share) == (0, 0)
    assert exporting.length == 3


@pytest.mark.parametrize("number", [0, 2, -1, 2**62])
@pytest.mark.parametrize("first", [1, -1, PART, PART - 1, 3 * PART, 2**62])
def test_a_part_that_is_not_the_next_one_is_not_sent(
    page: Page, exporting: Exporting, number: int, first: int
):
    exporting.begin(writing(Random(1).randbytes(3 * PART)), "dams.csv", "dams", 1)
    wait_for(page, exporting, "send")

    exporting.send(number, 0)
    exporting.send(exporting.number, first)

    assert exporting.progress.done == 0
    assert exporting.step == "send"
    assert exporting.part is None


def test_a_part_that_was_lost_is_sent_again(page: Page, exporting: Exporting):
    exporting.begin(writing(Random(1).randbytes(2 * PART)), "dams.csv", "dams", 1)
    wait_for(page, exporting, "send")
    for _ in range(2):
        exporting.send(1, 0)
        while exporting.part is None:
            page.answer()
        assert exporting.part.first == 0
    exporting.send(1, PART)
    assert exporting.progress.done == PART


def test_what_makes_no_sense_in_a_step_changes_nothing(page: Page, exporting: Exporting):
    exporting.send(0, 0)
    exporting.cancel()
    assert (exporting.step, exporting.fault, exporting.number) == ("choose", "", 0)
    writer = Writer(b"a")
    exporting.begin(writer, "first.csv", "dams", 1)
    exporting.begin(writing(b"b"), "second.csv", "dams", 1)
    exporting.send(1, 0)
    exporting.leave()
    assert (exporting.step, exporting.file_name, exporting.number) == ("write", "first.csv", 1)
    writer.may_end.set()
    assert fetch(page, exporting) == b"a"


def test_a_canceled_export_leaves_nothing_and_another_can_begin(
    page: Page, exporting: Exporting, folder: Path, wait_until: Callable[..., None]
):
    writer = Writer(b"a", b"b")
    exporting.begin(writer, "dams.csv", "dams", 2)
    writer.begun.wait()
    assert len([*folder.iterdir()]) == 1

    exporting.cancel()

    assert (exporting.step, exporting.fault) == ("choose", "")
    writer.may_end.set()
    wait_until(lambda: writer.is_closed and not [*folder.iterdir()])
    exporting.begin(writing(b"c"), "other.csv", "dams", 1)
    assert fetch(page, exporting) == b"c"


def test_an_export_that_is_canceled_while_it_is_sent_leaves_nothing(
    page: Page, exporting: Exporting, folder: Path, wait_until: Callable[..., None]
):
    exporting.begin(writing(Random(1).randbytes(2 * PART)), "dams.csv", "dams", 1)
    wait_for(page, exporting, "send")
    exporting.send(1, 0)

    exporting.cancel()

    assert exporting.step == "choose"
    wait_until(lambda: not [*folder.iterdir()])
    assert exporting.part is None


@pytest.mark.parametrize("step", ["write", "send"])
def test_a_session_that_ends_leaves_nothing(
    session: Callable[[], DamStore],
    page: Page,
    folder: Path,
    wait_until: Callable[..., None],
    step: str,
):
    store = session()
    writer = Writer(b"a", b"b")
    store.exporting.begin(writer, "dams.csv", "dams", 2)
    writer.begun.wait()
    if step == "send":
        writer.may_end.set()
        wait_for(page, store.exporting, "send")

    store.close()
    writer.may_end.set()

    wait_until(lambda: writer.is_closed and not [*folder.iterdir()])
    store.exporting.begin(writing(b"c"), "dams.csv", "dams", 1)
    assert [*folder.iterdir()] == []


def test_an_export_waits_for_those_of_other_sessions(session: Callable[[], DamStore], page: Page):
    writers = [Writer(b"a") for _ in range(EXPORTERS)]
    for writer in writers:
        session().exporting.begin(writer, "dams.csv", "dams", 1)
        writer.begun.wait()
    assert exporters.is_full
    last = session().exporting

    last.begin(writing(b"b"), "dams.csv", "dams", 1)

    assert last.is_queued
    assert last.progress.since is None
    for writer in writers:
        writer.may_end.set()
    assert fetch(page, last) == b"b"


def test_an_export_that_waits_is_canceled_at_once(session: Callable[[], DamStore], folder: Path):
    writers = [Writer(b"a") for _ in range(EXPORTERS)]
    for writer in writers:
        session().exporting.begin(writer, "dams.csv", "dams", 1)
        writer.begun.wait()
    last = session().exporting
    last.begin(writing(b"b"), "dams.csv", "dams", 1)

    last.cancel()

    assert last.step not in AT_WORK
    assert len([*folder.iterdir()]) == EXPORTERS
    for writer in writers:
        writer.may_end.set()


def test_a_browser_that_can_not_save_the_file_ends_the_export(page: Page, exporting: Exporting):
    exporting.begin(writing(b"a"), "dams.csv", "dams", 1)
    exporting.lose(1)
    wait_for(page, exporting, "send")
    exporting.lose(2)
    assert exporting.step == "send"
    exporting.lose(1)
    assert exporting.step == "choose"
    assert exporting.fault == "The browser could not save the file. Export it again."


def test_what_goes_wrong_is_told_and_leaves_nothing(
    page: Page, exporting: Exporting, folder: Path, caplog: pytest.LogCaptureFixture
):
    def refuse(*_: Any) -> Generator[bytes]:
        yield b"a"
        raise InvalidFile("Excel has at most 1,048,576 rows.")

    def fill_disk(*_: Any) -> Generator[bytes]:
        raise OSError(28, "No space left on device")
        yield b""

    for job, fault in (
        (refuse, "Excel has at most 1,048,576 rows."),
        (fill_disk, "The server can't store the file: No space left on device."),
    ):
        exporting.begin(job, "dams.xlsx", "dams", 1)
        wait_for(page, exporting, "choose")
        assert exporting.fault == fault
        assert [*folder.iterdir()] == []
    assert caplog.records == []


def test_a_temporary_folder_that_can_not_be_made_is_told(
    exporting: Exporting, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "missing"))
    exporting.begin(writing(b"a"), "dams.csv", "dams", 1)
    assert exporting.fault.startswith("The server can't store the file: No such file")
    assert exporting.step == "choose"


def test_a_browser_that_asks_for_no_part_does_not_keep_the_file(
    page: Page, exporting: Exporting, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(exporting_module, "SECONDS_TO_FETCH", 0.01)
    exporting.begin(writing(b"a"), "dams.csv", "dams", 1)
    wait_for(page, exporting, "send")
    wait_for(page, exporting, "choose")
    assert exporting.fault == "The browser has not fetched the file. Export it again."
    assert [*folder.iterdir()] == []


def test_an_export_of_another_session_has_its_turn_within_a_long_one(
    session: Callable[[], DamStore], page: Page
):
    is_sent = threading.Event()

    def endless(*_: Any) -> Generator[bytes]:
        while not is_sent.is_set():
            yield b"a"

    for _ in range(EXPORTERS):
        session().exporting.begin(endless, "dams.csv", "dams", 1)
    last = session().exporting
    last.begin(writing(b"b"), "dams.csv", "dams", 1)
    assert fetch(page, last) == b"b"
    is_sent.set()
