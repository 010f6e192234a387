"""The dams as features: OGC API Features, Part 1."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...domain.fields import FIELDS, LABELS
from ...formats.features_json import feature_texts, joined_features
from ...snapshot import feature_query
from ...snapshot.feature_query import FeatureQuery
from ...snapshot.order import Rows
from ...snapshot.snapshot import Snapshot
from .arguments import Arguments, arguments_of, check_names, take_is_html, take_number
from .base import HIGHEST_ID, ApiHandler
from .links import COLLECTION, ITEMS, address, link
from .media import GEOJSON, HTML, JSON
from .openapi import DEFAULT_LIMIT, MAX_LIMIT
from .page import Cell, Page, Table

_PART = 500
_MOST_AT_ONCE = 1000
"""More dams are sent part by part as GeoJSON, and on several pages for people."""
_SHOWN = (
    "dam_name", "state", "county", "river", "date_built", "hazard_potential",
    "condition_assessment", "nid_height_ft", "nid_storage_acre_ft",
)  # fmt: skip
"""The fields of the page of dams."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the dams that are asked for.

    rows: those of the page. matched: how many dams there are on all pages. last: the ID after
    which the next page starts, None on the last page.
    """

    snapshot: Snapshot
    rows: Rows
    matched: int
    last: int | None

    @classmethod
    def of(cls, snapshot: Snapshot, query: FeatureQuery, after: int, limit: int) -> Found:
        """Find the dams that meet a query and whose ID is above `after`, at most `limit`."""
        rows = query.rows(snapshot)
        ids = snapshot.ids(rows)
        start = int(np.searchsorted(ids, after, "right"))
        end = min(start + limit, len(rows))
        last = int(ids[end - 1]) if start < end < len(rows) else None
        return cls(snapshot, rows[start:end], len(rows), last)


class Items(ApiHandler):
    """The dams that meet all parameters, page by page."""

    async def get(self) -> None:
        """Answer with a page of dams."""
        asked = arguments_of(self.request)
        arguments = {name: list(values) for name, values in asked.items()}
        is_html = take_is_html(arguments, self.request.headers.get("Accept", "*/*"))
        limit = take_number(arguments, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
        after = take_number(arguments, "after", 0, 0, HIGHEST_ID)
        if is_html:
            limit = min(limit, _MOST_AT_ONCE)
        feed = self.runtime.feed
        query = feature_query.read(arguments, feed.today)
        if self.is_known(is_html):
            return
        snapshot = feed.snapshot
        found = await self.compute(lambda: Found.of(snapshot, query, after, limit))
        links = self._links(asked, found)
        if is_html:
            await self.answer(await self.compute(lambda: self._page(found, links)), HTML)
        elif len(found.rows) <= _MOST_AT_ONCE:
            body = await self.compute(lambda: b"".join(_collection(found, links)))
            await self.answer(body, GEOJSON)
        else:
            self.set_header("Content-Type", GEOJSON)
            await self.stream_in_turn(_collection(found, links))

    def _links(self, asked: Arguments, found: Found) -> list[dict[str, str]]:
        here = self.root + ITEMS
        links = [
            link(address(here, asked, f="json"), "self", GEOJSON, "These dams as GeoJSON"),
            link(address(here, asked, f="html"), "alternate", "text/html", "These dams as a page"),
            link(self.root + COLLECTION, "collection", JSON, "The collection"),
        ]
        if found.last is not None:
            following = {**asked, "after": [str(found.last)]}
            links += [
                link(address(here, following, f="json"), "next", GEOJSON, "Next page as GeoJSON"),
                link(address(here, following, f="html"), "next", "text/html", "Next page"),
            ]
        return links

    def _page(self, found: Found, links: list[dict[str, str]]) -> bytes:
        snapshot, rows = found.snapshot, found.rows
        columns = snapshot.columns(_SHOWN[1:], rows)
        named = zip(snapshot.ids(rows).tolist(), snapshot.names(rows), strict=True)
        lines = [
            [Cell(name, f"{self.root}{ITEMS}/{dam_id}?f=html"), *map(Cell.of, values)]
            for (dam_id, name), *values in zip(named, *columns, strict=True)
        ]
        caption = f"{len(rows):,} of {found.matched:,} dams"
        texts = [] if lines else ["No dam meets all parameters."]
        tables = [Table(caption, [LABELS[name] for name in _SHOWN], lines)] if lines else []
        return Page("Dams", texts, tables, links, _above(self.root)).html()


class Item(ApiHandler):
    """One dam."""

    async def get(self, text: str) -> None:
        """Answer with a dam."""
        arguments = arguments_of(self.request)
        check_names(arguments, ("f",))
        is_html = take_is_html(arguments, self.request.headers.get("Accept", "*/*"))
        snapshot = self.runtime.feed.snapshot  # The same one for the ETag and for the answer.
        dam_id = self.dam_id(text, snapshot)
        if self.is_known(is_html, snapshot=snapshot):
            return
        make = self._page if is_html else self._feature
        body = await self.compute(lambda: make(snapshot, dam_id))
        await self.answer(body, HTML if is_html else GEOJSON)

    def _links(self, dam_id: int) -> list[dict[str, str]]:
        here = f"{self.root}{ITEMS}/{dam_id}"
        return [
            link(f"{here}?f=json", "self", GEOJSON, "This dam as GeoJSON"),
            link(f"{here}?f=html", "alternate", "text/html", "This dam as a page"),
            link(self.root + COLLECTION, "collection", JSON, "The collection"),
        ]

    def _feature(self, snapshot: Snapshot, dam_id: int) -> bytes:
        [dams] = snapshot.tables(snapshot.rows_with(np.array([dam_id])))
        [text] = feature_texts(dams)
        return f'{text[:-1]},"links":{json.dumps(self._links(dam_id))}}}'.encode()

    def _page(self, snapshot: Snapshot, dam_id: int) -> bytes:
        row = int(snapshot.rows_with(np.array([dam_id]))[0])
        known = snapshot.values(row)
        facts = [(field.heading, known.get(field.name)) for field in FIELDS]
        facts += [*known.get("other_facts", {}).items()]
        facts += [("Added by", known.get("added_by")), ("Added at", known["added_at"].isoformat())]
        rows = [[Cell(name), Cell.of(value)] for name, value in facts if value is not None]
        table = Table("Facts", ("Fact", "Value"), rows)
        above = [*_above(self.root), ("Items", f"{self.root}{ITEMS}?f=html")]
        return Page(snapshot.name(row), (), [table], self._links(dam_id), above).html()


def _above(root: str) -> list[tuple[str, str]]:
    pages = [("API", ""), ("Collections", "/collections"), ("Dams", COLLECTION)]
    return [(text, f"{root}{path}?f=html") for text, path in pages]


def _collection(found: Found, links: list[dict[str, str]]) -> Iterator[bytes]:
    """Yield a feature collection part by part; for a worker."""
    head = {
        "type": "FeatureCollection",
        "timeStamp": dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "numberMatched": found.matched,
        "numberReturned": len(found.rows),
        "links": links,
    }
    yield json.dumps(head)[:-1].encode() + b',"features":['
    separator = b""
    for dams in found.snapshot.tables(found.rows, _PART):
        yield separator
        yield joined_features(dams)
        separator = b",\n"
    yield b"]}"
