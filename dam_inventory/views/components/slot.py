"""Place: where something appears on the page, and is seen."""

from __future__ import annotations

from typing import Any

import panel as pn

from .assets import asset


class Place(pn.Column):
    """A column that the page scrolls to when it is told to; without contents it is not there."""

    def __init__(self, css_class: str) -> None:
        super().__init__(
            visible=False, margin=0, css_classes=[css_class], sizing_mode="stretch_width"
        )
        self._reveals = 0
        self.jscallback(tags=asset("components/reveal.js"))

    def put(self, *contents: Any) -> None:
        """Show these contents alone, or nothing."""
        before = list(self.objects)
        # A page draws what comes before it removes what goes, which nobody must fill in by then.
        for one in before:
            one.visible = False
        self.param.update(objects=list(contents), visible=bool(contents))
        for one in before:
            one.visible = True

    def reveal(self) -> None:
        """Scroll the page to where this is seen, once it is drawn."""
        self._reveals += 1
        self.tags = [self._reveals]
