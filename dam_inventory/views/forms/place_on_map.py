"""PlaceOnMap: points at the map from a form that covers it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar

import panel as pn
import param

from ...domain.mercator import HALF_WORLD, to_degrees
from ..components.assets import asset


class PlaceOnMap(pn.reactive.ReactiveHTML):
    """On a phone, hides the form until the person has tapped the map or chosen its middle.

    on_place: called with longitude and latitude in degrees, if the middle was chosen.
    """

    middle = param.List(default=[], doc="A place in Web Mercator meters, from the browser.")
    placed = param.Integer(default=0, doc="How often the map has set the place.")

    _template: ClassVar[str] = asset("forms/place_on_map.html")
    _scripts: ClassVar[dict[str, Any]] = {
        "render": asset("forms/place_on_map.js"),
        "placed": "state.stop()",
    }
    _stylesheets: ClassVar[list[str]] = [asset("forms/place_on_map.css")]

    def __init__(self, on_place: Callable[[float, float], None], **params: Any) -> None:
        self._on_place = on_place
        super().__init__(**params)

    @param.depends("middle", watch=True)
    def _on_middle(self) -> None:
        place, self.middle = self.middle, []
        # A browser can send anything.
        if len(place) == 2 and all(type(one) in (int, float) for one in place):
            x, y = place
            if math.isfinite(x) and abs(y) < HALF_WORLD:
                self._on_place(*to_degrees(x, y))
