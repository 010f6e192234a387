"""DamFilter: what a person asks to see, as parameters; and the rows of a snapshot that fit."""

from __future__ import annotations

import unicodedata

import param

from .snapshot import Snapshot
from .sort_order import Rows

MAX_SEARCH_LENGTH = 200
"""Characters of a search that count; the page's field takes no more."""

MAX_WORDS = 20
"""Different words of a search that count."""


class DamFilter(param.Parameterized):
    """Narrows down what a session shows, in the map and in the table alike."""

    search = param.String(
        default="",
        doc="Words that name, owner, river or NID ID must contain, all of them, in any case.",
    )

    def rows(self, snapshot: Snapshot) -> Rows | None:
        """Return the rows that fit, in ascending order, or None when nothing is asked for."""
        # A browser can send a text of any length, and each word is looked for in every dam.
        words = unicodedata.normalize("NFC", self.search[:MAX_SEARCH_LENGTH]).casefold().split()
        some = list(dict.fromkeys(words))[:MAX_WORDS]
        return snapshot.containing(some) if some else None
