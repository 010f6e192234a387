"""Webhooks, with endpoints that answer, fail, hang, go away and come back."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from dam_inventory.database import backup, restoring
from dam_inventory.database.inventory import Inventory
from dam_inventory.database.webhook_cursors import WebhookCursors
from dam_inventory.domain.dam import DamDraft
from dam_inventory.live import holders
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.live.log_parts import Position
from dam_inventory.live.pubsub import PubSub
from dam_inventory.live.webhooks import Webhooks
from tests.conftest import SilentRelay
from tests.endpoint import SECRET, Endpoint
from tests.starting import free_port

Draft = Callable[..., DamDraft]
WaitUntil = Callable[[Callable[[], object]], None]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    endpoint = Endpoint()
    yield endpoint
    endpoint.close()


class Process:
    """What a process has for its webhooks: a feed and the webhooks themselves."""

    def __init__(self, engine: Engine, urls: list[str], name: str = "one", **options: Any) -> None:
        self.inventory = Inventory(engine)
        self.feed = ChangeFeed(self.inventory, PubSub(), SilentRelay(), heartbeat=3600)
        options = {"beat": 0.2, "lease": 1.0, "longest_pause": 0.05, **options}
        self.webhooks = Webhooks(self.feed, self.inventory, urls, SECRET, name, **options)
        self.webhooks.start()
        self._urls = urls

    def is_at_work(self) -> bool:
        """Whether each webhook has a cursor, so that it hears of every change from now on."""
        cursors = WebhookCursors(self.inventory)
        found = [cursors.read(url) for url in self._urls]
        return all(one is not None and one.holder for one in found)

    def add(self, draft: DamDraft) -> None:
        self.inventory.add(draft)
        self.feed.announce()

    def close(self) -> None:
        self.webhooks.close()
        self.feed.close()


Start = Callable[..., Process]


@pytest.fixture
def start(engine: Engine, wait_until: WaitUntil) -> Iterator[Start]:
    """Start the webhooks of a process, and wait until they are at work."""
    with ExitStack() as stack:

        def start(*urls: str, waits: bool = True, **options: Any) -> Process:
            process = Process(engine, list(urls), **options)
            stack.callback(process.close)
            if waits:
                wait_until(process.is_at_work)
            return process

        yield start


@pytest.mark.databases("sqlite", "postgresql")
def test_each_change_from_now_on_is_delivered_signed_and_in_order(
    start: Start, endpoint: Endpoint, draft: Draft, wait_until: WaitUntil
):
    process = start(endpoint.url)
    for i in range(20):
        process.add(draft(f"Dam {i}"))
    wait_until(lambda: len(endpoint.heard) >= 20)

    assert endpoint.names == [f"Dam {i}" for i in range(20)]
    first, epoch = endpoint.heard[0], process.feed.snapshot.epoch
    assert (first["seq"], first["kind"], first["epoch"]) == (3, "DamAdded", epoch)
    third = process.inventory.changes_since(2)[0]
    assert endpoint.deliveries[0] == str(Position.of(epoch, 3, third.at))


def test_an_endpoint_that_fails_gets_it_again_until_it_takes_it(
    start: Start,
    endpoint: Endpoint,
    draft: Draft,
    wait_until: WaitUntil,
    caplog: pytest.LogCaptureFixture,
):
    caplog.set_level(logging.INFO, "dam_inventory.live.delivery")
    process = start(endpoint.url)
    endpoint.status = 500
    process.add(draft("First"))
    process.add(draft("Second"))
    wait_until(lambda: endpoint.refused >= 3)
    endpoint.status = 200
    wait_until(lambda: len(endpoint.heard) >= 2)

    assert endpoint.names == ["First", "Second"]
    host = endpoint.url.partition("/hook")[0]
    said = [record.getMessage() for record in caplog.records]
    wait_until(lambda: len(caplog.records) == 2)
    assert said == [
        f"Webhook 1 ({host}) fails: HTTP 500. Trying again.",
        f"Webhook 1 ({host}) works again.",
    ]


def test_a_redirect_is_a_failure_and_is_not_followed(
    start: Start, endpoint: Endpoint, draft: Draft, wait_until: WaitUntil
):
    other = Endpoint()
    process = start(endpoint.url)
    endpoint.status, endpoint.headers = 307, {"Location": other.url}
    process.add(draft("Not for others"))
    wait_until(lambda: endpoint.refused >= 2)
    other.close()

    assert other.heard == []


def test_an_endpoint_that_hangs_holds_up_no_other_and_no_page(
    start: Start, endpoint: Endpoint, draft: Draft, wait_until: WaitUntil
):
    bad = Endpoint()
    bad.hangs.clear()
    process = start(bad.url, endpoint.url)
    for i in range(5):
        process.add(draft(f"Dam {i}"))
    wait_until(lambda: len(endpoint.heard) == 5)

    assert len(bad.heard) <= 1
    process.close()
    bad.close()


def test_an_endpoint_that_is_down_gets_everything_when_it_is_back(
    start: Start, draft: Draft, wait_until: WaitUntil
):
    port = free_port()
    process = start(f"http://127.0.0.1:{port}/hook?token=secret")
    process.add(draft("While it is down"))
    endpoint = Endpoint(port)
    process.add(draft("When it is back"))
    wait_until(lambda: len(endpoint.heard) >= 2)
    endpoint.close()

    assert endpoint.names == ["While it is down", "When it is back"]


@pytest.mark.databases("sqlite", "postgresql")
def test_a_restart_goes_on_where_it_was(
    start: Start, endpoint: Endpoint, draft: Draft, wait_until: WaitUntil
):
    before = start(endpoint.url)
    before.add(draft("First"))
    wait_until(lambda: endpoint.heard)
    endpoint.status = 503
    before.add(draft("Second"))
    wait_until(lambda: endpoint.refused)
    before.close()
    before.inventory.add(draft("While nobody delivers"))
    endpoint.status = 200
    start(endpoint.url, name="two")
    wait_until(lambda: len(endpoint.heard) >= 3)

    assert endpoint.names == ["First", "Second", "While nobody delivers"]


@pytest.mark.databases("sqlite", "postgresql")
def test_of_two_processes_one_delivers_and_the_other_takes_over_when_it_dies(
    start: Start, endpoint: Endpoint, engine: Engine, draft: Draft, wait_until: WaitUntil
):
    one = start(endpoint.url)
    two = start(endpoint.url, name="two")
    one.add(draft("First"))
    two.feed.catch_up()
    wait_until(lambda: endpoint.heard)
    cursors = WebhookCursors(one.inventory)
    assert cursors.read(endpoint.url).holder == "one"

    for webhook in one.webhooks._deliveries:  # It dies: nobody is told.
        webhook._cursors = Deaf()
        webhook.stop()
    wait_until(lambda: cursors.read(endpoint.url).holder == "two")
    two.add(draft("Second"))
    wait_until(lambda: "Second" in endpoint.names)  # The first may arrive twice.

    assert list(dict.fromkeys(endpoint.names)) == ["First", "Second"]


class Deaf:
    """The cursors of a process that has died."""

    def release(self, *_: object) -> None:
        pass

    def keep(self, *_: object) -> bool:
        return False


def test_a_process_that_has_lost_its_cursor_delivers_no_more(
    start: Start,
    endpoint: Endpoint,
    draft: Draft,
    wait_until: WaitUntil,
    caplog: pytest.LogCaptureFixture,
):
    caplog.set_level(logging.INFO, "dam_inventory.live.delivery")
    process = start(endpoint.url)
    cursors = WebhookCursors(process.inventory)
    seen = cursors.read(endpoint.url)
    while not cursors.take(endpoint.url, seen, "another"):
        seen = cursors.read(endpoint.url)
    beats = 0

    def is_alive() -> bool:
        # The other process lives: its beat grows.
        nonlocal beats
        beats += 1
        return cursors.keep(endpoint.url, "another", seen.epoch, seen.seq, "")

    wait_until(lambda: is_alive() and "is served by another process" in caplog.text)
    process.add(draft("For the other process"))
    long_after = beats + 50
    wait_until(lambda: is_alive() and beats > long_after)

    assert endpoint.heard == []


def test_a_restored_inventory_is_told_as_a_reset(
    start: Start,
    endpoint: Endpoint,
    draft: Draft,
    wait_until: WaitUntil,
    tmp_path: Path,
    database_url: str,
):
    process = start(endpoint.url)
    backup.backup(database_url, tmp_path / "backup.db")
    process.add(draft("Lost"))
    wait_until(lambda: endpoint.heard)
    restoring.restore(database_url, tmp_path / "backup.db")
    process.feed.catch_up()
    wait_until(lambda: len(endpoint.heard) >= 2)
    process.add(draft("After it"))
    wait_until(lambda: len(endpoint.heard) >= 3)

    reset = endpoint.heard[1]
    assert (reset["kind"], reset["epoch"]) == ("reset", process.feed.snapshot.epoch)
    assert endpoint.heard[2]["dams"][0]["name"] == "After it"


def test_the_cursor_of_a_removed_webhook_is_forgotten(
    start: Start, endpoint: Endpoint, draft: Draft, wait_until: WaitUntil
):
    start(endpoint.url).close()
    start()
    process = start("http://127.0.0.1:1/other", waits=False)
    process.inventory.add(draft("Before it is there again"))
    assert WebhookCursors(process.inventory).read(endpoint.url) is None
    process.close()

    again = start(endpoint.url)
    again.add(draft("From now on"))
    wait_until(lambda: endpoint.heard)

    assert endpoint.names == ["From now on"]


def test_an_answer_without_end_counts_by_its_status(
    start: Start, endpoint: Endpoint, draft: Draft, wait_until: WaitUntil
):
    endpoint.headers = {"Content-Length": "1000000000"}
    process = start(endpoint.url)
    process.add(draft("First"))
    process.add(draft("Second"))
    wait_until(lambda: len(endpoint.heard) >= 2)

    assert endpoint.names == ["First", "Second"]


def test_a_file_replaced_by_an_older_copy_while_it_was_down_is_told_as_a_reset(
    start: Start, endpoint: Endpoint, draft: Draft, wait_until: WaitUntil, engine: Engine
):
    before = start(endpoint.url)
    before.add(draft("Lost"))
    # What was heard, but not noted as delivered when its process ends, is delivered again.
    wait_until(lambda: WebhookCursors(before.inventory).read(endpoint.url).seq == 3)
    before.close()
    lose_the_third_change(engine)
    before.inventory.add(draft("Another"))
    start(endpoint.url, name="two")
    wait_until(lambda: len(endpoint.heard) >= 2)

    assert endpoint.heard[1]["kind"] == "reset"
    assert len({*endpoint.deliveries}) == 2


def lose_the_third_change(engine: Engine) -> None:
    with closing(engine.raw_connection()) as connection:
        connection.executescript(
            "DELETE FROM changes WHERE seq = 3; DELETE FROM dams WHERE id = 3;"
            "UPDATE sqlite_sequence SET seq = 2 WHERE name IN ('changes', 'dams');"
        )


def ended_process() -> str:
    """Return the holder of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return holders.of_process(f"abc-{process.pid}")


def test_a_process_of_this_machine_that_has_died_is_followed_at_once(
    start: Start, endpoint: Endpoint, draft: Draft, wait_until: WaitUntil
):
    first = start(endpoint.url)
    cursors = WebhookCursors(first.inventory)
    first.close()
    wait_until(lambda: hold(cursors, endpoint.url, ended_process()))

    last = start(endpoint.url, name="last", lease=3600.0, waits=False)
    wait_until(lambda: cursors.read(endpoint.url).holder == "last")
    last.add(draft("Heard"))
    wait_until(lambda: endpoint.heard)

    assert endpoint.names == ["Heard"]


def hold(cursors: WebhookCursors, url: str, holder: str) -> bool:
    return cursors.take(url, cursors.read(url), holder)


def test_only_the_cursors_that_no_process_holds_are_forgotten(
    start: Start, endpoint: Endpoint, engine: Engine
):
    process = start(endpoint.url)
    cursors = WebhookCursors(process.inventory)
    cursors.forget_others([], holders.is_dead)
    assert cursors.read(endpoint.url) is not None

    process.close()
    while not hold(cursors, endpoint.url, ended_process()):
        pass
    cursors.forget_others([], holders.is_dead)
    assert cursors.read(endpoint.url) is None


def test_of_a_living_or_a_foreign_process_nobody_says_that_it_is_dead():
    dead = ended_process()
    assert holders.is_dead(dead)
    assert not holders.is_dead(holders.of_process(f"abc-{os.getpid()}"))
    assert not holders.is_dead("0" * 12 + dead[12:])
    assert not holders.is_dead("one")


def test_a_webhook_without_news_seldom_takes_the_lock_of_writers(
    start: Start, endpoint: Endpoint, wait_until: WaitUntil, monkeypatch: pytest.MonkeyPatch
):
    process = start(endpoint.url, beat=0.3, lease=3600.0)
    [webhook] = process.webhooks._deliveries
    pauses: list[float] = []
    kept = webhook._is_kept
    monkeypatch.setattr(
        webhook, "_is_kept", lambda seconds: (pauses.append(seconds), kept(seconds))[1]
    )
    wait_until(lambda: len(pauses) >= 2)

    assert min(pauses) > 0.3
