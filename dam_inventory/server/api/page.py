"""The answers of the API as pages for people. Every text is escaped, and nothing is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from tornado.template import Template

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Cell(NamedTuple):
    """A text in a table. address: where it leads, "" for nowhere."""

    text: str
    address: str = ""
    is_number: bool = False

    @classmethod
    def of(cls, value: Any) -> Cell:
        """Return a cell for a value; None is empty."""
        if isinstance(value, float | int):
            return cls(f"{value:,.10g}", is_number=True)
        return cls("" if value is None else str(value))


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows. path: texts and addresses of the pages above. links: as in JSON."""

    title: str
    texts: Sequence[str] = ()
    tables: Sequence[Table] = ()
    links: Sequence[Mapping[str, str]] = ()
    path: Sequence[tuple[str, str]] = ()

    def html(self) -> bytes:
        """Return the page."""
        return _template().generate(page=self)


def properties_table(caption: str, properties: Mapping[str, Mapping[str, Any]]) -> Table:
    """Return a table of the properties of a JSON schema."""
    rows = [
        [
            Cell(name),
            Cell(_type_of(one)),
            Cell(one.get("title", "")),
            Cell(one.get("description", "")),
        ]
        for name, one in properties.items()
    ]
    return Table(caption, ("Name", "Type", "Title", "Description"), rows)


def list_table(caption: str, head: str, texts: Iterable[str]) -> Table:
    """Return a table of one column."""
    return Table(caption, (head,), [[Cell(text)] for text in texts])


def _type_of(schema: Mapping[str, Any]) -> str:
    return str(schema.get("format") or schema.get("type") or "geometry")


@cache
def _template() -> Template:
    return Template(files(__package__).joinpath("page.html").read_text("utf-8"))
