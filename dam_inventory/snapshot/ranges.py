"""Ranges: the numbers and years that a filter limits, and the bins of their histograms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

_DECADES = tuple(range(1800, 2030, 10))
_THIS_YEAR = dt.date.today().year
_ONE_TWO_FIVE = tuple(float(f"{digit}e{power}") for power in range(-2, 8) for digit in (1, 2, 5))

EDGES: Mapping[str, tuple[float, ...]] = {
    "date_built": _DECADES,
    "nid_height_ft": (
        5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 200, 250, 300, 400, 500,
        600, 800,
    ),
    "nid_storage_acre_ft": _ONE_TWO_FIVE[6:29],
    "drainage_area_sq_miles": _ONE_TWO_FIVE[:23],
    "last_inspection_date": tuple(range(_THIS_YEAR - 22, _THIS_YEAR + 1)),
}  # fmt: skip
"""The 23 edges between the 24 bins of each histogram; the first and the last bin are open.

They are the same for all inventories, so that counts of parts can be added, and a histogram does
not change its axis while a person filters. Those of skewed fields are about logarithmic.
"""

RANGES = tuple(EDGES)
"""The fields that a filter limits to a range. Of dates, it is the range of the years."""
