"""A reader of the log: each change once and in order, however slowly it reads."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from dam_inventory.database import backup, restoring
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.live import follower as follower_module
from dam_inventory.live import log_parts
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.live.follower import Follower
from dam_inventory.live.log_parts import Position
from dam_inventory.live.pubsub import PubSub
from tests.conftest import SilentRelay

Draft = Callable[..., DamDraft]


@pytest.fixture
def follow(
    feed: ChangeFeed, inventory: Inventory
) -> Iterator[Callable[[Position | None], Follower]]:
    followers: list[Follower] = []

    def follow(since: Position | None) -> Follower:
        followers.append(Follower(feed, inventory, since, lambda: None))
        return followers[-1]

    yield follow
    for one in followers:
        one.close()


def seqs(follower: Follower) -> list[int]:
    """Take all that there is."""
    found = []
    while True:
        part = follower.take()
        found += [one.seq for one in part.changes]
        if part.is_last:
            return found


def test_it_begins_after_its_position_or_now(follow, feed: ChangeFeed, inventory, draft: Draft):
    inventory.add(draft())
    epoch = feed.snapshot.epoch

    assert seqs(follow(Position(epoch, 1))) == [2, 3]
    assert seqs(follow(Position(None, 0))) == [1, 2, 3]
    assert seqs(follow(None)) == []


def test_whatever_happens_between_it_takes_each_change_once_and_in_order(
    follow, feed: ChangeFeed, inventory: Inventory, draft: Draft, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(follower_module, "MOST_WAITING", 7)
    monkeypatch.setattr(follower_module, "MOST_AT_ONCE", 3)
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    follower = follow(None)
    taken = seqs(follower)
    for _ in range(150):
        match chance.randrange(3):
            case 0:
                inventory.add(draft())
            case 1:
                feed.catch_up()
            case 2:
                taken += [one.seq for one in follower.take().changes]
    taken += seqs(follower)
    feed.catch_up()
    taken += seqs(follower)

    assert taken == [one.seq for one in inventory.changes_since(2)], f"seed {seed}"


def test_what_is_published_is_not_read_from_the_database_again(
    follow, feed: ChangeFeed, inventory: Inventory, draft: Draft, monkeypatch: pytest.MonkeyPatch
):
    follower = follow(None)
    seqs(follower)
    inventory.add(draft())
    feed.catch_up()
    monkeypatch.setattr(Inventory, "part_of_log", None)

    assert seqs(follower) == [3]


def test_a_gap_in_what_is_published_is_read_from_the_log(
    follow, feed: ChangeFeed, inventory: Inventory, draft: Draft
):
    follower = follow(None)
    seqs(follower)
    inventory.add(draft())
    inventory.add(draft())
    feed.pubsub.publish(inventory.changes_since(3))  # without the third

    assert seqs(follower) == [3, 4]


def test_the_database_may_be_away_for_a_while(
    follow, inventory: Inventory, draft: Draft, engine, database_url: str
):
    follower = follow(None)
    seqs(follower)
    inventory.add(draft())
    follower._is_behind = True
    file = Path(database_url.removeprefix("sqlite:///"))
    away = file.rename(file.with_name("away.db"))
    with pytest.raises(Exception, match="is missing"):
        follower.take()
    away.rename(file)

    assert seqs(follower) == [3]


def test_a_restored_inventory_is_a_reset_even_before_the_feed_knows(
    follow, feed: ChangeFeed, inventory: Inventory, draft: Draft, database_url: str, tmp_path: Path
):
    follower = follow(None)
    seqs(follower)
    backup.backup(database_url, tmp_path / "backup.db")
    inventory.add(draft("Lost"))
    feed.catch_up()
    seqs(follower)
    restoring.restore(database_url, tmp_path / "backup.db")

    part = log_parts.after(feed, inventory, follower.position, 10)

    assert part.is_reset
    assert part.end.epoch == inventory.snapshot().epoch != follower.position.epoch


def test_an_older_copy_is_a_reset_even_if_it_has_grown_before_anybody_looks(
    inventory: Inventory, draft: Draft, engine
):
    inventory.add(draft("Lost"))
    before = ChangeFeed(inventory, PubSub(), SilentRelay())
    known = log_parts.after(before, inventory, None, 10).end
    with closing(engine.raw_connection()) as connection:
        connection.executescript(
            "DELETE FROM changes WHERE seq = 3; DELETE FROM dams WHERE id = 3;"
            "UPDATE sqlite_sequence SET seq = 2 WHERE name IN ('changes', 'dams');"
        )
    inventory.add(draft("Another"))
    inventory.add(draft("And another"))
    after = ChangeFeed(inventory, PubSub(), SilentRelay())

    part = log_parts.after(after, inventory, known, 10)

    assert (known.seq, known.epoch) == (3, after.snapshot.epoch)
    assert part.is_reset
    assert part.end.seq == 4
    assert not log_parts.after(after, inventory, part.end, 10).is_reset
    assert log_parts.after(after, inventory, replace(known, epoch=None), 10).is_reset
    assert [
        one.seq for one in log_parts.after(after, inventory, replace(known, token=""), 10).changes
    ] == [4]


def test_each_end_of_a_part_is_a_position_that_is_known(
    feed: ChangeFeed, inventory: Inventory, draft: Draft
):
    inventory.add(draft())
    part = log_parts.after(feed, inventory, Position(None, 0), 0)
    for _ in range(3):
        part = log_parts.after(feed, inventory, part.end, 1)
        [(position, change)] = part.positions()
        assert position == part.end
        assert (position.seq, bool(position.token)) == (change.seq, True)

    assert part.is_last
    assert part.end == log_parts.after(feed, inventory, None, 0).end


def test_an_older_copy_with_the_same_epoch_is_a_reset_too(
    feed: ChangeFeed, inventory: Inventory, draft: Draft, engine
):
    inventory.add(draft("Lost"))
    feed.catch_up()
    known = Position(feed.snapshot.epoch, 3)
    with closing(engine.raw_connection()) as connection:
        connection.executescript(
            "DELETE FROM changes WHERE seq = 3; DELETE FROM dams WHERE id = 3;"
        )
    inventory.add(draft("Another"))

    assert log_parts.after(feed, inventory, known, 10).is_reset


@pytest.mark.parametrize(
    "written", ["", "abc", "abc:", ":1", "abc:-1", "abc:1:2", "<b>:1", "1-", "1-xyz", "²"]
)
def test_other_text_is_no_position(written: str):
    assert Position.read(written) is None


@pytest.mark.parametrize(
    "position",
    [
        Position("0a1b-2", 17),
        Position("0a1b-2", 17, "0123456789ab"),
        Position(None, 17, "0123456789ab"),
        Position(None, 17),
    ],
)
def test_a_position_is_read_as_it_is_written(position: Position):
    assert Position.read(str(position)) == position
