"""The connections of this process: how many, from where, and which to close when it is full."""

from __future__ import annotations

import resource
from collections.abc import Hashable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

MAX_REQUESTS = 1000
"""Maximum number of connections without a websocket, idle or busy with a request."""

MAX_PER_ADDRESS = 500
"""Maximum number of connections from one address, and of websockets."""

MAX_BYTES_OF_BODIES = 16_000_000
"""Total size of the bodies of all unfinished requests."""


def raise_descriptors() -> int:
    """Raise this process's limit of open files and connections to its maximum; return the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        except (OSError, ValueError):  # macOS reports "unlimited" but allows fewer.
            return soft
    return hard


def network(address: str) -> str | None:
    """Return the network that an address counts for, or None for this machine and invalid text.

    This machine counts for no network: a proxy on it forwards the requests of all visitors.
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return network(str(ip.ipv4_mapped))
        # One household has 2**64 addresses.
        return None if ip.is_loopback else ip.exploded[:19]
    return None if ip.is_loopback else str(ip)


@dataclass
class _Guest:
    network: str | None
    bytes: int = 0


class Crowd:
    """The connections of one process, each identified by an object.

    descriptors: how many files and connections this process may open. A quarter of them is
    reserved for the database and the process itself.
    """

    def __init__(self, descriptors: int) -> None:
        self._most = descriptors * 3 // 4
        self._guests: dict[Hashable, _Guest] = {}
        self._idle: dict[Hashable, None] = {}  # longest idle first
        self._sockets: dict[Hashable, str | None] = {}
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._guests) + len(self._sockets)

    @property
    def is_full(self) -> bool:
        """Whether a connection must be closed before a new one is accepted."""
        return len(self) >= self._most or len(self._guests) >= MAX_REQUESTS

    def enter(self, guest: Hashable, network: str | None) -> bool:
        """Add a connection; return False if its address has too many."""
        if network is not None:
            here = sum(one.network == network for one in self._guests.values())
            if here >= MAX_PER_ADDRESS:
                return False
        self._guests[guest] = _Guest(network)
        self._idle[guest] = None
        return True

    def leave(self, guest: Hashable) -> None:
        """Remove a connection that was closed or became a websocket."""
        gone = self._guests.pop(guest, None)
        self._idle.pop(guest, None)
        if gone is not None:
            self._bytes -= gone.bytes

    def wait(self, guest: Hashable) -> None:
        """Mark a connection as idle: it waits for its next request."""
        if guest in self._guests:
            self._settle(guest)
            self._idle.pop(guest, None)
            self._idle[guest] = None

    def work(self, guest: Hashable) -> None:
        """Mark a connection as busy: it has sent a whole request."""
        if guest in self._guests:
            self._settle(guest)
            self._idle.pop(guest, None)

    def receive(self, guest: Hashable, size: int) -> Hashable | None:
        """Count bytes of an unfinished request; return the connection to close if too many."""
        if guest in self._guests:
            self._guests[guest].bytes += size
            self._bytes += size
        if self._bytes <= MAX_BYTES_OF_BODIES:
            return None
        return max(self._guests, key=lambda one: self._guests[one].bytes)

    def longest_idle(self) -> Hashable | None:
        """Return the connection that has waited longest for a whole request, or None."""
        return next(iter(self._idle), None)

    def open(self, socket: Hashable, network: str | None) -> bool:
        """Add a websocket; return False if its address has too many."""
        if network is not None:
            here = sum(one == network for one in self._sockets.values())
            if here >= MAX_PER_ADDRESS:
                return False
        self._sockets[socket] = network
        return True

    def close(self, socket: Hashable) -> None:
        """Remove a websocket."""
        self._sockets.pop(socket, None)

    def _settle(self, guest: Hashable) -> None:
        self._bytes -= self._guests[guest].bytes
        self._guests[guest].bytes = 0
