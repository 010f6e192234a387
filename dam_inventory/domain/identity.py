"""Identity: whether two descriptions are of the same dam, and on what evidence."""

from __future__ import annotations

import math
import re
import string
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

IDS = ("nid_id", "federal_id", "other_structure_id")
"""The fields that hold an ID of a dam. A dam without a name is shown by the first one it has."""

NEAR = 250.0
"""So far apart, in meters, may two sources place the same dam."""

_SAME = 1.0
"""So far apart, in meters, are two spellings of the same coordinates."""

METERS_PER_DEGREE = 111_195.0

_NO_ID = frozenset({
    "", "NA", "N/A", "N.A.", "#N/A", "NAN", "NONE", "NULL", "NIL", "NO", "UNKNOWN", "UNK", "TBD",
    "NOTAVAILABLE", "NOTAPPLICABLE", "NOTASSIGNED", "NOID", "NOTKNOWN", "UNASSIGNED", "PENDING",
    "MISSING", "BLANK", "XX", "XXX",
})  # fmt: skip
_NOTHING = f"{string.punctuation}0\u2013\u2014\u2212"
_NO_WORD = re.compile(r"[\W_]+")
_SPACED = {
    **{ord(one): " " for one in string.punctuation},
    **{ord(one): one.lower() for one in string.ascii_uppercase},
    **dict.fromkeys(map(ord, "'\u2019")),
}
_NID_ID_FIRST = re.compile(r"([A-Z]{2}\d{5})(.*)")


class Identity(NamedTuple):
    """What identifies a dam, in the form that compares; "" and None for what is unknown.

    federal, nid, structure: the IDs. name: the name in words. latitude, longitude: degrees, both
    or none. region: state, county and river of a dam without any ID and place.
    """

    federal: str = ""
    nid: str = ""
    structure: str = ""
    name: str = ""
    latitude: float | None = None
    longitude: float | None = None
    region: str = ""


class Evidence(NamedTuple):
    """Why two identities are one dam.

    rank: less is better. is_weak: whether they only may be the same.
    """

    rank: tuple[float, ...]
    words: str
    is_weak: bool


_SAME_FEDERAL_ID = Evidence((0,), "Same federal ID", False)
_SAME_STRUCTURE = Evidence((1,), "Same NID ID and other structure ID", False)
_SAME_REGION = Evidence((5,), "Same name, state, county and river; no ID and no place", False)


def key(text: str | None) -> str:
    """Return an ID as it compares: without case and spaces, "" for a sign for none."""
    if not text:
        return ""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    found = "".join(text.split()).upper()
    return "" if found in _NO_ID or not found.strip(_NOTHING) else found


def words_of(name: str | None) -> str:
    """Return a name as it compares: its words in lower case, without accents and punctuation."""
    if not name:
        return ""
    if name.isascii():
        words = name.translate(_SPACED).split()
    else:
        parts = unicodedata.normalize("NFKD", name).casefold().translate(_SPACED)
        plain = "".join(one for one in parts if not unicodedata.combining(one))
        words = _NO_WORD.sub(" ", plain).split()
    # Some releases of the National Inventory end a name with "Dam" where others do not.
    return " ".join(words[:-1] if words[1:] and words[-1] == "dam" else words)


def identity_of(values: Mapping[Any, Any]) -> Identity:
    """Return the identity of a dam. values: by field, as the table `dams` has them."""
    get = values.get
    federal, nid = key(get("federal_id")), key(get("nid_id"))
    structure = key(get("other_structure_id"))
    if federal and not nid and (parts := _NID_ID_FIRST.fullmatch(federal)):
        # A federal ID is the NID ID, followed by the other structure ID.
        nid, structure = parts[1], structure or key(parts[2])
    latitude = get("latitude")
    longitude = None if latitude is None else get("longitude")
    region = ""
    if latitude is None and not nid and not federal:
        region = "|".join(words_of(get(field)) for field in ("state", "county", "river"))
    return Identity(federal, nid, structure, words_of(get("dam_name")), latitude, longitude, region)


def distance(one: Identity, other: Identity) -> float | None:
    """Return the distance of two places in meters, None if one is unknown."""
    if one.latitude is None or other.latitude is None:
        return None
    if one.longitude is None or other.longitude is None:
        return None
    north = one.latitude - other.latitude
    east = (one.longitude - other.longitude + 180) % 360 - 180
    east *= math.cos(math.radians((one.latitude + other.latitude) / 2))
    return math.hypot(north, east) * METERS_PER_DEGREE


def compare(row: Identity, dam: Identity) -> Evidence | None:
    """Return why a row of a file is a dam of the inventory, None if nothing shows that."""
    if row.federal and dam.federal:
        return _SAME_FEDERAL_ID if row.federal == dam.federal else None
    if row.nid and dam.nid and row.nid != dam.nid:
        return None
    is_same_name = bool(row.name) and row.name == dam.name
    meters = distance(row, dam)
    is_near = meters is not None and meters <= NEAR
    # The best have the same name and are near; then the nearest ones; then those of the same name.
    closeness = (not (is_same_name and is_near), math.inf if meters is None else meters)
    if row.nid and dam.nid:
        if row.structure and dam.structure:
            is_same = row.structure == dam.structure
            return _SAME_STRUCTURE if is_same else None
        # One of the sources has an ID that the other one lacks.
        is_weak = bool(row.federal or dam.federal or row.structure or dam.structure)
        if is_same_name or is_near:
            words = f"Same NID ID, {_agreement(is_same_name, meters)}"
            return Evidence((2, *closeness), words, is_weak)
        if (row.name and dam.name) or meters is not None:
            return None
        return Evidence((3, *closeness), "Same NID ID; the name or the place is unknown", True)
    if not is_same_name:
        return None
    if is_near:
        is_weak = bool(row.nid or dam.nid) or meters is None or meters > _SAME
        words = f"{_agreement(is_same_name, meters).capitalize()}; no common ID"
        return Evidence((4, *closeness), words, is_weak)
    # Without any ID and place, both have a region, if only an empty one.
    has_only_name = not any((*row[:3], *dam[:3])) and row.latitude is dam.latitude is None
    return _SAME_REGION if has_only_name and row.region == dam.region else None


def doubt(row: Identity, dams: Sequence[Identity]) -> str:
    """Return why a row is new although dams of the inventory have its NID ID; "" if none has."""
    alike = [dam for dam in dams if row.nid and dam.nid == row.nid]
    if not alike:
        return ""
    said = (
        "A known dam has the same NID ID"
        if len(alike) == 1
        else (f"{len(alike)} known dams have the same NID ID")
    )
    if row.federal and all(dam.federal for dam in alike):
        return f"{said}, but another federal ID."
    if row.structure and all(dam.structure for dam in alike):
        return f"{said}, but another other structure ID."
    if any(compare(row, dam) for dam in alike):
        return f"{said}, but is another row of the file."
    distances = [meters for dam in alike if (meters := distance(row, dam)) is not None]
    away = f", {in_words(min(distances))} away" if distances else ""
    return f"{said}, but another name{away}."


def in_words(meters: float) -> str:
    """Return a distance, for example "60 m" or "5.2 km"."""
    return f"{meters:,.0f} m" if meters < 1000 else f"{meters / 1000:,.1f} km"


def _agreement(is_same_name: bool, meters: float | None) -> str:
    place = ""
    if meters is not None:
        place = "same place" if meters < _SAME else f"{in_words(meters)} apart"
    return ", ".join(filter(None, ("same name" if is_same_name else "", place)))
