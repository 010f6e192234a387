"""Addresses of the API, as its clients see them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from ..command_line import serve_options

API = "/api"
COLLECTION = "/collections/dams"
ITEMS = f"{COLLECTION}/items"
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")
_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)*/?")


def root_of(handler: Any) -> str:
    """Return the address of the API, for example "https://dams.example.org/api".

    Behind a proxy that removes the start of the path, that start is `--root-path`, or the
    header X-Forwarded-Prefix, which counts like the other ones only with `--use-xheaders`.
    """
    request, prefix = handler.request, handler.application.prefix
    if root_path := getattr(serve_options(), "root_path", None):
        prefix = root_path.rstrip("/")
    elif getattr(serve_options(), "use_xheaders", False):
        given = request.headers.get("X-Forwarded-Prefix", "")
        prefix = (given.rstrip("/") if _PREFIX.fullmatch(given) else "") + prefix
    if not _HOST.fullmatch(request.host):
        return f"{prefix}{API}"
    return f"{request.protocol}://{request.host}{prefix}{API}"


def link(href: str, rel: str, media_type: str, title: str) -> dict[str, str]:
    """Return a link as OGC API Features writes it."""
    return {"href": href, "rel": rel, "type": media_type, "title": title}


def address(path: str, arguments: Mapping[str, Sequence[str]], **changed: str) -> str:
    """Return a path with parameters. changed: parameters in place of those of the same name."""
    pairs = {**arguments, **{name: [value] for name, value in changed.items()}}
    return f"{path}?{urlencode(pairs, doseq=True)}" if pairs else path
