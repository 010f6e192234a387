"""The dams as files under addresses that stay the same, for programs that refresh them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar, get_args
from urllib.parse import quote

from ...domain.fields import FACETS
from ...errors import InvalidFilter
from ...formats import exports
from ...formats.exports import FORMATS, Columns
from ...session import csv_files
from ...snapshot import feature_query
from ...snapshot.feature_query import FeatureQuery
from ...snapshot.filter_text import SHORT
from ...snapshot.snapshot import Snapshot
from .arguments import arguments_of, check_names, take
from .base import ApiHandler

Dams = TypeVar("Dams")

_PART = 500
"""How many dams are read at once; with more, others would wait longer for their turn."""

_LONGEST_PAUSE = 0.05
"""In seconds; a part that takes long has waited for a slow client."""

_PACKED = ("xlsx", "gpkg")
_COLUMNS: dict[str, Columns] = {name: name for name in get_args(Columns)}


class FileHandler(ApiHandler):
    """Sends a file."""

    def name_file(self, name: str) -> None:
        """Tell under which name to save it, also in ASCII for programs that need that."""
        plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
        told = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
        self.set_header("Content-Disposition", told)


class Download(FileHandler):
    """All dams that meet the parameters, in a file."""

    async def get(self, name: str) -> None:
        """Send the file. name: one of FORMATS."""
        arguments = arguments_of(self.request)
        columns: Columns = "inventory"
        if name != "geojson" and (chosen := take(arguments, "columns")) is not None:
            if chosen not in _COLUMNS:
                allowed = " or ".join(_COLUMNS)
                raise InvalidFilter(f'columns is "{chosen[:100]}", but must be {allowed}.')
            columns = _COLUMNS[chosen]
        feed, kind = self.runtime.feed, FORMATS[name]
        query = feature_query.read(arguments, feed.today)
        if said := await self.compute(partial(exports.missing, name)):
            self.fail(501, said)
        if self.is_known():
            return
        self.name_file(exports.file_name("dams", _words(arguments), feed.today, kind.suffix))
        self.set_header("Content-Type", kind.media_type)
        chunks = self._chunks(feed.snapshot, query, name, columns)
        await self.stream_in_turn(chunks, is_packed=name in _PACKED)

    def _chunks(
        self, snapshot: Snapshot, query: FeatureQuery, name: str, columns: Columns
    ) -> Iterator[bytes]:
        rows = query.rows(snapshot)
        yield from exports.chunks(
            lambda: _with_pauses(snapshot.tables(rows, _PART)),
            name,
            columns,
            is_cancelled=lambda: self.is_gone,
            byte_order_mark=False,
        )


class History(FileHandler):
    """The log of all dams, or of one, in a file."""

    async def get(self, text: str = "") -> None:
        """Send the file. text: the ID of a dam, "" for all."""
        check_names(self.request.query_arguments, ())
        dam_id = await self.logged_dam_id(text) if text else None
        if self.is_known():
            return
        words = [f"of dam {text}"] if text else []
        self.name_file(exports.file_name("history", words, self.runtime.feed.today, ".csv"))
        self.set_header("Content-Type", FORMATS["csv"].media_type)
        await self.stream_in_turn(csv_files.history(self.runtime.inventory, dam_id))


class Hydrographs(FileHandler):
    """The hydrographs of the dams that meet the parameters, or of one dam, in a file."""

    async def get(self, text: str = "") -> None:
        """Send the file. text: the ID of a dam, "" for all."""
        arguments = arguments_of(self.request)
        if text:
            check_names(arguments, ())
        dam_id, feed = self.dam_id(text) if text else None, self.runtime.feed
        query = feature_query.read(arguments, feed.today)
        if self.is_known():
            return
        words = [f"of dam {text}"] if text else _words(arguments)
        self.name_file(exports.file_name("hydrographs", words, feed.today, ".csv"))
        self.set_header("Content-Type", FORMATS["csv"].media_type)
        await self.stream_in_turn(self._chunks(feed.snapshot, query, dam_id))

    def _chunks(
        self, snapshot: Snapshot, query: FeatureQuery, dam_id: int | None
    ) -> Iterator[bytes]:
        ids = {dam_id} if dam_id else {*snapshot.ids(query.rows(snapshot)).tolist()}
        yield from csv_files.hydrographs(self.runtime.inventory, ids)


def _with_pauses(parts: Iterator[Dams]) -> Iterator[Dams]:
    """Yield the parts; after each, leave others half of the time that it took."""
    for part in parts:
        start = time.perf_counter()
        yield part
        time.sleep(min((time.perf_counter() - start) / 2, _LONGEST_PAUSE))


def _words(arguments: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the conditions for the name of a file, for example "Utah" and "height 50.."."""
    return [
        text if SHORT.get(name, name) in FACETS else f"{name} {text}"
        for name, texts in arguments.items()
        for text in texts
    ]
