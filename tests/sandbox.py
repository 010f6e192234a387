"""What systemd forbids a service, without systemd: `python -m tests.sandbox UNIT COMMAND ...`.

It does with libseccomp what systemd does for SystemCallFilter=, MemoryDenyWriteExecute= and
RestrictAddressFamilies= of a unit, then becomes the command. Source: systemd.exec(5).
"""

from __future__ import annotations

import ctypes
import ctypes.util
import errno
import mmap
import os
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_EQUAL, _MASKED_EQUAL = 4, 7
_FAMILIES = range(64)


class _Comparison(ctypes.Structure):
    """scmp_arg_cmp of seccomp.h."""

    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_uint),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    )


def directives(unit: Path) -> dict[str, list[str]]:
    """Return the values of each directive of the unit's [Service], in their order."""
    text = unit.read_text("utf-8").partition("[Service]")[2].partition("\n[")[0]
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def calls(group: str) -> set[str]:
    """Return the names of the system calls of a group of systemd, such as @system-service."""
    command = ["systemd-analyze", "syscall-filter", "--no-pager", group]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    names = {line.strip() for line in told.splitlines()[1:] if line.strip()}
    found = {one for one in names if one[0] not in "#@"}
    return found.union(*(calls(one) for one in names if one.startswith("@")))


def allowed_calls(filters: Iterable[str]) -> set[str]:
    """Return the system calls that a list of values of SystemCallFilter= leaves."""
    allowed = calls("@default")
    for one in filters:
        if one.startswith("~"):
            allowed -= calls(one[1:]) - calls("@default")
        else:
            allowed |= calls(one)
    return allowed


class _Filter:
    """A filter of system calls."""

    def __init__(self, default: int) -> None:
        self._library = ctypes.CDLL(ctypes.util.find_library("seccomp"), use_errno=True)
        self._library.seccomp_init.restype = ctypes.c_void_p
        self._context = ctypes.c_void_p(self._library.seccomp_init(ctypes.c_uint32(default)))

    def add(self, action: int, call: str, *comparison: int) -> None:
        """Add a rule for a call; comparison: number of the argument, operator and operands."""
        number = self._library.seccomp_syscall_resolve_name(call.encode())
        given = (_Comparison * 1)(_Comparison(*comparison))
        done = self._library.seccomp_rule_add_array(
            self._context, ctypes.c_uint32(action), number, 1 if comparison else 0, given
        )
        # A call of another processor is unknown here.
        if done and number >= 0:
            raise OSError(-done, f"{os.strerror(-done)}: {call}")

    def load(self) -> None:
        if done := self._library.seccomp_load(self._context):
            raise OSError(-done, os.strerror(-done))


def enter(unit: Path) -> None:
    """Forbid this process, and all that it starts, what the unit forbids."""
    told = directives(unit)
    allowed = allowed_calls(told["SystemCallFilter"])
    second = _Filter(_ALLOW)
    if told["MemoryDenyWriteExecute"] == ["yes"]:
        both = mmap.PROT_WRITE | mmap.PROT_EXEC
        second.add(_ERROR | errno.EPERM, "mmap", 2, _MASKED_EQUAL, both, both)
        for call in ("mprotect", "pkey_mprotect"):
            second.add(_ERROR | errno.EPERM, call, 2, _MASKED_EQUAL, mmap.PROT_EXEC, mmap.PROT_EXEC)
    families = {int(getattr(socket, one)) for one in told["RestrictAddressFamilies"][0].split()}
    for family in set(_FAMILIES) - families:
        second.add(_ERROR | errno.EAFNOSUPPORT, "socket", 0, _EQUAL, family)
    second.load()
    first = _Filter(_ERROR | errno.EPERM)
    for call in allowed:
        first.add(_ALLOW, call)
    first.load()


if __name__ == "__main__":
    enter(Path(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])
