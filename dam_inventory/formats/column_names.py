"""Finds the field that a heading names: in files of the NID, and in those of other makers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from ..domain.fields import FIELD, FIELDS
from . import cut_names
from .measures import split_heading, units_like
from .nid_codes import plain_name

_SYNONYMS = {
    "dam_name": ("dam", "nameofdam", "structurename", "damnames"),
    "owner": ("owners", "damowner", "nameofowner", "ownersname"),
    "nid_id": ("nationalid", "natid", "nidnumber", "nidno", "nid"),
    "other_names": ("altname", "alternatename", "alias", "aka", "resname", "reservoirname",
                    "othername"),
    "former_names": ("formername",),
    "river": ("stream", "streamname", "watercourse", "waterway", "nameofriver", "riverstream"),
    "latitude": (
        "latdd", "ddlat", "declat", "latdec", "decimallatitude", "latitudedd", "latwgs84",
        "latitudewgs84",
        "latdms", "latitudedegrees", "latitudedecimaldegrees", "latdegrees",
    ),
    "longitude": (
        "lng", "longdd", "londd", "ddlong", "declong", "declon", "longdec", "decimallongitude",
        "longitudedd", "lonwgs84", "longwgs84", "longitudewgs84", "longdms", "lond",
        "longitudedegrees", "longitudedecimaldegrees", "longdegrees",
    ),
    "state": ("statename", "stateterritory"),
    "county": ("countyname",),
    "city": ("nearcity", "nearesttown", "town"),
    "date_built": (
        "yearbuilt", "builtyear", "yearofconstruction", "constructionyear", "yearconstructed",
        "yearofcompletion", "completionyear", "completiondate", "datecompleted", "dateofcompletion",
        "completed", "built", "builtin",
    ),
    "dam_height_ft": ("height", "damhgt", "heightofdam", "hgt"),
    "length_ft": ("length", "damlen", "crestlength", "lengthofcrest", "lengthofdam"),
    "volume_cubic_yards": ("damvolume", "volumeofdam", "bodyvolume", "embankmentvolume"),
    "nid_storage_acre_ft": ("storage",),
    "max_storage_acre_ft": ("maximumcapacity", "maxcapacity"),
    "normal_storage_acre_ft": ("normalcapacity",),
    "surface_area_acres": ("reservoirarea", "lakearea", "reservoirsurfacearea", "lakesurfacearea"),
    "drainage_area_sq_miles": (
        "catchmentarea", "watershedarea", "basinarea", "contributingarea", "catchment", "catch",
    ),
    "max_discharge_cfs": ("spillwaycapacity", "maxspillwaydischarge", "dischargecapacity"),
    "purposes": ("purpose", "uses", "damuse", "use"),
    "primary_purpose": ("mainuse", "primaryuse", "mainpurpose"),
    "dam_type": ("typeofdam",),
    "hazard_potential": (
        "hazardclass", "hazardclassification", "hazardrating", "hazardcategory", "hazclass",
        "downstreamhazard", "downstreamhazardpotential", "hazardpot",
    ),
    "condition_assessment": ("condition", "conditionrating", "conditionclass"),
    "last_inspection_date": ("lastinspection", "lastinspected", "dateinspected", "inspected"),
}  # fmt: skip
"""Names that other makers give to columns; what they mean is clear."""

_LIKELY = {
    "date_built": ("year", "yearopened", "commissioned", "yearcommissioned"),
    "nid_storage_acre_ft": ("capacity", "cap", "reservoircapacity", "reservoirvolume", "volume"),
    "surface_area_acres": ("area",),
    "dam_type": ("type",),
    "dam_name": ("structure", "title", "label", "reservoir", "lake"),
    "other_structure_id": ("structureid",),
    "latitude": ("y", "pointy", "ycoord", "ycoordinate", "coordy", "northing", "north"),
    "longitude": ("x", "pointx", "xcoord", "xcoordinate", "coordx", "easting", "east"),
}  # fmt: skip
"""Names that may mean a field: the person is asked."""

GEOMETRY = {
    "longitude": "Longitude of the geometry",
    "latitude": "Latitude of the geometry",
}
"""The headings of the coordinates of features, which are better than those among the attributes."""

_GENERAL = frozenset({
    *map(plain_name, GEOMETRY.values()),
    "name", "owner", "river", "latitude", "lat", "longitude", "long", "lon", "state", "county",
    "city", "distance", "section", "core", "volume", "damheight", "damlength", "surfacearea",
    "drainagearea", "website", "length", "foundation",
})  # fmt: skip
"""Names of the NID that any list of dams has: they do not tell that the file is one of the NID."""

_VAGUE = frozenset({"volume", "distance", "section"})

_ALIKE = 88
"""From which likeness on, of 100, a misspelled name is offered."""

_OTHER_WORDS = frozenset({"country", "altitude", "counter"})
"""Words that are like a name, but mean something else."""


def _names() -> dict[str, tuple[str, int]]:
    names = {
        name: (field.name, rank) for field in FIELDS for rank, name in enumerate(field.nid_names)
    }
    for field in FIELDS:
        # The names in the inventory itself, which its own files have.
        for own in (field.name, field.label):
            names.setdefault(plain_name(own), (field.name, 90))
    return names | {plain_name(heading): (name, -1) for name, heading in GEOMETRY.items()}


NID = _names()
"""The field of each name in files of the NID, and the place of the name among those of it."""

_FIELD_OF_NID = {name: field for name, (field, _) in NID.items()}
_OTHERS = {name: field for field, names in _SYNONYMS.items() for name in names}
_MAYBE = {name: field for field, names in _LIKELY.items() for name in names}
_ALL = {**_MAYBE, **_OTHERS, **_FIELD_OF_NID}
_LONG = [name for name in _ALL if len(name) >= 5]


class Found(NamedTuple):
    """What a heading names.

    rank: the place of the name among those of its field; of several columns with a field, the
    one with the lowest rank has it. unit: that of the heading, or "". is_nid: whether it is a
    name of the NID. is_sure: whether no person need be asked.
    """

    field: str
    rank: int
    unit: str
    is_nid: bool
    is_sure: bool


def found(heading: str) -> Found | None:
    """Return the field that a heading names, or may mean; None if it names none."""
    return named(heading) or _alike(plain_name(heading))


@lru_cache(maxsize=4096)
def named(heading: str) -> Found | None:
    """Return the field that a heading names, spelled as it is known, or cut."""
    return _known(heading) or _cut(heading)


def of_header(headings: Sequence[str], is_shapefile: bool = False) -> list[Found | None]:
    """Return what each heading names. The other headings, too, tell whether one is cut."""
    finds = [found(heading) for heading in headings]
    own = [heading for heading in headings if heading not in GEOMETRY.values()]
    cut = [one for one in own if not _known(one) and _cut(one)]
    if is_shapefile or cut_names.are_of_shapefile(own, cut):
        places = enumerate(headings)
        finds = [_cut(one, True) if one in cut else finds[place] for place, one in places]
    return finds


def is_of_nid(finds: Sequence[Found | None], headings: Sequence[str]) -> bool:
    """Return whether a header is one of the NID, so that its measures are in the NID's units."""
    names = [plain_name(h) for h, one in zip(headings, finds, strict=True) if one and one.is_nid]
    own = [name for name in names if name not in _GENERAL]
    is_metric = any(one and one.unit and one.unit != FIELD[one.field].unit for one in finds)
    return any(name.startswith(("nid", "federalid")) for name in own) or (
        len(own) > 1 and not is_metric
    )


def is_vague(heading: str) -> bool:
    """Return whether a name of the NID may mean something else in a file of another maker."""
    return plain_name(split_heading(heading)[0]) in _VAGUE


def _known(heading: str) -> Found | None:
    base, unit = split_heading(heading)
    whole, name = plain_name(heading), plain_name(base)
    if whole in NID or (name in NID and _measures(NID[name][0], unit)):
        field, rank = NID[whole if whole in NID else name]
        return Found(field, rank, unit if _measures(field, unit) else "", True, True)
    for names, is_sure in ((_OTHERS, True), (_MAYBE, False)):
        for known, its_unit in ((whole, ""), (name, unit)):
            if (field := names.get(known, "")) and (not its_unit or _measures(field, its_unit)):
                return Found(field, 100, its_unit, False, is_sure)
    return None


def _cut(heading: str, is_sure: bool = False) -> Found | None:
    field = cut_names.field_of(heading, _FIELD_OF_NID)
    if not field:
        return None
    is_sure = is_sure or cut_names.is_sure(heading)
    return Found(field, 50 if is_sure else 200, "", is_sure, is_sure)


def _measures(field: str, unit: str) -> bool:
    return bool(unit) and unit in units_like(FIELD[field].unit)


def _alike(name: str) -> Found | None:
    """Find a name that a misspelled one may mean."""
    if len(name) < 5 or name in _OTHER_WORDS:
        return None
    near = process.extractOne(name, _LONG, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return Found(_ALL[near[0]], 200, "", False, False) if near else None
