"""Reader of the TOML file with the permissions of users and groups; see docs/permissions.md."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..domain.hints import hint
from ..domain.permissions import (
    GUEST,
    PERMISSIONS,
    Anonymous,
    Group,
    Permission,
    Permissions,
    prepared,
)
from ..errors import InvalidSettings

_KEYS = ("group_claim", "everyone", "users", "groups")
_GROUP_KEYS = ("permissions", "members")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")

_Path = tuple[str, ...]


def read(path: str | Path, anonymous: Anonymous = "add") -> Permissions:
    """Return the permissions in a file. The file is read once, not watched.

    anonymous: what a person may do when there is no login; the file does not set it.
    Raises InvalidSettings: one line for each error, with file, line number and reason.
    """
    text = _text(path)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason, line = str(error), text.count("\n") + 1
        if place := _PLACE.search(reason):
            reason, line = reason[: place.start()], int(place[1] or line)
        raise InvalidSettings(f"{path}, line {line}: Invalid TOML: {reason}.") from None
    reader = _Reader()
    permissions = reader.permissions_of(content, anonymous)
    if reader.problems:
        found = sorted({(_line(text, where), reason) for where, reason in reader.problems})
        raise InvalidSettings("\n".join(f"{path}, line {n}: {reason}" for n, reason in found))
    return permissions


class _Reader:
    """Checks each value and collects `problems`: pairs of a key's path and a sentence."""

    def __init__(self) -> None:
        self.problems: list[tuple[_Path, str]] = []

    def permissions_of(self, content: Mapping[str, Any], anonymous: Anonymous) -> Permissions:
        """Return the valid permissions in the file; add the rest to `problems`."""
        self._expect_keys(content, _KEYS, ())
        claim = content.get("group_claim")
        if claim is not None and not (isinstance(claim, str) and claim.strip()):
            self._wrong(("group_claim",), "the name of a claim in quotes", claim)
        users, groups = [*self._table(content, "users")], self._table(content, "groups")
        self._expect_different([name for name, _ in users])
        return Permissions(
            everyone=self._given(content.get("everyone", []), ("everyone",)),
            users={prepared(name): self._user(name, value) for name, value in users},
            groups={name: self._group(value, ("groups", name)) for name, value in groups},
            group_claim=claim,
            anonymous=anonymous,
        )

    def _user(self, name: str, value: Any) -> frozenset[Permission]:
        where = ("users", name)
        self._expect_name(name, where)
        if isinstance(value, dict):  # users.ann.lee = […] is a key "lee" in a table "ann"
            advice = f'"{name}.{next(iter(value), "")}"'
            self._wrong(where, f"a list; a name with a dot needs quotes: {advice}", value)
            return frozenset()
        return self._given(value, where)

    def _group(self, value: Any, where: _Path) -> Group:
        if not isinstance(value, dict):
            self._wrong(where, "a table with permissions and, optionally, members", value)
            return Group()
        self._expect_keys(value, _GROUP_KEYS, where)
        if "permissions" not in value:
            self.problems.append((where, f"{_dotted(where)} has no permissions."))
        members = self._texts(value.get("members", []), (*where, "members"), "names")
        for name in members:
            self._expect_name(name, (*where, "members"))
        given = self._given(value.get("permissions", []), (*where, "permissions"))
        return Group(given, frozenset(map(prepared, members)))

    def _given(self, value: Any, where: _Path) -> frozenset[Permission]:
        texts = self._texts(value, where, "permissions")
        for text in texts:
            if text not in PERMISSIONS:
                self._unknown(text, "a permission", PERMISSIONS, where)
        return frozenset(known for known in PERMISSIONS if known in texts)

    def _texts(self, value: Any, where: _Path, what: str) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            self._wrong(where, f"a list of {what} in quotes", value)
            return []
        for text in value:
            if value.count(text) > 1:
                self.problems.append((where, f'{_dotted(where)} names "{text}" more than once.'))
        return value

    def _table(self, content: Mapping[str, Any], key: str) -> Iterator[tuple[str, Any]]:
        value = content.get(key, {})
        if isinstance(value, dict):
            yield from value.items()
        else:
            self._wrong((key,), f"a table under [{key}]", value)

    def _expect_keys(self, table: Mapping[str, Any], known: _Path, where: _Path) -> None:
        for key in table:
            if key not in known:
                what = f"a key of {_dotted(where) or 'this file'}"
                self._unknown(key, what, known, (*where, key))

    def _expect_name(self, name: str, where: _Path) -> None:
        if not name.strip():
            self.problems.append((where, f"{_dotted(where[:1])} has an empty name."))
        elif name == GUEST:
            reason = f'"{GUEST}" is reserved for visitors who are not logged in. Use another name.'
            self.problems.append((where, reason))

    def _expect_different(self, names: Sequence[str]) -> None:
        firsts: dict[str, str] = {}
        for name in names:
            if (first := firsts.setdefault(prepared(name), name)) != name:
                reason = f"users has {name!a} and {first!a}, which are one name. Keep one of them."
                self.problems.append((("users", name), reason))

    def _unknown(self, text: str, what: str, known: _Path, where: _Path) -> None:
        self.problems.append((where, f'"{text}" is not {what}.{hint(text, known)}'))

    def _wrong(self, where: _Path, rule: str, value: object) -> None:
        self.problems.append((where, f"{_dotted(where)} is {value!r}, but must be {rule}."))


def _text(path: str | Path) -> str:
    try:
        content = Path(path).read_bytes().replace(b"\r\n", b"\n")
    except OSError as error:
        raise InvalidSettings(f"{path} can't be read: {error.strerror}.") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidSettings(
            f"{path}, line {line}: Invalid UTF-8. Save the file as UTF-8."
        ) from None


def _dotted(where: _Path) -> str:
    return ".".join(where)


def _line(text: str, where: _Path) -> int:
    """Return the number of the line where the statement that sets a key starts.

    tomllib does not report positions. But the text up to the end of any statement is valid TOML.
    """
    lines = text.split("\n")
    start = 0
    for end in range(1, len(lines) + 1):
        try:
            found: Any = tomllib.loads("\n".join(lines[:end]))
        except tomllib.TOMLDecodeError:
            continue
        if _has(found, where):
            break
        # Blank lines and comments are valid TOML too, so `start` skips them.
        start = end
    return start + 1


def _has(table: Any, where: _Path) -> bool:
    for key in where:
        if not isinstance(table, dict) or key not in table:
            return False
        table = table[key]
    return True
