"""A relay may lose, repeat and reorder signals: each process still gets each change once."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.live.pubsub import PubSub

MEMBERS = 3
TIMES = {"lost": 0, "told": 1, "told twice": 2, "told late": 0}
WHO = st.integers(0, MEMBERS - 1)
FATES = st.tuples(*[st.sampled_from(sorted(TIMES))] * (MEMBERS - 1))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), WHO, FATES),
        st.tuples(st.just("add and end before announcing it"), WHO, st.none()),
        st.tuples(st.just("deliver what is late"), st.none(), st.randoms(use_true_random=False)),
        st.tuples(st.just("heartbeat"), WHO, st.none()),
    ),
    max_size=25,
)


class LossyRelay:
    """A minimal relay; `fates` decide what happens to each signal to other processes."""

    is_connected = True

    def __init__(self) -> None:
        self.others: list[LossyRelay] = []
        self.fates: tuple[str, ...] = ()
        self.late: list[LossyRelay] = []
        self._wake_ups, self._waits = threading.Semaphore(0), threading.Semaphore(0)

    def announce(self) -> None:
        for other, fate in zip(self.others, self.fates, strict=True):
            self.late += [other] * (fate == "told late")
            for _ in range(TIMES[fate]):
                other.wake()

    def wait(self, timeout: float, stopped: threading.Event) -> None:
        self._waits.release()
        while not (self._wake_ups.acquire(timeout=0.01) or stopped.is_set()):
            pass

    def wake(self) -> None:
        """End a wait, and return when the feed has finished and waits again."""
        self._wake_ups.release()
        self.expect_wait()

    def expect_wait(self) -> None:
        assert self._waits.acquire(timeout=30)

    def close(self) -> None:
        pass


class Member:
    """One process: its relay, its feed, and the changes that it has received."""

    def __init__(self, engine: Engine) -> None:
        self.heard: list[int] = []
        self.relay = LossyRelay()
        self.inventory = Inventory(engine)
        self.feed = ChangeFeed(self.inventory, PubSub(), self.relay, heartbeat=3600)
        self.feed.pubsub.subscribe(lambda news: self.heard.extend(one.seq for one in news))
        self.feed.start()
        self.relay.expect_wait()

    def close(self) -> None:
        self.feed.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(steps=STEPS)
@example(steps=[("add", 0, ("lost", "told")), ("add", 1, ("told", "told twice"))])
def test_every_session_gets_exactly_the_changes_in_the_log(
    engine: Engine, draft: Callable[..., DamDraft], steps: list[tuple[str, int, object]]
):
    with ExitStack() as stack:
        members = [stack.enter_context(closing(Member(engine))) for _ in range(MEMBERS)]
        for one in members:
            one.relay.others = [other.relay for other in members if other is not one]
        before = members[0].feed.snapshot.revision

        for step, who, how in steps:
            if step == "deliver what is late":
                deliver_late(members, how)
                continue
            member = members[who]
            if step == "heartbeat":
                member.relay.wake()
                continue
            member.inventory.add(draft())
            if step == "add":
                member.relay.fates = how
                member.feed.announce()
        for member in members:
            member.relay.wake()

        log = [change.seq for change in members[0].inventory.changes_since(before)]
        assert [member.heard for member in members] == [log] * MEMBERS
        assert all(len(member.feed.snapshot) == member.inventory.count() for member in members)


def deliver_late(members: list[Member], chance: random.Random) -> None:
    """Deliver the delayed signals, in any order."""
    late = [relay for member in members for relay in member.relay.late]
    chance.shuffle(late)
    for member in members:
        member.relay.late = []
    for relay in late:
        relay.wake()
