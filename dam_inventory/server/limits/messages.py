"""Limits on the messages of one browser: their size, number and content. No server code.

Normal use stays far below them: the busiest page measured reached less than a tenth of each.
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
"""The websocket's close code for a message that breaks a rule (RFC 6455, section 7.4.1)."""

MAX_BYTES_OF_MESSAGE = (MAX_BYTES + 2) // 3 * 4 + 10_000
"""Size of a message: the largest hydrograph file as Base64, and the JSON around it."""

MAX_BYTES_OF_TEXT = 512 * 1024
"""Size of a message that contains more than one long text."""

MIN_BYTES_OF_PART = 256 * 1024
"""Size from which a message with a single long text is a part of a file that is imported.

The page sends the next part only when the server has asked for it.
"""

MAX_EVENTS = 200
MAX_OBJECTS = 500
"""New objects, per message and in a short time."""

MAX_REFERENCES = 5000
"""References to existing objects: a page that reconnects sends its whole document."""

MAX_DEPTH = 150
MAX_VALUES = 20_000
_MAX_BRACKETS_UNPARSED = 50
MAX_BUFFERS = 20
_MAX_BYTES_OF_HEADER = 4096
_EDGE = 8192
_KINDS = ("PATCH-DOC", "PULL-DOC-REQ", "SERVER-INFO-REQ")
_NO_EVENTS = ("ColumnDataChanged", "ColumnsStreamed", "ColumnsPatched")
"""No page sends these events; ColumnsStreamed could grow columns without limit."""

_SUSPECT = ('"object"', '"Column', "\\")
"""A backslash, because JSON escapes can hide the other two."""


class MessageRefused(DamInventoryError):
    """A browser's message must not reach Bokeh; the connection is closed with the reason.

    code: the websocket's close code.
    """

    def __init__(self, reason: str, code: int = POLICY_VIOLATION) -> None:
        super().__init__(reason)
        self.code = code


@dataclass
class Allowance:
    """A token bucket: an amount that may be used at once, refilled every second."""

    most: float
    per_second: float
    _left: float = field(init=False)
    _at: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self._left = self.most

    def take(self, amount: float, now: float) -> bool:
        """Take an amount; return whether it was left at `now`, in seconds of a monotonic clock.

        Taking more than is left makes the balance negative, so a sender that goes on waits longer.
        """
        grown = self._left + (now - self._at) * self.per_second if self._at else self._left
        self._left = min(self.most, grown) - amount
        self._at = now
        return self._left >= 0


class Conversation:
    """Checks the messages of one websocket, fragment by fragment.

    A message of Bokeh's consists of a header, metadata, content, and pairs of a header and bytes.
    """

    def __init__(self) -> None:
        self._messages = Allowance(2000, 200)
        self._text = Allowance(8 * MAX_BYTES_OF_TEXT, 100_000)
        self._files = Allowance(4, 0.1)
        self._parts = Allowance(8 * MAX_BYTES_OF_TEXT, 10_000_000)
        self._objects = Allowance(MAX_OBJECTS, 5)
        self._pulls = Allowance(3, 0.1)
        self._failures = Allowance(9, 1 / 60)
        self._fragment = 0
        self._fragments = 3
        self._size = 0
        self.has_begun = False
        """Whether a whole message has arrived."""

    def judge(self, fragment: str | bytes, now: float, is_known: IsKnown) -> None:
        """Check a fragment; raise MessageRefused if it breaks a limit.

        now: seconds of a monotonic clock. is_known: returns whether the document has an object with
        this ID; the browser repeats the description of an object that the server has created.
        """
        number, size = self._fragment, len(fragment)
        self._size = size if number == 0 else self._size + size
        if self._size > MAX_BYTES_OF_MESSAGE:
            raise MessageRefused(f"A message has more than {MAX_BYTES_OF_MESSAGE:,} characters.")
        if size > MAX_BYTES_OF_TEXT:
            is_allowed = self._files.take(1, now)
        elif size > MIN_BYTES_OF_PART and isinstance(fragment, str) and _is_one_text(fragment):
            is_allowed = self._parts.take(size, now)
        else:
            is_allowed = self._text.take(size, now)
        if not is_allowed:
            raise MessageRefused("Too many bytes in a short time.")
        if isinstance(fragment, bytes) != (number > 3 and number % 2 == 0):
            raise MessageRefused("A part of a message is text instead of bytes, or vice versa.")
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
        """Count a message that Bokeh could not handle; raise MessageRefused at the tenth."""
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
            raise MessageRefused("A message has a kind that browsers do not send.")
        if type(buffers) is not int or not 0 <= buffers <= MAX_BUFFERS:
            raise MessageRefused(f"A message has more than {MAX_BUFFERS} buffers.")
        if kind == "PULL-DOC-REQ" and not self._pulls.take(1, now):
            raise MessageRefused("The document was requested too often.")
        self._fragments = 3 + 2 * buffers


def new_objects(content: str, is_known: IsKnown) -> int:
    """Return how many objects the content of a message asks the server to create.

    Raises MessageRefused if the content breaks a limit. To save time, most messages are not
    parsed. A long message must be a single text; only the JSON around that text is parsed.
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
            raise MessageRefused("A message contains an event that no page sends.")
    objects = _new_objects(value, is_known)
    if objects > MAX_OBJECTS:
        raise MessageRefused(f"A message has more than {MAX_OBJECTS} new objects.")
    return objects


def _around_its_text(content: str) -> str:
    """Return a long message without the middle of the text that makes it long."""
    if not _is_one_text(content):
        raise MessageRefused(
            f"A message with no file has more than {MAX_BYTES_OF_TEXT:,} characters."
        )
    return content[:_EDGE] + content[-_EDGE:]


def _is_one_text(content: str) -> bool:
    """Return whether all but the edges of a long message is a single text in Base64."""
    return all(content.find(sign, _EDGE, -_EDGE) < 0 for sign in '"\\,[{')


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise MessageRefused("A message is nested too deeply.") from None
    except ValueError:
        raise MessageRefused("A message is not JSON.") from None


def _new_objects(value: Any, is_known: IsKnown) -> int:
    """Return how many objects in a value are new; without recursion, to avoid its depth limit."""
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
        raise MessageRefused(f"A message refers to more than {MAX_REFERENCES:,} objects.")
    return new
