"""Counties and states of the United States, as files write them and as people call them."""

from __future__ import annotations

import re

from .states import STATES

_NAMES = {state.code: state.name for state in STATES}
_CODES = {name.casefold(): code for code, name in _NAMES.items()}
# Alaska has boroughs, the territories other districts, and cities of Virginia belong to no county.
_KINDS = {"LA": "Parish", **dict.fromkeys(("AK", "VA", "DC", "AS", "GU", "MP", "PR", "VI"), "")}
_HAS_KIND = re.compile(
    r"\b(?:county|parish|borough|city|municipality|municipio|area|district|island)\s*$", re.I
)
_LETTERS = re.compile(r"[^\W\d_]+(?:['\u2019]s\b)?", re.I)


def state_name(text: str) -> str:
    """Return the name of a state that a file writes as its postal code, or else the text."""
    return _NAMES.get(text.strip().upper(), text)


def state_code(text: str) -> str:
    """Return the postal code of a state, or "" for text that is none."""
    text = text.strip()
    return text.upper() if text.upper() in _NAMES else _CODES.get(text.casefold(), "")


def county_name(county: str, state: str) -> str:
    """Return what people call a county: "Clark County" for "CLARK, NV; MOHAVE, AZ" in Nevada.

    state: the state of the dam. Of several counties, the one in that state is named.
    """
    code, first = state_code(state), ""
    for part in county.split(";"):
        name, _, there = part.partition(",")
        first = first or name.strip()
        if code and there.strip().upper() == code:
            first = name.strip()
            break
    name = capitalized(first)
    kind = _KINDS.get(code, "County")
    return name if not name or not kind or _HAS_KIND.search(name) else f"{name} {kind}"


def capitalized(name: str) -> str:
    """Return a name in capitals with only its first letters as capitals; others as they are."""
    return _LETTERS.sub(_capitalized_word, name) if name.isupper() else name


def _capitalized_word(found: re.Match[str]) -> str:
    word = found[0].capitalize()
    return f"Mc{word[2:].capitalize()}" if len(word) > 4 and word.startswith("Mc") else word
