"""DamFilter: a session's filter as parameters, and the rows of a snapshot that match it."""

from __future__ import annotations

import param

from .folding import fold

MAX_SEARCH_LENGTH = 200
"""The maximum length of a search, in characters; the rest is ignored."""

MAX_WORDS = 20
"""The maximum number of different words in a search; the rest is ignored."""


class DamFilter(param.Parameterized):
    """Filters the dams that a session shows in its map and its table."""

    search = param.String(
        default="",
        doc="Words to find in name, owner, river or NID ID. All must match. Case and accents "
        "are ignored.",
    )

    @property
    def words(self) -> tuple[str, ...]:
        """The different words of the search, folded; empty if there is no filter."""
        # A browser can send text of any length, and each word is searched in every dam.
        words = fold(self.search[:MAX_SEARCH_LENGTH]).split()
        return tuple(dict.fromkeys(words))[:MAX_WORDS]
