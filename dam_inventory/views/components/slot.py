"""Place: a part of the page that appears on demand."""

from __future__ import annotations

from typing import Any, Literal

import panel as pn

from .assets import asset

Focus = Literal["card", "field", "back", "stay"]


class Place(pn.Column):
    """A column that is hidden while it is empty, and shows new contents from their top."""

    def __init__(self, css_class: str, sizing_mode: str = "stretch_width") -> None:
        super().__init__(visible=False, margin=0, css_classes=[css_class], sizing_mode=sizing_mode)
        self._scrolls = 0
        self.jscallback(tags=asset("components/reveal.js"))

    def put(self, *contents: Any, focus: Focus = "card") -> None:
        """Replace the contents; without any, hide the column.

        focus: where the focus of whoever opened the contents goes: to the column, to its first
        field, "back" to what had it before, if it has been lost, or nowhere: "stay".
        """
        before = list(self.objects)
        # The page draws the new contents before it removes the old ones. Hide the old ones, so
        # that no person types into them in between.
        for one in before:
            one.visible = False
        self.param.update(objects=list(contents), visible=bool(contents))
        self._scroll("top", focus if contents else "none")
        for one in before:
            one.visible = True

    def focus_last(self) -> None:
        """Put the focus on the last button, once it is drawn."""
        self._scroll("top", "last")

    def reveal(self) -> None:
        """Scroll what is around this column until it is visible, once it is drawn."""
        self._scroll("here")

    def _scroll(self, to: str, focus: str = "") -> None:
        self._scrolls += 1
        self.tags = [to, self._scrolls, focus]
