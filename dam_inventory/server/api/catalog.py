"""What the API has: its pages above the dams."""

from __future__ import annotations

import json

from ...formats.exports import FORMATS
from ...snapshot import bounds
from ...snapshot.snapshot import Snapshot
from . import openapi, schema
from .arguments import FORMAT, check_names, prefers
from .base import ApiHandler
from .described import Described, Document
from .links import COLLECTION, link
from .media import GEOJSON, JSON, OPENAPI, SCHEMA
from .page import Cell, Page, Table, properties_table

CONFORMS_TO = [
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}"
    for name in ("core", "oas30", "html", "geojson")
]


class Landing(Described):
    """What the API has, and where."""

    title = "This list"

    async def get(self) -> None:
        """Answer with the list, or with the OpenAPI document if just that is accepted."""
        accept = self.request.headers.get("Accept", "*/*")
        is_chosen = FORMAT in self.request.query_arguments
        if not is_chosen and prefers(accept, OPENAPI, JSON, "text/html"):
            check_names(self.request.query_arguments, ())
            await _send_openapi(self)
        else:
            await super().get()

    def document(self) -> Document:
        """Return links."""
        root = self.root
        return {
            "title": self.runtime.settings.title,
            "description": "A live inventory of dams, for other programs to read.",
            "links": [
                *self.both(),
                link(f"{root}/openapi?f=json", "service-desc", OPENAPI, "Description (OpenAPI)"),
                link(f"{root}/openapi?f=html", "service-doc", "text/html", "Description"),
                link(f"{root}/conformance", "conformance", JSON, "Standards"),
                link(f"{root}/collections", "data", JSON, "Collections"),
                link(f"{root}/changes", "related", JSON, "Changes"),
                link(f"{root}/history.csv", "related", "text/csv", "History as CSV"),
                link(f"{root}/hydrographs.csv", "related", "text/csv", "Hydrographs as CSV"),
            ],
        }


class Conformance(Described):
    """The standards that the API keeps."""

    path, title = "/conformance", "Standards"

    def document(self) -> Document:
        """Return the classes of OGC API Features."""
        return {"conformsTo": CONFORMS_TO, "links": self.both()}


class Collections(Described):
    """All collections: the dams."""

    path, title = "/collections", "Collections"

    def document(self) -> Document:
        """Return the collections."""
        return {"links": self.both(), "collections": [collection(self)]}


class Collection(Described):
    """The collection of dams."""

    path, title = COLLECTION, "Dams"

    def document(self) -> Document:
        """Return the collection."""
        document = collection(self)
        return {**document, "links": [*self.both(), *document["links"]]}


class FeatureSchema(Described):
    """What the properties of a dam are."""

    path, title, media_type = f"{COLLECTION}/schema", "Properties of a dam", SCHEMA

    def document(self) -> Document:
        """Return the schema of a GeoJSON feature."""
        return schema.feature()

    def page(self, document: Document) -> Page:
        """Return a page with the properties."""
        known = document["properties"]["properties"]["properties"]
        return Page(self.title, (), [properties_table("Properties", known)], (), self.above())


class Queryables(Described):
    """The fields that are also parameters."""

    path, title, media_type = f"{COLLECTION}/queryables", "Fields to filter by", SCHEMA

    def document(self) -> Document:
        """Return a JSON schema."""
        return schema.queryables(self.root + self.path)


class OpenApi(Described):
    """The description of the API."""

    path, title, media_type = "/openapi", "Description", OPENAPI

    def document(self) -> Document:
        """Return the OpenAPI document."""
        return openapi.document(self.root, self.runtime.settings.title)

    def page(self, document: Document) -> Page:
        """Return a page with the addresses and their parameters."""
        paths = [
            [Cell(self.root + path.rstrip("/")), Cell(one["get"]["summary"])]
            for path, one in document["paths"].items()
        ]
        parameters = [
            [Cell(name), Cell(one["description"])]
            for name, one in document["components"]["parameters"].items()
        ]
        tables = [
            Table("Addresses", ("Address", "What it has"), paths),
            Table("Parameters", ("Name", "Meaning"), parameters),
        ]
        info = document["info"]
        return Page(info["title"], [info["description"]], tables, (), self.above())


class OpenApiFile(ApiHandler):
    """The description of the API, always as JSON."""

    async def get(self) -> None:
        """Answer with the OpenAPI document."""
        check_names(self.request.query_arguments, ())
        await _send_openapi(self)


class Nothing(ApiHandler):
    """Any other path."""

    async def get(self) -> None:
        """Tell that there is nothing."""
        self.fail(404, f"The API has nothing here. {self.root} lists what it has.")


async def _send_openapi(handler: ApiHandler) -> None:
    if not handler.is_known(OPENAPI):
        title = handler.runtime.settings.title
        body = await handler.compute(
            lambda: json.dumps(openapi.document(handler.root, title)).encode()
        )
        await handler.answer(body, OPENAPI)


def collection(handler: ApiHandler) -> Document:
    """Return the collection of dams with the links to what it has."""
    root, snapshot = handler.root, handler.runtime.feed.snapshot
    here = root + COLLECTION
    files = [
        link(f"{root}/dams{one.suffix}", "enclosure", one.media_type, f"All dams as {one.label}")
        for one in FORMATS.values()
    ]
    return {
        "id": "dams",
        "title": "Dams",
        "description": f"The dams of this inventory: {len(snapshot):,}.",
        "itemType": "feature",
        "crs": [schema.CRS84],
        "extent": _extent(snapshot),
        "links": [
            link(f"{here}/items?f=json", "items", GEOJSON, "The dams as GeoJSON"),
            link(f"{here}/items?f=html", "items", "text/html", "The dams as pages"),
            link(f"{here}/schema", "describedby", SCHEMA, FeatureSchema.title),
            link(
                f"{here}/queryables",
                "http://www.opengis.net/def/rel/ogc/1.0/queryables",
                SCHEMA,
                Queryables.title,
            ),
            *files,
        ],
    }


def _extent(snapshot: Snapshot) -> Document:
    first = bounds.first_added(snapshot)
    times = [[first.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if first else None, None]]
    found: Document = {"temporal": {"interval": times}}
    if (box := bounds.box(snapshot)) is not None:
        found["spatial"] = {"bbox": [list(box)], "crs": schema.CRS84}
    return found
