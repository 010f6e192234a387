"""The facts by which the map colors dams: their categories, and the color of each.

Colors of one fact are told apart with any of the three kinds of color blindness, and differ in
lightness, so that they are also told apart without any color.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .fields import DAM_TYPES, LABELS, OWNER_TYPES, PURPOSES
from .quality import FLAGS

OTHER = "Other"
UNKNOWN = "Unknown"

_GREY = "#767676"
_PALE = "#bdbdbd"
_VIOLET = "#6600ee"
_ELEVEN = (
    "#449955", "#ff7711", "#5577ff", "#1111ff", "#335577", "#33ee88", "#cc3300", "#9911bb",
    "#ff88ff", "#881100", "#773333",
)  # fmt: skip
_FIRST_YEAR, _LAST_YEAR = 1900, 2020
_EARLIER = "Before 1900"
_DECADES = {
    _EARLIER: "#440154",
    **{
        f"{year}s": color
        for year, color in zip(
            range(_FIRST_YEAR, _LAST_YEAR + 1, 10),
            (
                "#481a6c", "#46317e", "#3e4888", "#365b8c", "#2d6e8e", "#267f8e", "#20918c",
                "#1fa286", "#2fb37b", "#4dc26b", "#77d052", "#a5da35", "#d7e219",
            ),
            strict=True,
        )
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Coloring:
    """A fact by which dams are colored.

    name: its name. label: its name on the page. fields: the names of the columns with the fact,
    in order of preference; none if the fact is not a column.
    colors: the color of each category; the last two are OTHER, for all values without a category
    of their own, and UNKNOWN.
    severe: the categories that few dams have, but that must not be missed, the most severe first.
    least: the share of severe dams from which several dams that are drawn as one are severe; with
    0, one dam is enough.
    """

    name: str
    label: str
    fields: tuple[str, ...]
    colors: Mapping[str, str] = field(hash=False, compare=False)
    severe: tuple[str, ...] = ()
    least: float = 0.2

    @property
    def is_plain(self) -> bool:
        """Whether all dams have one color, so that there is nothing to explain or to choose."""
        return not self.name

    @property
    def categories(self) -> tuple[str, ...]:
        """The names of the categories; the index of each is its *code*."""
        return tuple(self.colors)

    @property
    def by_severity(self) -> tuple[int, ...]:
        """The codes of all categories, the most severe first, then the others by code."""
        severe = [self.categories.index(one) for one in self.severe]
        return tuple(dict.fromkeys([*severe, *range(len(self.categories))]))

    def code(self, value: str | None) -> int:
        """Return the code of a value; of several values separated by semicolons, of the first."""
        categories = self.categories
        if not value:
            return len(categories) - 1
        word = _decade(value) if self.name == DECADE else value.split(";")[0].strip()
        return categories.index(word) if word in categories[:-2] else len(categories) - 2


DECADE = "date_built"


def _decade(date: str) -> str:
    """Return the decade of an ISO 8601 date."""
    year = int(date[:4]) if date[:4].isdigit() else -1
    if 0 <= year < _FIRST_YEAR:
        return _EARLIER
    return f"{year // 10 * 10}s"


def years_of(decade: str) -> tuple[int | None, int] | None:
    """Return the first year of a category of DECADE, and the first one after it; None for OTHER.

    The first year is None for the years before all decades.
    """
    if decade == _EARLIER:
        return None, _FIRST_YEAR
    return (int(decade[:4]), int(decade[:4]) + 10) if decade[:4].isdigit() else None


def _coloring(
    fields: tuple[str, ...],
    colors: Mapping[str, str],
    other: str = _GREY,
    unknown: str = _PALE,
    label: str = "",
    severe: tuple[str, ...] = (),
) -> Coloring:
    every = {**colors, OTHER: other, UNKNOWN: unknown}
    name = fields[0] if fields else ""
    return Coloring(name, label or LABELS[name], fields, every, severe)


def _of_eleven(words: tuple[str, ...]) -> dict[str, str]:
    return dict(zip((word for word in words if word != OTHER), _ELEVEN, strict=True))


HAZARD = _coloring(
    ("hazard_potential",),
    {"High": "#D55E00", "Significant": "#E69F00", "Low": "#0072B2", "Undetermined": _GREY},
    other=_VIOLET,
    severe=("High", "Significant"),
)

QUALITY = Coloring(
    "quality",
    "Data quality",
    (),
    {
        "No coordinates": "#393737", "At latitude 0, longitude 0": "#b235a2",
        "Outside its state's bounds": "#d73e1f", "Same place as another dam": "#db9d02",
        "Normal storage above maximum": "#46259a", "Implausible year of completion": "#044eed",
        "Height or storage is 0": "#2a7d6c", "No flags": "#8ca1b9",
        OTHER: "#aa7755", UNKNOWN: _PALE,
    },
    severe=tuple(FLAGS.values()),
    least=0,
)  # fmt: skip
"""The first flag of a dam in the order of FLAGS, or that it has none."""

PLAIN = _coloring((), {}, other="#0072b5", unknown="#0072b5", label="One color")
"""All dams in one color."""

COLORINGS = {
    coloring.name: coloring
    for coloring in (
        HAZARD,
        _coloring(
            ("condition_assessment",),
            {
                "Satisfactory": "#0072B2", "Fair": "#55dd88", "Poor": "#E69F00",
                "Unsatisfactory": "#D55E00", "Not Rated": _GREY, "Not Available": "#9a9a9a",
            },
            other=_VIOLET,
            severe=("Unsatisfactory", "Poor"),
        ),
        _coloring(
            ("primary_owner_type", "owner_type"),
            dict(
                zip(
                    OWNER_TYPES,
                    (
                        "#335588", "#aa00dd", "#22aadd", "#ffbb88", "#dd7711", "#990000", _GREY,
                    ),
                    strict=True,
                )
            ),
            other="#aa7755",
            label="Owner type",
        ),
        _coloring(("primary_purpose", "purposes"), _of_eleven(PURPOSES)),
        _coloring(("primary_dam_type", "dam_type"), _of_eleven(DAM_TYPES), label="Dam type"),
        _coloring((DECADE,), _DECADES, other=_VIOLET, label="Decade built"),
        QUALITY,
        PLAIN,
    )
}  # fmt: skip
"""By name, in the order of the page. No two colors of one fact are the same."""
