"""Ids of processes, from which another process of the same machine sees that one has ended."""

from __future__ import annotations

import hashlib
import os
import socket
from contextlib import suppress
from functools import cache
from pathlib import Path


def of_process(process: str) -> str:
    """Return the id of a process of this machine.

    process: an id that no other process has, with its process ID after the last hyphen.
    """
    return f"{_machine()}-{process}"


def is_dead(holder: str) -> bool:
    """Return whether a process has ended for certain; False for one of another machine."""
    machine, _, process = holder.partition("-")
    pid = process.rpartition("-")[2]
    # Elsewhere than on Unix, a signal 0 ends the process.
    if os.name != "posix" or machine != _machine() or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


@cache
def _machine() -> str:
    """Return an id of what gives process IDs: this machine, or this container."""
    known = [socket.gethostname()]
    # Containers may share the name of their machine, and then each has its own process 7.
    with suppress(OSError):
        known.append(Path("/proc/sys/kernel/random/boot_id").read_text())
        known.append(str(Path("/proc/self/ns/pid").readlink()))
    return hashlib.blake2b(" ".join(known).encode(), digest_size=6).hexdigest()
