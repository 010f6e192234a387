"""What the API has: its pages above the dams."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

from ...formats.exports import FORMATS
from ...snapshot import bounds
from ...snapshot.snapshot import Snapshot
from . import openapi, schema
from .arguments import FORMAT, arguments_of, check_names, take_is_html
from .base import ApiHandler
from .links import link
from .media import GEOJSON, HTML, JSON, OPENAPI, SCHEMA
from .page import Cell, Page, Table, list_table, properties_table

Document = dict[str, Any]

COLLECTION = "/collections/dams"
ITEMS = f"{COLLECTION}/items"
CONFORMS_TO = [
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}"
    for name in ("core", "oas30", "html", "geojson")
]


class Described(ApiHandler):
    """An answer that is a JSON object, or a page that shows it."""

    path = ""
    title = ""
    media_type = JSON

    async def get(self) -> None:
        """Answer in the format that is asked for."""
        arguments = arguments_of(self.request)
        check_names(arguments, (FORMAT,))
        is_html = take_is_html(arguments, self.request.headers.get("Accept", "*/*"))
        if self.is_known(is_html):
            return
        body = await self.compute(lambda: self._body(is_html))
        await self.answer(body, HTML if is_html else self.media_type)

    @abstractmethod
    def document(self) -> Document:
        """Return the object, without the links to itself."""

    def _body(self, is_html: bool) -> bytes:
        document = self.document()
        if is_html:
            return self.page(document).html()
        return json.dumps(document).encode()

    def page(self, document: Document) -> Page:
        """Return a page that shows the object."""
        texts = [document["description"]] if "description" in document else []
        return Page(
            document.get("title", self.title),
            texts,
            [*_tables(document)],
            document.get("links", ()),
            self.above(),
        )

    def above(self) -> list[tuple[str, str]]:
        """Return the pages above this one."""
        pages = [("API", self.root)]
        if self.path.startswith("/collections/"):
            pages.append(("Collections", f"{self.root}/collections"))
        if self.path.startswith(f"{COLLECTION}/"):
            pages.append(("Dams", self.root + COLLECTION))
        return [(text, f"{address}?f=html") for text, address in pages] if self.path else []

    def both(self) -> list[dict[str, str]]:
        """Return the links to this page in both formats."""
        here = self.root + self.path
        return [
            link(f"{here}?f=json", "self", self.media_type, f"{self.title} as JSON"),
            link(f"{here}?f=html", "alternate", "text/html", f"{self.title} as a page"),
        ]


class Landing(Described):
    """What the API has, and where."""

    title = "This list"

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


class Nothing(ApiHandler):
    """Any other path."""

    async def get(self) -> None:
        """Tell that there is nothing."""
        self.fail(404, f"The API has nothing here. {self.root} lists what it has.")


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


def _tables(document: Document) -> Iterator[Table]:
    if "conformsTo" in document:
        yield list_table("Conformance classes", "Class", document["conformsTo"])
    for one in document.get("collections", ()):
        rows = [[Cell(each["title"], each["href"])] for each in one["links"]]
        yield Table(f"{one['title']}. {one['description']}", ("Link",), rows)
    if "properties" in document:
        yield properties_table("Properties", document["properties"])
