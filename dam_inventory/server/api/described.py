"""Described: an answer that describes the API or a part of it."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

from .arguments import FORMAT, arguments_of, check_names, take_is_html
from .base import ApiHandler
from .links import COLLECTION, link
from .media import HTML, JSON
from .page import Cell, Page, Table, list_table, properties_table

Document = dict[str, Any]


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


def _tables(document: Document) -> Iterator[Table]:
    if "conformsTo" in document:
        yield list_table("Conformance classes", "Class", document["conformsTo"])
    for one in document.get("collections", ()):
        rows = [[Cell(each["title"], each["href"])] for each in one["links"]]
        yield Table(f"{one['title']}. {one['description']}", ("Link",), rows)
    if "properties" in document:
        yield properties_table("Properties", document["properties"])
