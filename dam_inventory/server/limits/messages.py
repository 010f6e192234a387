"""What one browser may send to the server, and how often: rules that know no server.

A person never meets them: the busiest page that was measured stays below a tenth of each.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ...domain.hydrograph import MAX_BYTES
from ...errors import DamInventoryError

IsKnown: TypeAlias = Callable[[str], bool]

POLICY_VIOLATION = 1008
"""The websocket's status for a message that breaks a rule (RFC 6455, section 7.4.1)."""

MAX_BYTES_OF_MESSAGE = (MAX_BYTES + 2) // 3 * 4 + 10_000
"""Of a message: a hydrograph's file as Base64, and what stands around it."""

MAX_BYTES_OF_TEXT = 256 * 1024
"""Of a message that is more than one long text."""

MAX_EVENTS = 200
MAX_OBJECTS = 500
"""New ones, in a message and in a short time."""

MAX_REFERENCES = 5000
"""To objects that there are: a page that comes back describes itself whole."""

MAX_DEPTH = 150
MAX_VALUES = 20_000
_MAX_BRACKETS_UNPARSED = 50
MAX_BUFFERS = 20
_MAX_BYTES_OF_HEADER = 4096
_EDGE = 8192
_KINDS = ("PATCH-DOC", "PULL-DOC-REQ", "SERVER-INFO-REQ")
_NO_EVENTS = ("ColumnDataChanged", "ColumnsStreamed", "ColumnsPatched")
"""No page sends them; one of them makes columns longer and longer."""

_SUSPECT = ('"object"', '"Column', "\\")
"""Without a backslash nobody can write a word in another way."""


class MessageRefused(DamInventoryError):
    """A message of a browser that must not reach Bokeh; the connection is closed with the reason.

    code: the websocket's status.
    """

    def __init__(self, reason: str, code: int = POLICY_VIOLATION) -> None:
        super().__init__(reason)
        self.code = code


@dataclass
class Allowance:
    """So much at once, and so much more with each second."""

    most: float
    per_second: float
    _left: float = field(init=False)
    _at: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self._left = self.most

    def take(self, amount: float, now: float) -> bool:
        """Return whether there was as much left at `now`, in seconds of a clock that never stops.

        What is taken beyond it counts as taken, so that whoever goes on waits longer.
        """
        grown = self._left + (now - self._at) * self.per_second if self._at else self._left
        self._left = min(self.most, grown) - amount
        self._at = now
        return self._left >= 0


class Conversation:
    """What one websocket's browser has sent so far: judged fragment by fragment.

    A message of Bokeh's comes as a header, metadata, content, and pairs of a header and bytes.
    """

    def __init__(self) -> None:
        self._messages = Allowance(2000, 200)
        self._text = Allowance(8 * MAX_BYTES_OF_TEXT, 100_000)
        self._files = Allowance(4, 0.1)
        self._objects = Allowance(MAX_OBJECTS, 5)
        self._pulls = Allowance(3, 0.1)
        self._failures = Allowance(9, 1 / 60)
        self._fragment = 0
        self._fragments = 3
        self._size = 0
        self.has_begun = False
        """Whether a whole message has come."""

    def judge(self, fragment: str | bytes, now: float, is_known: IsKnown) -> None:
        """Take a fragment, or raise MessageRefused.

        now: in seconds of a clock that never stops. is_known: whether the document has an object
        of an id; after the server made one, the browser describes it once more.
        """
        number, size = self._fragment, len(fragment)
        self._size = size if number == 0 else self._size + size
        if self._size > MAX_BYTES_OF_MESSAGE:
            raise MessageRefused(f"A message has more than {MAX_BYTES_OF_MESSAGE:,} characters.")
        is_long = size > MAX_BYTES_OF_TEXT
        if not (self._files.take(1, now) if is_long else self._text.take(size, now)):
            raise MessageRefused("Too many bytes in a short time.")
        if isinstance(fragment, bytes) != (number > 3 and number % 2 == 0):
            raise MessageRefused("A part of a message is text instead of bytes, or the reverse.")
        if isinstance(fragment, str):
            if number == 0:
                self._judge_header(fragment, now)
            elif number == 2:
                objects = new_objects(fragment, is_known)
                if objects and not self._objects.take(objects, now):
                    raise MessageRefused(f"More than {MAX_OBJECTS} objects in a short time.")
            elif size > _MAX_BYTES_OF_HEADER:
                raise MessageRefused("The metadata of a message is too long.")
        self._fragment += 1
        if self._fragment == self._fragments:
            self._fragment = 0
            self.has_begun = True

    def fail(self, now: float) -> None:
        """Note that Bokeh could not handle a message; raise MessageRefused at the tenth."""
        if not self._failures.take(1, now):
            raise MessageRefused("Ten messages could not be handled.")

    def _judge_header(self, text: str, now: float) -> None:
        if not self._messages.take(1, now):
            raise MessageRefused("Too many messages in a short time.")
        header = _loaded(text) if len(text) <= _MAX_BYTES_OF_HEADER else None
        if not isinstance(header, dict) or not isinstance(header.get("msgid"), str):
            raise MessageRefused("A message has no header.")
        kind, buffers = header.get("msgtype"), header.get("num_buffers", 0)
        if kind not in _KINDS:
            raise MessageRefused("A message is of a kind that browsers do not send.")
        if type(buffers) is not int or not 0 <= buffers <= MAX_BUFFERS:
            raise MessageRefused(f"A message has more than {MAX_BUFFERS} buffers.")
        if kind == "PULL-DOC-REQ" and not self._pulls.take(1, now):
            raise MessageRefused("The document was asked for too often.")
        self._fragments = 3 + 2 * buffers


def new_objects(content: str, is_known: IsKnown) -> int:
    """Return how many objects the content of a message asks the server to make.

    Raises MessageRefused for what is too much. The usual message is not parsed for it, and of a
    long one, which must be a single text, only what stands around that text.
    """
    if len(content) > MAX_BYTES_OF_TEXT:
        content = _around_its_text(content)
    brackets = content.count("{") + content.count("[")
    if brackets > MAX_VALUES or content.count(",") > MAX_VALUES:
        raise MessageRefused(f"A message has more than {MAX_VALUES:,} values.")
    if brackets <= _MAX_BRACKETS_UNPARSED and not any(one in content for one in _SUSPECT):
        return 0
    value = _loaded(content)
    events = value.get("events") if isinstance(value, dict) else None
    for number, event in enumerate(events if isinstance(events, list) else ()):
        if number == MAX_EVENTS:
            raise MessageRefused(f"A message has more than {MAX_EVENTS} events.")
        if isinstance(event, dict) and event.get("kind") in _NO_EVENTS:
            raise MessageRefused("A message has an event that no page sends.")
    objects = _new_objects(value, is_known)
    if objects > MAX_OBJECTS:
        raise MessageRefused(f"A message has more than {MAX_OBJECTS} new objects.")
    return objects


def _around_its_text(content: str) -> str:
    """Return a long message without the middle of the one text that makes it long."""
    for sign in '"\\,[{':  # no one of them is in Base64
        if content.find(sign, _EDGE, -_EDGE) >= 0:
            raise MessageRefused(
                f"A message that is no file has more than {MAX_BYTES_OF_TEXT:,} characters."
            )
    return content[:_EDGE] + content[-_EDGE:]


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise MessageRefused("A message is nested too deeply.") from None
    except ValueError:
        raise MessageRefused("A message is not JSON.") from None


def _new_objects(value: Any, is_known: IsKnown) -> int:
    """Return how many objects in a value are not known; never by recursion."""
    new = named = depth = 0
    level = [value]
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise MessageRefused("A message is nested too deeply.")
        below: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                if one.get("type") == "object" and not is_known(str(one.get("id"))):
                    new += 1
                elif "id" in one:
                    named += 1
                below += one.values()
            elif isinstance(one, list):
                below += one
        level = below
    if named > MAX_REFERENCES:
        raise MessageRefused(f"A message names more than {MAX_REFERENCES:,} objects.")
    return new
