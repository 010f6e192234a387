"""Place: a part of the page that appears on demand and scrolls into view."""

from __future__ import annotations

from typing import Any

import panel as pn

from .assets import asset


class Place(pn.Column):
    """A column that can scroll into view; it is hidden while it is empty."""

    def __init__(self, css_class: str) -> None:
        super().__init__(
            visible=False, margin=0, css_classes=[css_class], sizing_mode="stretch_width"
        )
        self._reveals = 0
        self.jscallback(tags=asset("components/reveal.js"))

    def put(self, *contents: Any) -> None:
        """Replace the contents; without any, hide the column."""
        before = list(self.objects)
        # The page draws the new contents before it removes the old ones. Hide the old ones, so
        # that no person types into them in between.
        for one in before:
            one.visible = False
        self.param.update(objects=list(contents), visible=bool(contents))
        for one in before:
            one.visible = True

    def reveal(self) -> None:
        """Scroll the page until this column is visible, once it is drawn."""
        self._reveals += 1
        self.tags = [self._reveals]
