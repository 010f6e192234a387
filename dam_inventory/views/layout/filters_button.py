"""FiltersButton: opens the filters beside the map, or over it where there is no room."""

from __future__ import annotations

from typing import Any, ClassVar

import panel as pn
import param

from ..components.assets import asset


class FiltersButton(pn.reactive.ReactiveHTML):
    """A button for the attribute `data-rail` of the page, which the browser keeps.

    In a wide window the filters are open until the person closes them.
    """

    is_open = param.Boolean(doc="Whether the filters are seen; they are created when they are.")

    _template: ClassVar[str] = asset("layout/filters_button.html")
    _scripts: ClassVar[dict[str, Any]] = {"render": asset("layout/filters_button.js")}
    _stylesheets: ClassVar[list[str]] = [asset("layout/filters_button.css")]
