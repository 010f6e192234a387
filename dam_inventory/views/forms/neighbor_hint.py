"""NeighborHint: says which dam of the inventory the one in a form may be."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

import panel as pn
import param

from ...domain.units import METRIC, Units
from ...session.store import DamStore
from ...snapshot.neighbors import Neighbor, neighbor
from ..components.assets import asset
from ..components.escape import as_json

_FAR = 0.4
"""From so many kilometers, a distance is in miles or kilometers, not in feet or meters."""


class NeighborHint(pn.reactive.ReactiveHTML):
    """A hint, not a refusal: a dam may stand beside another one."""

    text = param.String(default='""', doc="The hint, or nothing, as JSON.")

    # A status, not an alert: it changes while a person types.
    _template: ClassVar[str] = '<div id="hint" role="status"></div>'
    _scripts: ClassVar[dict[str, Any]] = {
        "render": "self.text()",
        "text": "hint.textContent = JSON.parse(data.text)",
    }
    _stylesheets: ClassVar[list[str]] = [asset("forms/neighbor_hint.css")]

    def __init__(self, store: DamStore) -> None:
        self._store = store
        super().__init__(margin=0, sizing_mode="stretch_width")

    def look(self, place: tuple[float, float] | None, dam_name: str) -> None:
        """Look for a dam near a place, (longitude, latitude) in degrees; None hides the hint."""
        if place is None:
            # Also when this is known: what is looked for in a worker must not come later.
            self._store.compute(lambda: None, self._tell, "neighbor")
        else:
            # A colleague may have added the dam since this page was loaded.
            look = partial(neighbor, self._store.newest, *place, dam_name)
            self._store.compute(look, self._tell, "neighbor")

    def _tell(self, found: Neighbor | None) -> None:
        self.text = as_json("" if found is None else sentence(found, self._store.units))


def sentence(found: Neighbor, units: Units) -> str:
    """Return for example: A dam stands 60 m away: "Heron Lake"."""
    what = "A dam with a similar name" if found.is_alike else "A dam"
    return f'{what} stands {_away(found.km, units)}: "{found.name}".'


def _away(km: float, units: Units) -> str:
    if km >= _FAR:
        return f"{units.distance(km):.2g} {units.unit('mi')} away"
    short = float(f"{units.shown('ft', METRIC.stored('ft', km * 1000)):.2g}")
    return f"{short:,.0f} {units.unit('ft')} away" if short >= 1 else "here"
