"""Translates the codes of older releases of the National Inventory of Dams (NID) to words.

Source: "List of field definitions, 2018 National Inventory of Dams", fields 16, 18, 19, 22, 36,
37, 41, 44 and 51 to 55; the words are those of the current download. A spelling translates codes
to words, each word once: `LP` to `Local Government;Private`. Text that is already in words does
not change, and neither does text with an unknown code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ..domain.fields import FIELD, FIELDS, YES_NO
from ..domain.states import STATES

SEPARATOR = ";"

Spelling = Callable[[str], str]


def _concatenated(**words: str) -> Callable[[Sequence[str]], Spelling]:
    """Return a spelling of codes of equal length, written without a separator: `LP`.

    Where most cells of the column are words that no codes can spell, the others are words, too:
    POND is not fire protection, other, navigation and debris control.
    """
    by_text = {word.casefold(): word for word in words.values()}
    length = len(next(iter(words)))

    def codes(text: str) -> list[str] | None:
        parts = [text[i : i + length] for i in range(0, len(text), length)]
        known = text.upper() not in _WORDS and all(part in words for part in parts)
        return [words[part] for part in parts] if known else None

    def is_word(text: str) -> bool:
        is_known = text.casefold() in by_text or text.upper() in _WORDS
        return is_known or (len(text) > 3 and codes(text) is None)

    def of_column(cells: Sequence[str]) -> Spelling:
        texts = [one.strip() for cell in cells for one in cell.split(SEPARATOR)]
        longer = [text for text in texts if len(text) > length]
        words_found = sum(map(is_word, longer))
        has_words = words_found > 0 and 2 * words_found >= len(longer)

        def part(text: str) -> list[str]:
            word = by_text.get(text.casefold()) or _WORDS.get(text.upper())
            if word:
                return [word]
            if has_words and len(text) > length:
                return [text]
            return codes(text) or [text]

        def spell(text: str) -> str:
            found = (word for one in text.split(SEPARATOR) for word in part(one.strip()))
            return SEPARATOR.join(dict.fromkeys(found))

        return spell

    return of_column


def _whole(**words: str) -> Spelling:
    """Return a spelling of a code of any length, written alone."""
    by_text = {word.casefold(): word for word in words.values()}
    by_text |= {code.casefold(): word for code, word in words.items()}
    return lambda text: by_text.get(text.casefold(), text)


_FISH = "Fish and Wildlife Pond"
_WORDS = {
    **dict.fromkeys(("FISH", "FISHING"), _FISH),
    **dict.fromkeys(("IRR", "IRRIG"), "Irrigation"),
    **{
        word: word
        for word in (
            "POND", "PONDS", "FISHPOND", "FISHPONDS", "SPORT", "SPORTS", "SHIPPING", "PORT",
            "FROST", "DITCH", "GRIST", "CROP", "CROPS", "FOOD", "GRINDING", "COTTON",
        )
    },
}  # fmt: skip
"""Words that could also be codes of purposes, and the purpose that they mean, if it is one."""

owner_types = _concatenated(
    F="Federal",
    S="State",
    L="Local Government",
    U="Public Utility",
    P="Private",
    X="Not Listed",
)
dam_types = _concatenated(
    RE="Earth",
    ER="Rockfill",
    PG="Gravity",
    CB="Buttress",
    VA="Arch",
    MV="Multi-Arch",
    RC="Roller-Compacted Concrete",
    CN="Concrete",
    MS="Masonry",
    ST="Stone",
    TC="Timber Crib",
    OT="Other",
)
purposes = _concatenated(
    I="Irrigation",
    H="Hydroelectric",
    C="Flood Risk Reduction",
    N="Navigation",
    S="Water Supply",
    R="Recreation",
    P="Fire Protection, Stock, Or Small Fish Pond",
    F="Fish and Wildlife Pond",
    D="Debris Control",
    T="Tailings",
    G="Grade Stabilization",
    O="Other",
)
hazard_potential = _whole(
    L="Low",
    S="Significant",
    H="High",
    U="Undetermined",
    # Not in the list of definitions; the release uses it for dams without a hazard rating.
    N="",
)
state = _whole(**{state.code: state.name for state in STATES})
_yes_no = _whole(Y="Yes", N="No", true="Yes", false="No", T="Yes", F="No")
_eap_prepared = _whole(Y="Yes", N="No", NR="Not Required")
_spillway_type = _whole(C="Controlled", U="Uncontrolled", N="None")

_CONCATENATED = {
    "owner_type": owner_types,
    "primary_owner_type": owner_types,
    "purposes": purposes,
    "primary_purpose": purposes,
    "dam_type": dam_types,
    "primary_dam_type": dam_types,
}
_ALONE = {
    "state": state,
    "spillway_type": _spillway_type,
    "hazard_potential": hazard_potential,
    "condition_assessment": _whole(
        **{word: word for word in FIELD["condition_assessment"].categories}
    ),
    "eap_prepared": _eap_prepared,
    **{field.name: _yes_no for field in FIELDS if field.categories == YES_NO},
}
_NUMBERED = {
    "hazardid": ("Undetermined", "Low", "Significant", "High"),
    "publichazardid": ("Undetermined", "Low", "Significant", "High"),
    "conditionassessid": (
        "Satisfactory", "Fair", "Poor", "Unsatisfactory", "Not Rated", "Not Available",
    ),
    "eapid": ("Yes", "No", "Not Required"),
}  # fmt: skip
"""The words for 1, 2, 3 ... in columns of the NID's API and GeoPackage, by their plain names."""


def spelling(name: str, heading: str = "", cells: Sequence[str] = ()) -> Spelling | None:
    """Return the function that translates the cells of a column to words; None without codes.

    name: the field. heading: that of the column. cells: some cells of it.
    """
    if of_column := _CONCATENATED.get(name):
        return of_column(cells)
    if (spell := _ALONE.get(name)) is None:
        return None
    words = _NUMBERED.get(plain_name(heading), ())
    numbers = {str(number): word for number, word in enumerate(words, 1)}
    return (lambda text: numbers.get(text.removesuffix(".0")) or spell(text)) if numbers else spell


def plain_name(heading: str) -> str:
    """Return a heading as `Field.nid_names` has it: lower case, letters and digits only."""
    return re.sub(r"[\W_]", "", heading.casefold())
