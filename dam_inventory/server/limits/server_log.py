"""Limits on the server's log, so that visitors can't flood it: record length and repetition.

What they send can't add lines of its own to it either, or control the terminal that shows it.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from ...config.redaction import without_tokens
from ...domain.visible import escaped
from ..log_lines import all_handlers

MAX_CHARACTERS = 500
MAX_CHARACTERS_OF_TRACEBACK = 4000
WINDOW = 60.0
"""Length in seconds of the window in which records of one kind are counted."""

MAX_COMPLAINTS = 20
"""Warnings and errors of libraries, of one kind in a window."""

MAX_RECORDS = 1000
"""Other records, of one kind in a window."""

_OURS = __name__.partition(".")[0]
_LINES = "\n\t"
"""Kept in tracebacks, and in messages of libraries."""


@dataclass
class _Kind:
    """Counts records from one line of code: the start of the window, and how many were dropped."""

    since: float
    seen: int = 0
    left_out: int = 0


class Restraint(logging.Filter):
    """Shortens each record, redacts tokens; drops and counts what one line of code logs too often.

    It also escapes control characters, such as line breaks in names. Add this filter to handlers,
    because a logger's filter does not see the records of its child loggers.
    clock: returns seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._kinds: dict[tuple[str, str, int, int], _Kind] = {}
        self._checked = clock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether to show a record; it is counted once, even with several handlers."""
        if "is_shown" not in record.__dict__:
            record.__dict__["is_shown"] = is_shown = self._admits(record)
            if is_shown:
                _clean(record)
                _shorten(record)
        return bool(record.__dict__["is_shown"])

    def _admits(self, record: logging.LogRecord) -> bool:
        now = self._clock()
        if now - self._checked > WINDOW:
            self._checked = now
            self._report(now)
        key = (record.name, record.pathname, record.lineno, record.levelno)
        kind = self._kinds.get(key)
        if kind is None or now - kind.since > WINDOW:
            if kind is not None:
                _say(key, kind)
            kind = self._kinds[key] = _Kind(now)
        kind.seen += 1
        is_complaint = record.levelno >= logging.WARNING and not _is_ours(record)
        if kind.seen <= (MAX_COMPLAINTS if is_complaint else MAX_RECORDS):
            return True
        kind.left_out += 1
        return False

    def _report(self, now: float) -> None:
        over = {key: kind for key, kind in self._kinds.items() if now - kind.since > WINDOW}
        for key, kind in over.items():
            del self._kinds[key]
            _say(key, kind)


_restraint = Restraint()


def restrain_logs() -> None:
    """Add the filter to all existing handlers; call it after logging is configured."""
    for handler in all_handlers():
        handler.addFilter(_restraint)


def _say(key: tuple[str, str, int, int], kind: _Kind) -> None:
    if kind.left_out:
        name, _, _, level = key
        logging.getLogger(name).log(level, "... %s more like this.", f"{kind.left_out:,}")


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] == _OURS


def _clean(record: logging.LogRecord) -> None:
    """Take out tokens, and escape control characters, wherever a client has put them."""
    message = record.getMessage()
    # Those of Python's warnings end with a line break.
    clean = escaped(without_tokens(message).rstrip(), keep="" if _is_ours(record) else _LINES)
    if clean != message:
        record.msg, record.args = clean, None


def _shorten(record: logging.LogRecord) -> None:
    message = record.getMessage()
    if len(message) > MAX_CHARACTERS:
        cut = len(message) - MAX_CHARACTERS
        record.msg = f"{message[:MAX_CHARACTERS]} ... ({cut:,} more characters)"
        record.args = None
    if record.exc_info:
        text = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
        if len(text) > MAX_CHARACTERS_OF_TRACEBACK:
            half = MAX_CHARACTERS_OF_TRACEBACK // 2
            text = (
                f"{text[:half]}\n... ({len(text) - 2 * half:,} more characters) ...\n{text[-half:]}"
            )
        record.exc_text = escaped(without_tokens(text), keep=_LINES)
