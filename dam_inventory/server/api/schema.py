"""What the properties of a feature are, as JSON schema, derived from the table of fields."""

from __future__ import annotations

from typing import Any

from ...domain.field import Field
from ...domain.fields import FIELDS
from ...snapshot.filter_text import NAMES
from ...snapshot.ranges import RANGES

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

Schema = dict[str, Any]

_ALWAYS_KNOWN = ("has_hydrograph", "added_at")

_OF_RECORD: dict[str, Schema] = {
    "has_hydrograph": {
        "type": "string",
        "title": "Has a hydrograph",
        "enum": ["Yes", "No"],
    },
    "added_by": {"type": "string", "title": "Added by", "description": "Null for nobody by name."},
    "added_at": {
        "type": "string",
        "format": "date-time",
        "title": "Added at",
        "description": "When the dam was added to the inventory.",
    },
    "other_facts": {
        "type": "object",
        "title": "Other facts",
        "description": "What files say beyond the fields, by the heading of its column.",
        "additionalProperties": {"type": "string"},
    },
}


def properties() -> dict[str, Schema]:
    """Return the properties of a feature by name, without the ID, which is the feature's own."""
    return {
        **{field.name: of_field(field) for field in FIELDS},
        **_OF_RECORD,
    }


def of_field(field: Field) -> Schema:
    """Return the schema of a field's values."""
    return {
        "type": "number" if field.is_number else "string",
        "title": field.heading,
        "description": field.description,
    }


def feature() -> Schema:
    """Return the schema of a dam as a GeoJSON feature, as OpenAPI 3.0 writes it.

    GDAL reads the types of the properties from it: not from lists of types, as a JSON schema of
    its own would write that a value may be null.
    """
    point: Schema = {
        "type": "object",
        "nullable": True,
        "description": "The location in degrees (WGS 84), longitude first.",
        "required": ["type", "coordinates"],
        "properties": {
            "type": {"type": "string", "enum": ["Point"]},
            "coordinates": {
                "type": "array",
                "minItems": 2,
                "maxItems": 2,
                "items": {"type": "number"},
            },
        },
    }
    return {
        "type": "object",
        "title": "Dam",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "integer", "description": "Never given to another dam."},
            "geometry": point,
            "properties": {
                "type": "object",
                "properties": {
                    name: one if name in _ALWAYS_KNOWN else {**one, "nullable": True}
                    for name, one in properties().items()
                },
            },
        },
    }


def queryables(address: str) -> Schema:
    """Return the schema of the fields that are also parameters. address: where it is."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": "Dams",
        "properties": {field.name: of_field(field) for field in FIELDS},
        "additionalProperties": False,
    }


def parameters() -> dict[str, Schema]:
    """Return the parameters that choose dams, as OpenAPI 3.0 describes them, by name."""
    found = {field.name: _parameter(field.name, _says(field)) for field in FIELDS}
    more = {name: _parameter(name, says) for name, says in _MORE.items()}
    return {**_STANDARD, **found, **more}


def _says(field: Field) -> str:
    says = f"{field.heading}. {field.description}"
    if field.name in RANGES:
        unit = "years" if field.kind == "date" else "numbers"
        return f"{says} One value, low..high ({unit}, from low to below high), or unknown."
    if field.kind == "categories" and field.name in NAMES:
        return f"{says} One of the values of a dam, or unknown; repeat it for alternatives."
    return f"{says} The value, or unknown; repeat it for alternatives."


def _parameter(name: str, says: str) -> Schema:
    return {
        "name": name,
        "in": "query",
        "description": says,
        "required": False,
        "schema": {"type": "array", "items": {"type": "string"}},
        "style": "form",
        "explode": True,
    }


_MORE = {
    "search": "Words that must be in the names, river, owner, IDs, county, city or state.",
    "hazard": "Short for hazard_potential.",
    "condition": "Short for condition_assessment.",
    "height": "Short for nid_height_ft.",
    "storage": "Short for nid_storage_acre_ft.",
    "hydrograph": "Whether there is a hydrograph: yes or no.",
    "quality": "A data-quality flag; repeat it for alternatives.",
    "due": "What is due today; repeat it for alternatives.",
    "near": "A circle: longitude,latitude,kilometers.",
    "region": "A part of the map: west,south,east,north, or longitude,latitude of each corner.",
}
_STANDARD: dict[str, Schema] = {
    "bbox": {
        "name": "bbox",
        "in": "query",
        "description": "Only dams in this box: west,south,east,north in degrees (WGS 84). "
        "With west > east, or with longitudes beyond 180, it crosses 180 degrees. "
        "A lowest and a highest elevation are ignored.",
        "required": False,
        "schema": {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}},
        "style": "form",
        "explode": False,
    },
    "datetime": {
        "name": "datetime",
        "in": "query",
        "description": "Only dams that were added to the inventory at this moment, or between two "
        "moments with a slash between them; .. is an open end.",
        "required": False,
        "schema": {"type": "string"},
        "style": "form",
        "explode": False,
    },
}
