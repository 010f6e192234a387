"""What belongs to this site, as a browser sees it: paths to open, requests of its own pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote, urlsplit

MAX_PATH_LENGTH = 2000
"""Characters; a browser drops a cookie of more than 4,096 bytes."""

_VISIBLE = re.compile(r"[!-\[\]-~]+")  # of ASCII, without the backslash
_DEFAULT_PORT = re.compile(r":(80|443)$")


def own_path(path: str, base: str = "/") -> str | None:
    r"""Return a path of this site under `base`, or None for what may lead to another site.

    A browser leaves out tabs and line ends, reads "\" as "/", and takes "//host", and any number
    of slashes more, for another host; a proxy may decode "%2F" first. The pages of this site have
    none of that in their addresses, so it is refused wherever it stands in the path.
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
    """Return whether a page of another site has made the browser send a request.

    headers: those of the request. hosts: the names of this site, with a port unless it is the
    usual one. What is sent without a browser says nothing of pages, and is of no other site.
    """
    # Pages can't set any of the three. The first stays right behind a proxy that renames the
    # host, but is sent through HTTPS only, and to this machine.
    relation = headers.get("Sec-Fetch-Site")
    if relation is not None:
        return relation not in ("same-origin", "none")
    page = headers.get("Origin", headers.get("Referer"))
    return page is not None and _host(page) not in {_host(f"//{one}") for one in hosts}


def _host(address: str) -> str:
    try:
        host = urlsplit(address).netloc
    except ValueError:  # no IPv6 address within the brackets
        return ""
    return _DEFAULT_PORT.sub("", host.lower())
