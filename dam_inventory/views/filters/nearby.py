"""Nearby: the filter "within N miles of a point", as the rail shows it and a person sets it."""

from __future__ import annotations

from typing import Any, Literal

from ...domain.mercator import to_degrees
from ...domain.numbers import as_number
from ...domain.places import read_place
from ...domain.units import SYSTEMS
from ...session.store import DamStore
from ...snapshot.criteria import MAX_NEAR_KM, Near

Of = Literal["dam", "center", "place"]
"""What the distance is from: the selected dam, the center of the map, or typed coordinates."""

NO_DAM = "Select a dam first."
NO_NUMBER = "The distance must be a number above 0."
NO_PLACE = "Type coordinates, for example 40.4, -111.5."

_DECIMALS = 5
"""Of degrees: about 1 m."""


class Nearby:
    """The circle of a store's filter. What is typed wrong leaves the filter as it is."""

    def __init__(self, store: DamStore) -> None:
        self._store = store
        self._of: Of = "dam"
        self._distance = self._place = self._fault = ""
        self._asked: Near | None = None
        """The circle that was asked for here; a link or a chip may have changed it since."""

    def ask(self, distance: str, of: Of, place: str, system: str) -> None:
        """Filter by a distance from a point, or no longer if the distance is "".

        distance: in the unit of a system of units, which may have changed since it was typed.
        """
        self._distance, self._of, self._place, self._fault = distance.strip(), of, place, ""
        if not self._distance:
            self._asked = self._store.filter.near = None
            return
        try:
            km = SYSTEMS[system].kilometers(as_number(self._distance))
        except (ValueError, KeyError):
            km = -1
        point = self._point()
        if not 0 < km <= MAX_NEAR_KM:
            self._fault = NO_NUMBER
        elif point is not None:
            longitude, latitude = (round(one, _DECIMALS) for one in point)
            self._asked = Near(longitude, latitude, km)
            self._store.filter.near = self._asked
        elif of == "dam" or place.strip():
            self._fault = NO_DAM if of == "dam" else NO_PLACE

    @property
    def shown(self) -> dict[str, Any]:
        """What the rail shows, for the browser."""
        units, near = self._store.units, self._store.filter.criteria.near
        distance, of, place, fault = self._distance, self._of, self._place, self._fault
        if near is not None and not fault:
            distance = f"{units.distance(near.km):.10g}"
            if near != self._asked:
                of, place = "place", f"{near.latitude:.10g}, {near.longitude:.10g}"
        elif near is None and self._asked is not None:
            distance = ""
        return {
            "distance": distance,
            "unit": units.unit("mi"),
            "system": units.name,
            "of": of,
            "place": place,
            "fault": fault,
            "hasDam": self._dam is not None,
        }

    def _point(self) -> tuple[float, float] | None:
        """Return the longitude and latitude that the distance is from, None if there is none."""
        if self._of == "dam":
            return self._dam
        if self._of == "place":
            return read_place(self._place)
        view = self._store.filter.view
        if view is None:
            return None
        return to_degrees((view.x0 + view.x1) / 2, (view.y0 + view.y1) / 2)

    @property
    def _dam(self) -> tuple[float, float] | None:
        snapshot = self._store.snapshot
        if (row := snapshot.row_of(self._store.selected)) is None:
            return None
        longitude, latitude = (snapshot.value(row, name) for name in ("longitude", "latitude"))
        return None if longitude is None or latitude is None else (longitude, latitude)
