"""Gathered: which dams of a set meet all conditions of a filter, or all but some of them."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from .codes import Bools
from .criteria import Criteria
from .dams import Dams
from .flagged import Bits
from .matching import conditions, failed
from .order import Rows

Selection = npt.NDArray[np.intp] | Bools
"""Row numbers, or whether each row is meant."""


class Gathered:
    """The dams of a set and what they meet of a filter; everything that counts them shares it.

    bits: the flags of the dams. gone: rows that do not count.
    """

    def __init__(self, dams: Dams, criteria: Criteria, bits: Bits, gone: Rows) -> None:
        self.dams = dams
        self.bits = bits
        self.gone = gone
        self._met = conditions(dams, criteria, bits)
        self._failures = failed(len(dams), self._met, gone)

    @property
    def total(self) -> int:
        """The number of dams that count."""
        return len(self.dams) - len(self.gone)

    @cached_property
    def matching(self) -> npt.NDArray[np.intp]:
        """The rows that meet all conditions."""
        return np.flatnonzero(self._failures == 0)

    def but(self, *names: str) -> Selection:
        """Return the rows that meet all conditions but those of some parameters."""
        others = [self._met[name] for name in names if name in self._met]
        if not others:
            return self.matching
        first, *rest = others
        failures = (~first).astype(np.uint8)
        for is_met in rest:
            failures += ~is_met
        found: Bools = self._failures == failures
        return found

    def number_but(self, *names: str) -> int:
        """Return the number of rows that meet all conditions but those of some parameters."""
        rows = self.but(*names)
        return int(np.count_nonzero(rows)) if rows.dtype == bool else len(rows)
