"""Field: how one fact about a dam is named, written, checked and shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "texts", "category", "categories", "date", "number", "degrees", "link"]
"""How the value of a field is written.

text: one text. texts: several, separated by semicolons. category: one word of a list that may
grow. categories: several of them, separated by semicolons. date: ISO 8601 text, to the year, the
month or the day. number: float64, not negative. degrees: float64, WGS 84. link: a web address.
"""

MAX_LENGTH = 200
"""The maximum length of a text field, in characters."""

_MAX_LENGTHS: dict[Kind, int] = {"texts": 2000, "date": 10}


@dataclass(frozen=True, slots=True)
class Field:
    """One fact about a dam.

    name: the name of the column and of the draft's value. label: the name on the page.
    group: where the page shows it. unit: the unit of a number, "" for none.
    source: the number of the definition in the National Inventory of Dams (NID) of 2018, or the
    first release known to have the column.
    nid_names: names of the column in files of the NID, in lower case with letters and digits
    only, in order of preference. categories: the known words of a category.
    required: whether the form demands a value. searched: whether a search reads it.
    facet: whether it suits a filter with counts. is_ranked: whether `categories` are in an order
    by which dams are sorted, such as from the highest hazard to the lowest.
    """

    name: str
    label: str
    group: str
    description: str
    source: str
    kind: Kind = "text"
    unit: str = ""
    nid_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    required: bool = False
    searched: bool = False
    facet: bool = False
    is_ranked: bool = False

    @property
    def heading(self) -> str:
        """The label with the unit, for example "NID height (ft)"."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    @property
    def max_length(self) -> int:
        """The maximum length of the value as text, in characters."""
        return _MAX_LENGTHS.get(self.kind, MAX_LENGTH)

    @property
    def is_number(self) -> bool:
        """Whether values are floats, not texts."""
        return self.kind in ("number", "degrees")
