"""How changes reach a browser: asked of a document whenever there is something to deliver.

Whether `pn.state.curdoc` is None says nothing about it: while an event of a notebook's page is at
work it is a document, too. What tells pages from notebooks is the document's session.
"""

from __future__ import annotations

import asyncio
from enum import Enum, auto
from importlib import import_module
from typing import Any

import panel as pn
from bokeh.document import Document
from tornado.ioloop import IOLoop

from ...config.notebook import is_kernel
from .internals import bundle_address, is_locked, websockets_of


class Way(Enum):
    """The ways from a document to who looks at it."""

    WEBSOCKET = auto()
    """A page of Bokeh's own server: its websocket can be written to directly."""
    SESSION = auto()
    """A page of another server, as of FastAPI or Jupyter's preview: only what Bokeh offers."""
    NOTEBOOK = auto()
    """The output of a cell: what Panel does not send by itself has to be pushed."""
    NOBODY = auto()
    """A script, or the rehearsal of `--warm`."""


def way_to(doc: Document | None) -> Way:
    """Return how changes of a document reach its page now."""
    context = doc.session_context if doc else None
    if context is None:
        return Way.NOTEBOOK if is_kernel() else Way.NOBODY
    if context.session is None:
        return Way.SESSION if _is_served(context) else Way.NOBODY
    return Way.SESSION if websockets_of(context.session) is None else Way.WEBSOCKET


def sockets_to(doc: Document | None) -> list[Any] | None:
    """Return the websockets of a document's page; None if the way is not Way.WEBSOCKET."""
    context = doc.session_context if doc else None
    session = context.session if context else None
    return None if session is None else websockets_of(session)


def is_serving() -> bool:
    """Return whether a page is made for somebody, and not rehearsed for `--warm`."""
    context = pn.state.curdoc.session_context if pn.state.curdoc else None
    return context is not None and _is_served(context)


def address_elsewhere() -> str:
    """Return where the server has this page if another page shows it by a script, else "".

    It is a URL, or a path if the server did not give its name to that page.
    """
    if pn.state.curdoc is None or pn.state.curdoc.session_context is None:
        return ""
    arguments = pn.state.session_args
    if "bokeh-autoload-element" not in arguments:
        return ""
    for name in ("bokeh-absolute-url", "bokeh-app-path"):
        if values := arguments.get(name):
            return str(values[0], "utf-8", "replace")
    return "/"


def use_own_style_sheets(elsewhere: str) -> None:
    """Let another page get Panel's style sheets from the server, and not from the internet.

    elsewhere: what `address_elsewhere` returns; "" changes nothing. Call it before the models of
    the document are made.
    """
    if elsewhere:
        folder = f"{elsewhere.rpartition('/')[0]}/static/extensions/panel/"
        pn.state.curdoc.template_variables["dist_url"] = folder


def load_early(component: type) -> None:
    """Let the template of a server's page load the script of a component as `bundle`."""
    context = pn.state.curdoc.session_context if pn.state.curdoc else None
    if context is not None and context.server_context is not None:
        pn.state.curdoc.template_variables["bundle"] = bundle_address(component)


def use_own_components() -> None:
    """Let Jupyter's preview get the scripts of panel-material-ui from Jupyter's server.

    That page has a session without a server, for which panel-material-ui asks the internet. Its
    kernel has no other page. Does nothing elsewhere; call it before the models are made.
    """
    context = pn.state.curdoc.session_context if pn.state.curdoc else None
    if context is not None and context.server_context is None and is_kernel():
        folder = f"{pn.state.rel_path}/static/extensions/panel-material-ui"
        # `panel_material_ui.base` is another module: that of its wrappers.
        base = import_module("panel_material_ui.base")
        setattr(base, "CDN_DIST", f"{folder}/panel-material-ui.bundle.js")  # noqa: B010


def may_change(doc: Document) -> bool:
    """Return whether whoever calls this may change bare Bokeh models of a document at once."""
    context = doc.session_context
    if context is None or context.session is None:
        return True  # of a notebook, or of a page that is being made
    return is_locked(context.session) and is_in(loop_of(context))


def loop_of(context: Any) -> IOLoop:
    """Return the event loop of a session, from any thread."""
    server = context.server_context
    loop = server.application_context.io_loop if server else None
    return loop or IOLoop.current()


def is_in(loop: IOLoop) -> bool:
    """Return whether this is called in the thread of an event loop, while it runs."""
    try:
        return asyncio.get_running_loop() is loop.asyncio_loop  # type: ignore[attr-defined]
    except RuntimeError:
        return False


def _is_served(context: Any) -> bool:
    # Jupyter's preview has a session without a server; so has the rehearsal, but not in a kernel.
    return context.server_context is not None or is_kernel()
