"""Reads the items of a JSON file one after the other, however long the file is."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from ..errors import InvalidFile
from .text import Source, encoding_of

_CHUNK = 1 << 18
_BETWEEN = re.compile("[\\s\ufeff\x1e,]*")


class JsonItems:
    """The objects in a JSON file: of a list, of the `features` of an object, or one a line.

    Numbers are texts, as the file has them. After `items` has ended, `members` holds what else a
    single object contains, such as its type.
    """

    def __init__(self, source: Source) -> None:
        encoding, _ = encoding_of(source.head()) or ("utf-8", "")
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._json = json.JSONDecoder(parse_float=str, parse_int=str)
        self._text = ""
        self._place = 0
        self._count = 0
        self.members: dict[str, Any] = {}

    def items(self) -> Iterator[dict[str, Any]]:
        """Yield the objects. Raises InvalidFile if the file is not JSON to its end."""
        if self._next() == "[":
            yield from self._list()
            return
        if self._next() != "{":
            raise self._broken()
        self._place += 1
        has_features = False
        while self._next() != "}":
            key = self._value()
            if not isinstance(key, str) or self._next() != ":":
                raise self._broken()
            self._place += 1
            if key == "features" and self._next() == "[":
                has_features = True
                yield from self._list()
            else:
                self.members[key] = self._value()
        self._place += 1
        # An object of its own, or the first of those that stand one a line.
        if not has_features and (self.members.get("type") == "Feature" or self._next()):
            yield self.members
        while self._next():
            yield self._object()

    def _list(self) -> Iterator[dict[str, Any]]:
        self._place += 1
        while self._next() != "]":
            yield self._object()
        self._place += 1

    def _object(self) -> dict[str, Any]:
        self._count += 1
        value = self._value()
        if not isinstance(value, dict):
            raise InvalidFile(
                f"Item {self._count:,} of the file is no object, but {str(value)[:40]}."
            )
        return value

    def _next(self) -> str:
        """Return the next sign that is not a space or a comma; "" at the end."""
        while True:
            found = _BETWEEN.match(self._text, self._place)
            self._place = found.end() if found else self._place
            if self._place < len(self._text):
                return self._text[self._place]
            if not self._more(_CHUNK):
                return ""

    def _value(self) -> Any:
        size = _CHUNK
        while True:
            self._next()
            try:
                value, end = self._json.raw_decode(self._text, self._place)
            except (json.JSONDecodeError, RecursionError) as error:
                if isinstance(error, RecursionError) or not self._more(size):
                    raise self._broken() from error
            else:
                # A number may go on behind the text that has been read.
                if end < len(self._text) or not self._more(size):
                    self._place = end
                    return value
            size *= 2

    def _more(self, size: int) -> bool:
        data = self._source.read(size)
        self._text = self._text[self._place :] + self._decoder.decode(data or b"", final=not data)
        self._place = 0
        return bool(data)

    def _broken(self) -> InvalidFile:
        where = f"after item {self._count:,}" if self._count else "at its beginning"
        return InvalidFile(f"The file is not valid JSON {where}: it is damaged, or not complete.")
