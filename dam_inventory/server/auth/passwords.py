"""A file of names and password hashes.

The hash is scrypt (RFC 7914), with a salt for each password and cost parameters from OWASP's
Password Storage Cheat Sheet: 32 MiB of memory, a few tenths of a second.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
import secrets
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ...domain.permissions import is_login_name, prepared
from ...errors import InvalidSettings
from .replaced_file import in_turn, replace

logger = logging.getLogger(__name__)

MIN_LENGTH = 8
"""Minimum length of a password in characters."""

_COST = {"n": 2**15, "r": 8, "p": 3}
_MAX_MEMORY = 256 * 2**20
_SALT = re.compile(r"(?:[0-9a-f]{2}){8,}")
_HASH = re.compile(r"[0-9a-f]{128}")


@dataclass(frozen=True, slots=True)
class Hashed:
    """A password hash: salt and hash in hexadecimal digits, with scrypt's cost parameters."""

    salt: str
    hash: str
    n: int
    r: int
    p: int

    @classmethod
    def of(cls, password: str) -> Hashed:
        """Hash a new password."""
        salt = secrets.token_hex(16)
        return cls(salt, _scrypt(password, salt, **_COST), **_COST)

    @classmethod
    def from_json(cls, value: Any) -> Hashed:
        """Read what `asdict` made; raise ValueError if it is not a hash that can be checked."""
        match value:
            case {"salt": str(salt), "hash": str(hash_), "n": int(n), "r": int(r), "p": int(p)}:
                is_text = _SALT.fullmatch(salt) and _HASH.fullmatch(hash_)
                is_power = n > 1 and n & (n - 1) == 0
                is_cheap = r > 0 and 0 < p <= 16 and 256 * n * r <= _MAX_MEMORY
                if is_text and is_power and is_cheap:
                    return cls(salt, hash_, n, r, p)
        raise ValueError("no valid password hash")

    def is_of(self, password: str) -> bool:
        """Return whether this is the hash of a password; compares in constant time."""
        return hmac.compare_digest(self.hash, _scrypt(password, self.salt, self.n, self.r, self.p))


_NOBODYS = Hashed(secrets.token_hex(16), "", **_COST)


def read(path: str | Path) -> dict[str, Hashed]:
    """Return the password hashes by name.

    Raises InvalidSettings if the file is missing, is malformed, or holds an invalid hash.
    """
    try:
        content = json.loads(Path(path).read_text("utf-8"))
    except OSError as error:
        reason = f"{path} can't be read: {error.strerror}."
        raise InvalidSettings(f"{reason} {advice(path)}") from error
    except ValueError as error:
        raise InvalidSettings(f"{path} is not JSON: {error}. {advice(path)}") from error
    if not isinstance(content, dict):
        raise InvalidSettings(f"{path} must contain a JSON object of names. {advice(path)}")
    found = {}
    for name, value in content.items():
        try:
            found[prepared(name)] = Hashed.from_json(value)
        except ValueError as error:
            raise InvalidSettings(f'{path}: "{name}" has {error}. {advice(path)}') from None
    return found


class PasswordFile:
    """A file of password hashes, read again when it has changed."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._version: object = None
        self._known: dict[str, Hashed] = {}

    @property
    def version(self) -> object:
        """What differs as soon as the file has changed; None while it can't be read."""
        self.known()
        return self._version

    def known(self) -> dict[str, Hashed]:
        """Return the password hashes by name; none while the file can't be read."""
        try:
            found = Path(self.path).stat()
            version = (found.st_mtime_ns, found.st_size, found.st_ino)
        except OSError:
            version = None
        if version is None or version != self._version:
            try:
                self._version, self._known = version, read(self.path)
            except InvalidSettings as error:
                logger.error("Nobody can log in: %s", error)
                self._version, self._known = None, {}
        return self._known


def is_right(known: Mapping[str, Hashed], name: str, password: str) -> bool:
    """Return whether a password is right; an unknown name takes as long as a wrong password.

    Takes a few tenths of a second, so do not call it in an event loop.
    """
    hashed, typed = known.get(prepared(name), _NOBODYS), prepared(password)
    # An older version has hashed passwords as they were typed.
    return hashed.is_of(typed) or (typed != password and hashed.is_of(password))


def set_password(path: str | Path, name: str, password: str) -> None:
    """Store the hash of a name's new password, in a file that only its owner may read.

    A file that exists keeps its owner and its mode, and a link to it stays a link; a new one gets
    the owner of its folder, if it may. Two commands at once take turns.
    Raises InvalidSettings if the password is too short, the name is not valid, or the file can't
    be read or written.
    """
    path, name = Path(path).resolve(), prepared(name)
    if not is_login_name(name):
        raise InvalidSettings(f'"{name}" is not a valid name. Choose another.')
    if len(password) < MIN_LENGTH:
        raise InvalidSettings(f"A password must have at least {MIN_LENGTH} characters.")
    hashed = Hashed.of(prepared(password))
    try:
        with in_turn(path.parent):
            known = read(path) if path.exists() else {}
            lines = (
                f"{json.dumps(one, ensure_ascii=False)}: {json.dumps(asdict(its))}"
                for one, its in sorted({**known, name: hashed}.items())
            )
            replace(path, "{\n" + ",\n".join(lines) + "\n}\n")
    except OSError as error:
        raise InvalidSettings(f"{path} can't be written: {error.strerror}.") from error


def _scrypt(password: str, salt: str, n: int, r: int, p: int) -> str:
    return hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"),
        salt=bytes.fromhex(salt), n=n, r=r, p=p, maxmem=_MAX_MEMORY,
    ).hex()  # fmt: skip


def advice(path: str | Path) -> str:
    """Return the command that creates a password file."""
    command = f"{sys.executable} -m dam_inventory password NAME"
    return f'To create it: DAM_INVENTORY_PASSWORDS_FILE="{path}" {command}'
