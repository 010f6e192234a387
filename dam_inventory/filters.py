"""DamFilter: what a person asks to see, as parameters; and the rows of a snapshot that fit."""

from __future__ import annotations

import unicodedata

import param

from .ordering import Rows
from .snapshot import Snapshot


class DamFilter(param.Parameterized):
    """Narrows down what a session shows, in the map and in the table alike."""

    search = param.String(
        default="",
        doc="Words that name, owner, river or NID ID must contain, all of them, in any case.",
    )

    def rows(self, snapshot: Snapshot) -> Rows | None:
        """Return the rows that fit, in ascending order, or None when nothing is asked for."""
        words = unicodedata.normalize("NFC", self.search).split()
        return snapshot.containing(words) if words else None
