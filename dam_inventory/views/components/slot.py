"""Place: a part of the page that appears on demand."""

from __future__ import annotations

from typing import Any

import panel as pn

from .assets import asset


class Place(pn.Column):
    """A column that is hidden while it is empty, and shows new contents from their top."""

    def __init__(self, css_class: str, sizing_mode: str = "stretch_width") -> None:
        super().__init__(visible=False, margin=0, css_classes=[css_class], sizing_mode=sizing_mode)
        self._scrolls = 0
        self.jscallback(tags=asset("components/reveal.js"))

    def put(self, *contents: Any) -> None:
        """Replace the contents; without any, hide the column."""
        before = list(self.objects)
        # The page draws the new contents before it removes the old ones. Hide the old ones, so
        # that no person types into them in between.
        for one in before:
            one.visible = False
        self.param.update(objects=list(contents), visible=bool(contents))
        self._scroll("top")
        for one in before:
            one.visible = True

    def reveal(self) -> None:
        """Scroll what is around this column until it is visible, once it is drawn."""
        self._scroll("here")

    def _scroll(self, to: str) -> None:
        self._scrolls += 1
        self.tags = [to, self._scrolls]
