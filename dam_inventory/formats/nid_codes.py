"""Translates the codes of older releases of the National Inventory of Dams (NID) to words.

Source: "List of field definitions, 2018 National Inventory of Dams", fields 16, 18, 19, 22, 36,
37, 44 and 51 to 55; the words are those of the current download. Each function below translates
codes to words, each word once: `LP` to `Local Government;Private`. Text that is already in words
does not change, and neither does text with an unknown code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from ..domain.fields import FIELDS, YES_NO
from ..domain.states import STATES

SEPARATOR = ";"

Spelling = Callable[[str], str]


def _spelling(**words: str) -> Spelling:
    """Return a function that translates codes of equal length, written without a separator."""
    by_text = {word.casefold(): word for word in words.values()}
    length = len(next(iter(words)))

    def part(text: str) -> list[str]:
        if text.casefold() in by_text:
            return [by_text[text.casefold()]]
        codes = [text[i : i + length] for i in range(0, len(text), length)]
        known = all(code in words for code in codes)
        return [words[code] for code in codes] if known else [text]

    @lru_cache(maxsize=4096)
    def spell(text: str) -> str:
        found = (word for one in text.split(SEPARATOR) for word in part(one.strip()))
        return SEPARATOR.join(dict.fromkeys(found))

    return spell


def _whole(**words: str) -> Spelling:
    """Return a function that translates a code of any length, written alone."""
    by_text = {**words, **{word.casefold(): word for word in words.values()}}
    return lambda text: by_text.get(text, by_text.get(text.casefold(), text))


owner_types = _spelling(
    F="Federal",
    S="State",
    L="Local Government",
    U="Public Utility",
    P="Private",
    X="Not Listed",
)
dam_types = _spelling(
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
purposes = _spelling(
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
hazard_potential = _spelling(
    L="Low",
    S="Significant",
    H="High",
    U="Undetermined",
    # Not in the list of definitions; the release uses it for dams without a hazard rating.
    N="",
)
state = _spelling(**{state.code: state.name for state in STATES})
_yes_no = _spelling(Y="Yes", N="No")
_eap_prepared = _whole(Y="Yes", N="No", NR="Not Required")
_spillway_type = _spelling(C="Controlled", U="Uncontrolled", N="None")

SPELLINGS: Mapping[str, Spelling] = {
    "owner_type": owner_types,
    "primary_owner_type": owner_types,
    "purposes": purposes,
    "primary_purpose": purposes,
    "dam_type": dam_types,
    "primary_dam_type": dam_types,
    "state": state,
    "spillway_type": _spillway_type,
    "hazard_potential": hazard_potential,
    "eap_prepared": _eap_prepared,
    **{field.name: _yes_no for field in FIELDS if field.categories == YES_NO},
}
"""The translation of each field that has codes."""
