"""Private attributes of Bokeh, Panel and Tornado; where one is missing, the server does without it.

tests/server/test_internals.py fails when a new version renames one.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import panel as pn
from bokeh.resources import Resources as BokehResources
from panel import auth
from panel.io import document
from panel.io.resources import Resources
from panel.io.server import WSHandler
from panel.reactive import ReactiveCustomBase
from param import descendents


class SessionSocket(WSHandler):
    """A page's websocket that names the step in which it gets its session."""

    async def open_session(self, token: str) -> None:
        """Create the session of a token, or return to it."""
        await super()._async_open(token)

    async def _async_open(self, token: str) -> None:
        await self.open_session(token)


def websockets_of(session: Any) -> list[Any]:
    """Return the open websockets of a session; none if they are unknown."""
    connections = list(getattr(session, "_subscribed_connections", ()))
    return [one._socket for one in connections if hasattr(one, "_socket")]


def buffered(socket: Any) -> tuple[int, int]:
    """Return the bytes received of an unfinished message, and the bytes not yet read by the page.

    Both are 0 where they are unknown: then no connection is closed for them.
    """
    protocol = socket.ws_connection
    stream = getattr(protocol, "stream", None)
    received = getattr(stream, "_read_buffer_size", 0)
    received += len(getattr(protocol, "_fragmented_message_buffer", None) or b"")
    return received, len(getattr(stream, "_write_buffer", None) or b"")


def replace_next_url_check(check: Callable[[str | None], str | None]) -> None:
    """Let Panel's logins ask `check` which page to open after a login."""
    auth._validate_next_url = check


def remember_resources() -> None:
    """Let Panel look up the files of its components once, and not for each page again.

    To look whether each of 600 components has a style sheet is an eighth of what a page costs.
    """
    look_up = Resources.extra_resources
    known: dict[tuple[Any, ...], list[str]] = {}

    def add(self: Resources, resources: list[str], kind: str) -> None:
        if pn.config.autoreload:
            look_up(self, resources, kind)
            return
        loaded = (*pn.extension._loaded_extensions, None, *(pn.state._extensions or ()))
        components = len(descendents(ReactiveCustomBase))
        key = (kind, self.mode, pn.state.rel_path, loaded, components)
        if key not in known:
            look_up(self, found := list[str](), kind)
            known[key] = found
        resources += [one for one in known[key] if one not in resources]

    Resources.extra_resources = add


def leave_out_webgl() -> None:
    """Let pages do without Bokeh's WebGL, 0.2 MB; a plot that asks for it is drawn on a canvas."""
    components = getattr(BokehResources, "_default_components", [])
    BokehResources._default_components = [one for one in components if one != "bokeh-gl"]


def collect_with(collect: Callable[[], None]) -> bool:
    """Let Panel call this 5 s after pages have closed; return False if it can't be told to."""
    if not hasattr(document, "_garbage_collect"):
        return False
    document._garbage_collect = collect
    with suppress(KeyError):  # What a page of --warm has asked for, before there was a plugin.
        pn.state.cancel_task("gc.collect")
    return True
