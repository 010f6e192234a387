"""How long statements take the database."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

KINDS = ("select", "insert", "update", "delete", "other")
"""The kinds of statements, by their first word."""

Observe = Callable[[str, float], None]
"""Takes one of KINDS and the seconds until the database answered, with rows or with an error."""

_BEGAN = "dam_inventory_began"


def time_statements(engine: Engine, observe: Observe) -> None:
    """Call `observe` after each statement of an engine, in the thread that executed it.

    Call it before other threads use the engine.
    """

    def begin(
        _connection: Any, _cursor: Any, _text: str, _values: Any, context: Any, *_: Any
    ) -> None:
        setattr(context, _BEGAN, time.perf_counter())

    def finish(text: str, context: Any) -> None:
        began = getattr(context, _BEGAN, None)  # None if no statement failed, but a connection.
        if began is not None:
            observe(_kind(text), time.perf_counter() - began)

    def end(_connection: Any, _cursor: Any, text: str, _values: Any, context: Any, *_: Any) -> None:
        finish(text, context)

    def fail(failed: ExceptionContext) -> None:
        finish(failed.statement or "", failed.execution_context)

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
    event.listen(engine, "handle_error", fail)


def _kind(statement: str) -> str:
    word = statement.lstrip()[:6].lower()
    return word if word in KINDS else "other"
