"""Lines of the server's log, as text or as JSON: no record looks like two."""

from __future__ import annotations

import datetime as dt
import json
import logging

import param

_INDENT = "\n    "


class TextLines(logging.Formatter):
    """Formats as another formatter does, and indents each line but the first of a record.

    So only the start of a record is at the start of a line, whatever message or exception contain.
    """

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines of a record."""
        return self._inner.format(record).replace("\n", _INDENT)


class JsonLines(logging.Formatter):
    """Formats a record as a JSON object in one line, in ASCII.

    Its keys are time (UTC, ISO 8601), level, logger and message, and exception if there is one.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        at = dt.datetime.fromtimestamp(record.created, dt.UTC)
        told = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_text:
            told["exception"] = record.exc_text
        return json.dumps(told)


def all_handlers() -> set[logging.Handler]:
    """Return the handlers of all loggers."""
    loggers = [logging.getLogger(), *logging.Logger.manager.loggerDict.values()]
    return {one for logger in loggers for one in getattr(logger, "handlers", ())}


def write_lines(*, as_json: bool) -> None:
    """Let all handlers write such lines; call it after logging is configured, or once more."""
    logging.captureWarnings(True)  # Python writes them beside the log, with what visitors sent.
    if as_json:
        # Param adds a handler with its first message, which repeats what the root's handler writes.
        param.get_logger().handlers.clear()
        param.get_logger().addHandler(logging.NullHandler())
    for handler in all_handlers():
        inner = handler.formatter or logging.Formatter()
        if not isinstance(inner, TextLines | JsonLines):
            handler.setFormatter(JsonLines() if as_json else TextLines(inner))
