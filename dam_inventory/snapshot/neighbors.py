"""Finds the dam that a new one may be: it stands close by, or not far away under a similar name."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from rapidfuzz.fuzz import token_sort_ratio

from ..domain.mercator import Extent, to_mercator
from .criteria import Near
from .index import FORGIVEN, WATERS, words_of
from .matching import distance
from .snapshot import Snapshot

CLOSE = 0.25
"""Within so many kilometers, any dam may be the same one. Releases of the National Inventory of
Dams place a dam so exactly."""

AROUND = 5.0
"""Within so many kilometers, a dam with a similar name may be the same one."""

_ALIKE = 85
"""The least similarity of names, of 100: "Smith Lake" and "Smiths Lake Dam" are alike."""


class Neighbor(NamedTuple):
    """A dam near a place. km: its great-circle distance. is_alike: whether the name is similar."""

    dam_id: int
    name: str
    km: float
    is_alike: bool


def neighbor(
    snapshot: Snapshot, longitude: float, latitude: float, dam_name: str = ""
) -> Neighbor | None:
    """Return the dam that a new one may be, or None.

    longitude, latitude: degrees, WGS 84. dam_name: what is known of the name so far.
    The nearest dam with a similar name comes before a nearer one with another name.
    """
    if abs(latitude) >= 85:
        return None
    x, y = (float(one) for one in to_mercator(longitude, latitude))
    reach = AROUND * 1000 / np.cos(np.radians(latitude)) * 1.01
    rows = snapshot.atlas.within(None, Extent(x, y, x, y).widened(float(reach)))
    if not len(rows):
        return None
    longitudes, latitudes = map(np.array, snapshot.columns(("longitude", "latitude"), rows))
    km = distance(longitudes, latitudes, Near(longitude, latitude, AROUND))
    order = np.argsort(km, kind="stable")
    order = order[km[order] <= AROUND]
    names = snapshot.names(rows[order])
    ids = snapshot.ids(rows[order]).tolist()
    found = [
        Neighbor(dam_id, name, float(there), _are_alike(name, dam_name))
        for dam_id, name, there in zip(ids, names, km[order], strict=True)
    ]
    likely = (one for one in found if one.is_alike or one.km <= CLOSE)
    return min(likely, key=lambda one: (not one.is_alike, one.km), default=None)


def _are_alike(one: str, other: str) -> bool:
    mine, its = (" ".join(_telling(name)) for name in (one, other))
    return token_sort_ratio(mine, its, score_cutoff=_ALIKE) > 0


def _telling(name: str) -> list[str]:
    return [word for word in words_of(name) if word not in FORGIVEN | WATERS]
