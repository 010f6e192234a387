"""Hooks of HoloViews that do not keep a session's views alive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakMethod


def weakly(method: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Return a hook with only a weak reference to the view that it belongs to.

    HoloViews keeps the options of an element in a global store while the element exists. A hook
    that refers to the view, which refers to the element, would never be released.
    """
    reference = WeakMethod(method)

    def hook(plot: Any, element: Any) -> None:
        if alive := reference():
            alive(plot, element)

    return hook
