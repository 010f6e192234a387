"""The description of the API: OpenAPI 3.0."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from ...formats.exports import FORMATS
from . import change_schema, schema
from .media import GEOJSON, HTML, JSON, OPENAPI, SCHEMA

DEFAULT_LIMIT = 100
MAX_LIMIT = 10_000

Document = dict[str, Any]


def document(root: str, title: str) -> Document:
    """Return the description. root: the address of the API. title: that of the page."""
    collection = "/collections/dams"
    paths = {
        "/": _operation("landing", "What the API has", JSON),
        "/openapi": _operation("description", "This description", OPENAPI),
        "/conformance": _operation("conformance", "Standards that the API keeps", JSON),
        "/collections": _operation("collections", "The collections", JSON),
        collection: _operation("dams", "The collection of dams", JSON),
        f"{collection}/schema": _operation("schema", "The properties of a dam", SCHEMA),
        f"{collection}/queryables": _operation("queryables", "Fields to filter by", SCHEMA),
        f"{collection}/items": _items(),
        f"{collection}/items/{{featureId}}": _item(),
        **{f"/dams{one.suffix}": _download(one.name) for one in FORMATS.values()},
        "/history.csv": _csv("history", "The log, as CSV"),
        "/hydrographs.csv": _csv(
            "hydrographs",
            "The hydrographs of all dams that meet all parameters, as CSV",
            *schema.parameters(),
        ),
        "/dams/{featureId}/history.csv": _csv(
            "history_of_dam", "What has happened to a dam, as CSV", "featureId"
        ),
        "/dams/{featureId}/hydrographs.csv": _csv(
            "hydrographs_of_dam", "The hydrographs of a dam, as CSV", "featureId"
        ),
        "/changes": _changes(),
    }
    return {
        "openapi": "3.0.3",
        "info": {
            "title": title,
            "description": "A live inventory of dams, to read. Coordinates are degrees (WGS 84), "
            "longitude first. The unit of a number is the end of its name.",
            "version": version("dam-inventory"),
        },
        "servers": [{"url": root}],
        "paths": paths,
        "components": {
            "parameters": {**schema.parameters(), **_PARAMETERS},
            "schemas": _schemas(),
            "responses": {"Error": _answer("What was wrong", JSON, "exception")},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def _path(name: str, summary: str, answer: Document, parameters: tuple[str, ...]) -> Document:
    """Return a path with GET. parameters: names of those in `components`."""
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": [{"$ref": f"#/components/parameters/{one}"} for one in parameters],
            "responses": {
                "200": answer,
                **{
                    status: {"$ref": "#/components/responses/Error"}
                    for status in ("400", "401", "404", "429", "500", "503")
                },
            },
        }
    }


def _operation(name: str, summary: str, media_type: str) -> Document:
    return _path(name, summary, _answer(summary, media_type), ("f",))


def _items() -> Document:
    answer = _answer("Dams, by ascending ID", GEOJSON, "featureCollection")
    names = ("f", "limit", "after", *schema.parameters())
    return _path("items", "The dams that meet all parameters, in pages", answer, names)


def _item() -> Document:
    answer = _answer("The dam", GEOJSON, "feature")
    return _path("item", "One dam", answer, ("featureId", "f"))


def _download(name: str) -> Document:
    names = (*(("columns",) if name != "geojson" else ()), *schema.parameters())
    summary = f"All dams that meet all parameters, as {FORMATS[name].label}"
    return _path(f"download_{name}", summary, _file(FORMATS[name].media_type), names)


def _csv(name: str, summary: str, *parameters: str) -> Document:
    return _path(f"download_{name}", summary, _file("text/csv"), parameters)


def _file(media_type: str) -> Document:
    content = {media_type.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}}
    return {"description": "A file", "content": content}


def _changes() -> Document:
    answer = {
        "description": "Changes, oldest first",
        "content": {
            JSON: {"schema": {"$ref": "#/components/schemas/changes"}},
            "text/event-stream": {"schema": change_schema.events()},
        },
    }
    summary = "The changes after a position in the log, as JSON or as server-sent events"
    return _path("changes", summary, answer, ("since", "epoch", "changes_limit"))


def _answer(description: str, media_type: str, name: str = "") -> Document:
    found = {"$ref": f"#/components/schemas/{name}"} if name else {"type": "object"}
    content: Document = {media_type: {"schema": found}}
    if name != "exception":
        content[HTML.partition(";")[0]] = {"schema": {"type": "string"}}
    return {"description": description, "content": content}


_PARAMETERS: dict[str, Document] = {
    "f": {
        "name": "f",
        "in": "query",
        "description": "The format of the answer, in place of the header Accept.",
        "required": False,
        "schema": {"type": "string", "enum": ["json", "html"]},
        "style": "form",
        "explode": False,
    },
    "limit": {
        "name": "limit",
        "in": "query",
        "description": "How many dams a page has at most.",
        "required": False,
        "schema": {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_LIMIT,
            "default": DEFAULT_LIMIT,
        },
        "style": "form",
        "explode": False,
    },
    "after": {
        "name": "after",
        "in": "query",
        "description": "Only dams with a higher ID; the link to the next page sets it.",
        "required": False,
        "schema": {"type": "integer", "minimum": 0},
        "style": "form",
        "explode": False,
    },
    "columns": {
        "name": "columns",
        "in": "query",
        "description": "Headings: names of fields, or those of the National Inventory of Dams.",
        "required": False,
        "schema": {"type": "string", "enum": ["inventory", "nid"], "default": "inventory"},
        "style": "form",
        "explode": False,
    },
    "since": {
        "name": "since",
        "in": "query",
        "description": "Only changes after this number, or better after the `mark` of an earlier "
        "answer, which tells a replaced log from the known one. Without it, the answer has no "
        "changes, and tells where the log ends.",
        "required": False,
        "schema": {"type": "string", "pattern": "^[0-9]+(-[0-9a-f]{12})?$"},
    },
    "epoch": {
        "name": "epoch",
        "in": "query",
        "description": "The inventory that `since` belongs to, as an earlier answer has told it.",
        "required": False,
        "schema": {"type": "string"},
    },
    "changes_limit": {
        "name": "limit",
        "in": "query",
        "description": "How many changes an answer has at most.",
        "required": False,
        "schema": {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 1_000},
    },
    "featureId": {
        "name": "featureId",
        "in": "path",
        "description": "The ID of a dam in this inventory.",
        "required": True,
        "schema": {"type": "integer"},
    },
}


def _schemas() -> dict[str, Document]:
    links = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}
    collection = {
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": {"$ref": "#/components/schemas/feature"}},
            "links": links,
            "timeStamp": {"type": "string", "format": "date-time"},
            "numberMatched": {"type": "integer", "minimum": 0},
            "numberReturned": {"type": "integer", "minimum": 0},
        },
    }
    text = {"type": "string"}
    return {
        **change_schema.schemas(),
        "feature": schema.feature(),
        "featureCollection": collection,
        "link": {
            "type": "object",
            "required": ["href"],
            "properties": {"href": text, "rel": text, "type": text, "title": text},
        },
        "exception": {
            "type": "object",
            "required": ["code"],
            "properties": {"code": text, "description": text},
        },
    }
