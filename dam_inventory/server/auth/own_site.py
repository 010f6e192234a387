"""Tell this site's own paths and requests from those of other sites, as a browser does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote, urlsplit

MAX_PATH_LENGTH = 2000
"""In characters; a browser drops a cookie of more than 4,096 bytes."""

_VISIBLE = re.compile(r"[!-\[\]-~]+")  # visible ASCII without the backslash
_DEFAULT_PORT = re.compile(r":(80|443)$")


def own_path(path: str, base: str = "/") -> str | None:
    r"""Return a path of this site under `base`, or None if it could lead to another site.

    A browser drops tabs and line ends, reads "\" as "/", and reads "//host" (with two or more
    slashes) as another host. A proxy may decode "%2F" first. No URL of this site contains any of
    these, so they are refused anywhere in the path.
    """
    if len(path) > MAX_PATH_LENGTH or not path.startswith("/") or not _VISIBLE.fullmatch(path):
        return None
    read, decoded = "", re.split(r"[?#]", path, maxsplit=1)[0]
    while read != decoded:
        if not _is_plain(decoded):
            return None
        read, decoded = decoded, unquote(decoded)
    base = base.rstrip("/") + "/"
    return path if path.startswith(base) else base + path[1:]


def _is_plain(path: str) -> bool:
    *folders, last = path[1:].split("/")
    is_straight = all(folders) and not {".", ".."}.intersection([*folders, last])
    return path.startswith("/") and path.isprintable() and "\\" not in path and is_straight


def is_of_another_site(headers: Mapping[str, str], hosts: Iterable[str]) -> bool:
    """Return whether a page of another site made the browser send a request.

    headers: the request's headers. hosts: the host names of this site, with the port unless it is
    the default one. A client that is not a browser sends none of the headers that are checked;
    its requests do not count as coming from another site.
    """
    # A page can't set any of these three headers. Sec-Fetch-Site stays correct behind a proxy that
    # changes the host, but browsers send it only over HTTPS and to localhost.
    relation = headers.get("Sec-Fetch-Site")
    if relation is not None:
        return relation not in ("same-origin", "none")
    page = headers.get("Origin", headers.get("Referer"))
    return page is not None and _host(page) not in {_host(f"//{one}") for one in hosts}


def _host(address: str) -> str:
    try:
        host = urlsplit(address).netloc
    except ValueError:  # The brackets do not contain an IPv6 address.
        return ""
    return _DEFAULT_PORT.sub("", host.lower())
