"""The files that a page loads: packed once, and kept by browsers as long as they stay the same."""

from __future__ import annotations

import asyncio
import gzip
import re
from pathlib import Path
from typing import ClassVar

from bokeh.server.urls import toplevel_patterns
from bokeh.server.views.multi_root_static_handler import MultiRootStaticHandler
from bokeh.server.views.static_handler import StaticHandler
from tornado.web import StaticFileHandler

from .api.arguments import takes_gzip
from .origins import ReadByHosts

YEAR = 365 * 24 * 60 * 60
"""Seconds. For a file whose address changes with its contents."""

_PACKED_SUFFIXES = {".js", ".css", ".map", ".svg", ".json"}
_WORTH_PACKING = 1_000  # bytes
_IS_HASHED = re.compile(r"-[A-Z0-9]{8}\.\w+$")
"""Matches the path of a file that is named for its contents."""


class PackedFiles(StaticFileHandler):
    """Sends a file packed with gzip, where the browser reads that; packs each once, in a thread."""

    _packed: ClassVar[dict[str, tuple[object, asyncio.Future[bytes]]]] = {}
    _body: bytes | None = None

    async def get(self, path: str, include_body: bool = True) -> None:
        """Send the file, or its head; a part of it, if one is asked for, is sent as it is."""
        self.add_header("Vary", "Accept-Encoding")
        accepted = self.request.headers.get("Accept-Encoding", "")
        is_text = Path(path).suffix in _PACKED_SUFFIXES
        if not is_text or "Range" in self.request.headers or not takes_gzip(accepted):
            await super().get(path, include_body)
            return
        self.path = self.parse_url_path(path)
        found = self.validate_absolute_path(self.root, self.get_absolute_path(self.root, self.path))
        if found is None:
            return
        self.absolute_path = found
        self.modified = self.get_modified_time()
        self._body = await self._pack(found)
        self.set_headers()
        if self.should_return_304():
            self.set_status(304)
            return
        if self._body:
            self.set_header("Content-Encoding", "gzip")
        body = self._body or Path(found).read_bytes()
        self.set_header("Content-Length", len(body))
        if include_body:
            self.finish(body)

    def compute_etag(self) -> str | None:
        """Return a tag of the file; another one if it is packed."""
        etag = super().compute_etag()
        return f'{etag[:-1]}-gzip"' if etag and self._body else etag

    def get_cache_time(self, path: str, modified: object, mime_type: str) -> int:
        """Return how many seconds a browser keeps the file without asking again."""
        return YEAR if self.request.query or _IS_HASHED.search(path) else 0

    async def _pack(self, path: str) -> bytes:
        """Return the packed file; nothing if it is not worth it."""
        version, packing = self._packed.get(path, (None, None))
        if packing is None or version != self.modified:
            packing = asyncio.ensure_future(asyncio.to_thread(_pack, path))
            self._packed[path] = (self.modified, packing)
        return await packing


class BokehFiles(PackedFiles, StaticHandler):
    """The files of Bokeh."""


class Modules(ReadByHosts, PackedFiles, MultiRootStaticHandler):
    """The JavaScript modules of Panel's extensions, which a browser loads only if it may."""


def _pack(path: str) -> bytes:
    plain = Path(path).read_bytes()
    return gzip.compress(plain, 9, mtime=0) if len(plain) >= _WORTH_PACKING else b""


def install() -> None:
    """Serve the files with these handlers; call it before the server is created."""
    instead = {StaticHandler: BokehFiles, MultiRootStaticHandler: Modules}
    toplevel_patterns[:] = [
        (route, instead.get(handler, handler), *more) for route, handler, *more in toplevel_patterns
    ]
