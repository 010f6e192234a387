"""Isolate an error in one view: the other views keep working, and the page shows a warning."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from ...snapshot.unexpected import UNEXPECTED

logger = logging.getLogger(__name__)

FAULT = (
    "Part of this page could not be updated. Your saved changes are safe. "
    "Reload the page to see the current inventory."
)


def shielded(method: Callable[..., None]) -> Callable[..., None]:
    """Log an unexpected error of a view's method, and show a warning instead of raising it.

    The exception would also end the store's method that triggered the update: other views would
    not update, and a form would wait for its answer without end. HoloViews does not even log an
    exception in a hook. The view must have its store as `_store`.
    """

    @wraps(method)
    def call(view: Any, *arguments: Any) -> None:
        try:
            method(view, *arguments)
        except UNEXPECTED:
            logger.exception("%s can't show the inventory.", type(view).__name__)
            view._store.fault = FAULT

    return call
