"""FiltersButton: opens the filters beside the map, or over it where there is no room."""

from __future__ import annotations

from typing import Any, ClassVar

import panel as pn
import param

from ..components.assets import asset


class FiltersButton(pn.reactive.ReactiveHTML):
    """A button for two attributes of the page: `data-rail` in a wide one, `data-over` in others.

    In a wide page the filters are open until the person closes them, which the browser remembers.
    Elsewhere they are closed until the person opens them over the rest.
    """

    is_open = param.Boolean(doc="Whether the filters are seen; they are created when they are.")

    _template: ClassVar[str] = asset("layout/filters_button.html")
    _scripts: ClassVar[dict[str, Any]] = {"render": asset("layout/filters_button.js")}
    _stylesheets: ClassVar[list[str]] = [asset("layout/filters_button.css")]
