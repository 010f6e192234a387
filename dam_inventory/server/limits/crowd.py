"""Who is connected to this process: how many, from where, and who may go when places run out."""

from __future__ import annotations

import resource
from collections.abc import Hashable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

MAX_REQUESTS = 1000
"""Connections at which no websocket is open: waiting for a request, or at one."""

MAX_PER_ADDRESS = 500
"""Connections, or websockets."""

MAX_BYTES_OF_BODIES = 32_000_000
"""Of all requests that are not whole yet."""


def raise_descriptors() -> int:
    """Let this process have as many files and connections as it may; return how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        except (OSError, ValueError):  # A Mac says "unlimited", and means fewer.
            return soft
    return hard


def network(address: str) -> str | None:
    """Return whom an address stands for, None for this machine and for what is no address.

    Not this machine: a proxy on it asks for everybody.
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return network(str(ip.ipv4_mapped))
        # One household has 2**64 of them.
        return None if ip.is_loopback else ip.exploded[:19]
    return None if ip.is_loopback else str(ip)


@dataclass
class _Guest:
    network: str | None
    bytes: int = 0


class Crowd:
    """Connections of one process; each is known by an object of its own.

    descriptors: how many files and connections this process may have, of which a quarter is left
    to the database and to itself.
    """

    def __init__(self, descriptors: int) -> None:
        self._most = descriptors * 3 // 4
        self._guests: dict[Hashable, _Guest] = {}
        self._idle: dict[Hashable, None] = {}  # in the order in which they became so
        self._sockets: dict[Hashable, str | None] = {}
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._guests) + len(self._sockets)

    @property
    def is_full(self) -> bool:
        """Whether somebody must go before the next one may come."""
        return len(self) >= self._most or len(self._guests) >= MAX_REQUESTS

    def enter(self, guest: Hashable, network: str | None) -> bool:
        """Let a connection in; return whether it may stay."""
        if network is not None:
            here = sum(one.network == network for one in self._guests.values())
            if here >= MAX_PER_ADDRESS:
                return False
        self._guests[guest] = _Guest(network)
        self._idle[guest] = None
        return True

    def leave(self, guest: Hashable) -> None:
        """Forget a connection that was closed, or became a websocket."""
        gone = self._guests.pop(guest, None)
        self._idle.pop(guest, None)
        if gone is not None:
            self._bytes -= gone.bytes

    def wait(self, guest: Hashable) -> None:
        """Note that a connection waits for its next request."""
        if guest in self._guests:
            self._settle(guest)
            self._idle.pop(guest, None)
            self._idle[guest] = None

    def work(self, guest: Hashable) -> None:
        """Note that a connection has sent a whole request, which is worked at."""
        if guest in self._guests:
            self._settle(guest)
            self._idle.pop(guest, None)

    def receive(self, guest: Hashable, size: int) -> Hashable | None:
        """Note bytes of a request that is not whole; return who must go when all are too many."""
        if guest in self._guests:
            self._guests[guest].bytes += size
            self._bytes += size
        if self._bytes <= MAX_BYTES_OF_BODIES:
            return None
        return max(self._guests, key=lambda one: self._guests[one].bytes)

    def longest_idle(self) -> Hashable | None:
        """Return who has waited longest without a whole request, if anybody has."""
        return next(iter(self._idle), None)

    def open(self, socket: Hashable, network: str | None) -> bool:
        """Let a websocket in; return whether it may stay."""
        if network is not None:
            here = sum(one == network for one in self._sockets.values())
            if here >= MAX_PER_ADDRESS:
                return False
        self._sockets[socket] = network
        return True

    def close(self, socket: Hashable) -> None:
        """Forget a websocket."""
        self._sockets.pop(socket, None)

    def _settle(self, guest: Hashable) -> None:
        self._bytes -= self._guests[guest].bytes
        self._guests[guest].bytes = 0
