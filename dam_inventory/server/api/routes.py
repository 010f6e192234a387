"""The routes of the API."""

from __future__ import annotations

from tornado.web import RequestHandler

from ...formats.exports import FORMATS
from . import catalog, downloads, features
from .changes import ChangesHandler
from .links import API

ROUTES: list[tuple[str, type[RequestHandler], dict[str, object]]] = [
    (rf"{API}/?", catalog.Landing, {}),
    (rf"{API}/openapi", catalog.OpenApi, {}),
    (rf"{API}/conformance", catalog.Conformance, {}),
    (rf"{API}/collections", catalog.Collections, {}),
    (API + catalog.COLLECTION, catalog.Collection, {}),
    (rf"{API}{catalog.COLLECTION}/schema", catalog.FeatureSchema, {}),
    (rf"{API}{catalog.COLLECTION}/queryables", catalog.Queryables, {}),
    (API + catalog.ITEMS, features.Items, {}),
    (rf"{API}{catalog.ITEMS}/([^/]+)", features.Item, {}),
    (rf"{API}/dams\.({'|'.join(FORMATS)})", downloads.Download, {}),
    (rf"{API}/history\.csv", downloads.History, {}),
    (rf"{API}/hydrographs\.csv", downloads.Hydrographs, {}),
    (rf"{API}/dams/([^/]+)/history\.csv", downloads.History, {}),
    (rf"{API}/dams/([^/]+)/hydrographs\.csv", downloads.Hydrographs, {}),
    (rf"{API}/changes", ChangesHandler, {}),
    (rf"{API}/.*", catalog.Nothing, {}),
]
"""What the API has; the first route that matches a path counts."""
