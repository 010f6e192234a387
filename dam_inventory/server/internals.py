"""Private attributes of Bokeh, Panel and Tornado; where one is missing, the server does without it.

tests/server/test_internals.py fails when a new version renames one.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import panel as pn
from bokeh.model import Model
from bokeh.resources import Resources as BokehResources
from panel import auth
from panel.io import document
from panel.io.resources import Resources
from panel.io.server import WSHandler


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


FILES_OF_A_PAGE = ("css_files", "css_raw", "js_files", "js_raw", "js_modules", "js_module_exports")
_SETTINGS = ("css_files", "js_files", "js_modules", "raw_css", "global_css", "design", "npm_cdn")
_MOST_REMEMBERED = 100
_SPINNER = ("global_loading_spinner", "loading_spinner", "loading_color", "loading_max_height")


def remember_resources() -> None:
    """Let Panel look up the files of its components once, and not for each page again.

    To look through 700 classes for style sheets and scripts is an eighth of what a page costs.
    """
    known: dict[tuple[Any, ...], Any] = {}

    def remembered(name: str, look_up: Callable[[Resources], Any]) -> property:
        def find(self: Resources) -> Any:
            if pn.config.autoreload or pn.config.css_files:
                return look_up(self)
            key = (name, *_circumstances(self))
            if key not in known:
                if len(known) >= _MOST_REMEMBERED:  # Who embeds a page says at which address.
                    known.clear()
                known[key] = look_up(self)
            return known[key].copy()

        return property(find)

    for name in FILES_OF_A_PAGE:
        setattr(Resources, name, remembered(name, getattr(Resources, name).fget))


def _circumstances(resources: Resources) -> tuple[Any, ...]:
    """Return what the files of a page depend on."""
    notifications = pn.config.notifications and pn.state.notifications
    return (
        *(resources.mode, resources.minified, resources.absolute, resources.notebook),
        *(resources.root_url, *resources.components, None),
        *(pn.state.base_url, pn.state.rel_path, *pn.extension._loaded_extensions, None),
        *(*(pn.state._extensions or ()), None, len(Model.model_class_reverse_map)),
        *(notifications and tuple(notifications._stylesheets), None),
        *(repr(getattr(pn.config, name)) for name in (*_SETTINGS, *_SPINNER)),
    )


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
