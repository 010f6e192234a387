"""What happens when a view fails: the others go on, and the person reads about it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

logger = logging.getLogger(__name__)

FAULT = (
    "Part of this page could not be drawn. What you saved is saved. "
    "Load the page again to see it as it is."
)


def shielded(method: Callable[..., None]) -> Callable[..., None]:
    """Let a method that shows what a store holds fail alone.

    What it raises would end the method of the store that it follows: the other views would stay
    as they were, and a form that waits for its answer would wait for good. HoloViews would not
    even log what its hook raises. The view must have its store as `_store`.
    """

    @wraps(method)
    def call(view: Any, *arguments: Any) -> None:
        try:
            method(view, *arguments)
        except Exception:
            logger.exception("%s can't show the inventory.", type(view).__name__)
            view._store.fault = FAULT

    return call
