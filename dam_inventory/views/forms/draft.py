"""Draft: what a person has typed into a dam form, and the place that it means."""

from __future__ import annotations

import param

from ...domain.fields import LABELS
from ...domain.numbers import as_number
from ...domain.places import read_place

PLACE = ("latitude", "longitude")

_NO_PLACE = {
    "latitude": "Latitude and longitude are required; or click on the map.",
    "longitude": "Longitude is required.",
}


class Draft(param.Parameterized):
    """The texts typed so far, one per field of DamDraft."""

    def typed(self) -> dict[str, str]:
        """Return all texts by field."""
        return {field: getattr(self, field) for field in LABELS}

    @property
    def place(self) -> tuple[float, float] | None:
        """The typed (longitude, latitude) in degrees, or None if it is not on the map."""
        try:
            longitude, latitude = (
                as_number(getattr(self, field), is_below_thousand=True)
                for field in ("longitude", "latitude")
            )
        except ValueError:
            return None
        is_on_map = abs(longitude) <= 180 and abs(latitude) <= 90
        return (longitude, latitude) if is_on_map else None

    def set_place(self, longitude: float, latitude: float) -> None:
        """Type a place in degrees, with six decimals."""
        self.param.update(latitude=f"{latitude:.6f}", longitude=f"{longitude:.6f}")

    def split_place(self, field: str) -> None:
        """Fill latitude and longitude if the text of this one of them is a whole place."""
        if place := read_place(getattr(self, field)):
            self.set_place(*place)

    def missing_place(self) -> dict[str, str]:
        """Return what to do about each field of the place that is empty, by field."""
        missing = [name for name in PLACE if not getattr(self, name).strip()]
        if len(missing) > 1:
            return _NO_PLACE
        return {name: f"{LABELS[name]} is required; or click on the map." for name in missing}


for _field, _label in LABELS.items():
    Draft.param.add_parameter(_field, param.String(label=_label))
