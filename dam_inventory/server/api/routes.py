"""The routes of the API."""

from __future__ import annotations

from tornado.web import RequestHandler

from ...formats.exports import FORMATS
from . import catalog, downloads, features
from .changes import ChangesHandler
from .links import API, COLLECTION, ITEMS

ROUTES: list[tuple[str, type[RequestHandler], dict[str, object]]] = [
    (rf"{API}/?", catalog.Landing, {}),
    (rf"{API}/openapi\.json", catalog.OpenApiFile, {}),
    (rf"{API}/openapi/?", catalog.OpenApi, {}),
    (rf"{API}/conformance/?", catalog.Conformance, {}),
    (rf"{API}/collections/?", catalog.Collections, {}),
    (rf"{API}{COLLECTION}/?", catalog.Collection, {}),
    (rf"{API}{COLLECTION}/schema/?", catalog.FeatureSchema, {}),
    (rf"{API}{COLLECTION}/queryables/?", catalog.Queryables, {}),
    (rf"{API}{ITEMS}/?", features.Items, {}),
    (rf"{API}{ITEMS}/([^/]+)/?", features.Item, {}),
    (rf"{API}/dams\.({'|'.join(FORMATS)})", downloads.Download, {}),
    (rf"{API}/history\.csv", downloads.History, {}),
    (rf"{API}/hydrographs\.csv", downloads.Hydrographs, {}),
    (rf"{API}/dams/([^/]+)/history\.csv", downloads.History, {}),
    (rf"{API}/dams/([^/]+)/hydrographs\.csv", downloads.Hydrographs, {}),
    (rf"{API}/changes/?", ChangesHandler, {}),
    (rf"{API}/.*", catalog.Nothing, {}),
]
"""What the API has; the first route that matches a path counts."""
