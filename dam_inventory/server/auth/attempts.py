"""Choose the login attempt to check next: a bounded queue, with delays after failures.

No account is ever locked. An address that guesses passwords waits longer after each failure, and
queues behind addresses with fewer failures. The owner of a name that others try to guess waits at
most half a second.
"""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from math import ceil

from ...errors import DamInventoryError

Clock = Callable[[], float]
"""Returns seconds from a monotonic clock."""

MAX_IN_LINE = 20
"""How many attempts may wait at once; each check takes about 0.25 seconds of one thread."""

MAX_PER_ADDRESS = 4
MAX_PER_NAME = 2
"""How many attempts may wait at once from one address, and how many of those for one name."""

_BITS_OF_NETWORK = 64
"""Network bits of an IPv6 address: a provider assigns a household 2^64 addresses or more."""

_MAX_NAME_LENGTH = 200


class TooManyAttempts(DamInventoryError):
    """A password is not checked because too many attempts are waiting.

    is_own: whether those attempts come from the same address. seconds: how long to wait before
    the next try.
    """

    def __init__(self, *, is_own: bool, seconds: int = 5) -> None:
        self.is_own = is_own
        self.seconds = seconds
        super().__init__("Too many attempts. Wait a moment and try again.")


@dataclass(frozen=True, eq=False, slots=True)
class Attempt:
    """A login attempt that waits for its password check.

    address: as `network` returns it. ready: the earliest time of the check, on the line's clock.
    """

    address: str
    name: str
    ready: float


class Failures:
    """Counts failures per key.

    forgets: seconds after which a key's count drops by one. most: how many keys are kept.
    at_most: the highest count of a key.
    """

    def __init__(self, clock: Clock, forgets: float, most: int = 10_000, at_most: int = 40) -> None:
        self._clock = clock
        self._forgets = forgets
        self._most = most
        self._at_most = at_most
        self._counts: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._counts)

    def of(self, key: str) -> int:
        """Return how many failures of a key still count."""
        return ceil(self._left(key))

    def add(self, key: str) -> None:
        """Count one more failure."""
        self._counts[key] = (min(self._left(key) + 1, self._at_most), self._clock())
        self._counts.move_to_end(key)
        if len(self._counts) > self._most:
            self._counts.popitem(last=False)

    def forgive(self, key: str) -> None:
        """Forget all failures of a key."""
        self._counts.pop(key, None)

    def _left(self, key: str) -> float:
        count, then = self._counts.get(key, (0.0, 0.0))
        return max(0.0, count - (self._clock() - then) / self._forgets)


class Line:
    """The queue of attempts, in the order of their checks. Pure logic apart from the clock."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._waiting: list[Attempt] = []
        self._by_address = Failures(clock, forgets=5)
        self._by_name = Failures(clock, forgets=60)

    def __len__(self) -> int:
        return len(self._waiting)

    def enter(self, address: str, name: str) -> tuple[Attempt, Attempt | None]:
        """Add an attempt; return it, and the attempt that lost its place to it, if any.

        Raises TooManyAttempts if too many attempts wait from the same address, or if the queue is
        full of attempts that rank higher.
        """
        address, name = network(address), name[:_MAX_NAME_LENGTH]
        delay = max(self._delay(address), self._delay_of_name(name))
        own = [one for one in self._waiting if one.address == address]
        of_name = [one for one in own if one.name == name]
        if len(own) >= MAX_PER_ADDRESS or len(of_name) >= MAX_PER_NAME:
            raise TooManyAttempts(is_own=True, seconds=max(1, round(self._delay(address))))
        attempt = Attempt(address, name, self._clock() + delay)
        self._waiting.append(attempt)
        if len(self._waiting) <= MAX_IN_LINE:
            return attempt, None
        last = self._in_order()[-1]
        self._waiting.remove(last)
        if last is attempt:
            raise TooManyAttempts(is_own=False)
        return attempt, last

    def leave(self, attempt: Attempt) -> None:
        """Remove an attempt that was canceled, if it still waits."""
        if attempt in self._waiting:
            self._waiting.remove(attempt)

    def next(self) -> Attempt | None:
        """Remove and return the attempt to check next, or None if none is ready."""
        now = self._clock()
        attempt = next((one for one in self._in_order() if one.ready <= now), None)
        if attempt is not None:
            self._waiting.remove(attempt)
        return attempt

    def seconds(self) -> float | None:
        """Return the seconds until the next attempt is ready, or None if the queue is empty."""
        readies = [one.ready for one in self._waiting]
        return max(0.0, min(readies) - self._clock()) if readies else None

    def note(self, attempt: Attempt, *, is_right: bool) -> None:
        """Record the outcome of an attempt."""
        if is_right:
            self._by_name.forgive(attempt.name)
        else:
            self._by_name.add(attempt.name)
            self._by_address.add(attempt.address)

    def _in_order(self) -> list[Attempt]:
        """Return all waiting attempts; addresses with few failures and attempts come first."""
        before: Counter[str] = Counter()
        ranks = []
        for attempt in self._waiting:
            ranks.append(self._by_address.of(attempt.address) + before[attempt.address])
            before[attempt.address] += 1
        order = sorted(range(len(ranks)), key=lambda index: (ranks[index], index))
        return [self._waiting[index] for index in order]

    def _delay(self, address: str) -> float:
        """Return the delay in seconds: 0 up to 19 failures, then 0.5, doubling up to 8."""
        failures = self._by_address.of(address)
        return min(8.0, 2.0 ** (failures - 21)) if failures >= 20 else 0.0

    def _delay_of_name(self, name: str) -> float:
        """Return the delay in seconds: short, because the name's owner waits for it, too."""
        return min(0.5, 0.1 * max(0, self._by_name.of(name) - 5))


def network(address: str) -> str:
    """Return the key that stands for a client: an IPv4 address, or the network of an IPv6 one."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:_MAX_NAME_LENGTH]
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return f"{IPv6Address(int(parsed) >> _BITS_OF_NETWORK << _BITS_OF_NETWORK)}/{_BITS_OF_NETWORK}"
