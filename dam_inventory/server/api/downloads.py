"""The dams as files under addresses that stay the same, for programs that refresh them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import get_args
from urllib.parse import quote

from ...domain.fields import FACETS
from ...errors import InvalidFilter
from ...formats import exports
from ...formats.exports import FORMATS, Columns
from ...snapshot import feature_query
from ...snapshot.feature_query import FeatureQuery
from ...snapshot.filter_text import SHORT
from ...snapshot.snapshot import Snapshot
from .arguments import arguments_of, take
from .base import ApiHandler

_PACKED = ("xlsx", "gpkg")
_COLUMNS: dict[str, Columns] = {name: name for name in get_args(Columns)}


class Download(ApiHandler):
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
        if self.is_known():
            return
        file_name = exports.file_name("dams", _words(arguments), dt.date.today(), kind.suffix)
        self.set_header("Content-Type", kind.media_type)
        self.set_header("Content-Disposition", _attachment(file_name))
        await self.stream_in_turn(
            self._chunks(feed.snapshot, query, name, columns), name in _PACKED
        )

    def _chunks(
        self, snapshot: Snapshot, query: FeatureQuery, name: str, columns: Columns
    ) -> Iterator[bytes]:
        rows = query.rows(snapshot)
        yield from exports.chunks(
            lambda: snapshot.tables(rows), name, columns, is_cancelled=lambda: self.is_gone
        )


def _words(arguments: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the conditions for the name of a file, for example "Utah" and "height 50.."."""
    return [
        text if SHORT.get(name, name) in FACETS else f"{name} {text}"
        for name, texts in arguments.items()
        for text in texts
    ]


def _attachment(file_name: str) -> str:
    """Return a header that names a file, in ASCII for those who read nothing else (RFC 6266)."""
    plain = file_name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
