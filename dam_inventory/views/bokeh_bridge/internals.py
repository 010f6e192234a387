"""Private attributes of Bokeh and Panel; where one is missing, the public way is used.

tests/views/test_bokeh_bridge.py fails when a new version renames one.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any
from weakref import WeakSet

import panel as pn
from bokeh.document import Document
from bokeh.model import Model
from tornado.websocket import WebSocketHandler


def websockets_of(session: Any) -> list[Any] | None:
    """Return the websockets of a session, or None if one is not Tornado's or they are unknown.

    None means that only Bokeh itself can send to the page.
    """
    connections = getattr(session, "_subscribed_connections", None)
    if connections is None:
        return None
    sockets = [getattr(connection, "_socket", None) for connection in list(connections)]
    return sockets if all(map(is_websocket, sockets)) else None


def is_websocket(socket: Any) -> bool:
    """Return whether a socket is Tornado's and open; that of Jupyter's preview is not."""
    return isinstance(socket, WebSocketHandler) and hasattr(socket, "ws_connection")


def is_locked(session: Any) -> bool:
    """Return whether somebody holds the lock of a session's document; False if that is unknown."""
    return getattr(session, "_pending_writes", None) is not None


def has_unsent(session: Any) -> bool:
    """Return whether a session has changes to send; True if that is unknown."""
    return getattr(session, "_pending_writes", True) not in (None, [])


def is_free(lock: Any) -> bool:
    """Return whether nobody holds a lock of Tornado's; False if that is unknown."""
    return bool(getattr(getattr(lock, "_block", None), "_value", 0) > 0)


def set_unheard(model: Model, attribute: str, value: Any) -> bool:
    """Set a property and notify nobody; return False if only the public way is left."""
    values = getattr(model, "_property_values", None)
    if values is None:
        return False
    values[attribute] = value
    return True


def models_of(pane: pn.viewable.Viewable) -> list[Model]:
    """Return the models with which a pane is drawn, one for each page; none if unknown."""
    return [model for model, _ in getattr(pane, "_models", {}).values()]


def documents_of(pane: pn.viewable.Viewable) -> set[Document]:
    """Return the documents in which a pane is drawn; none if they are unknown."""
    return {model.document for model in models_of(pane)} - {None}


def data_model_name(component: type) -> str:
    """Return under which name a page knows the data of a component's class; "" if unknown."""
    return getattr(getattr(component, "_data_model", None), "__name__", "")


def bundle_address(component: type) -> str:
    """Return the address of the script that draws a component; "" if unknown or not a file."""
    render = getattr(component, "_render_esm", None)
    address = str(render(server=True) or "") if render else ""
    return "" if "\n" in address else address


def is_panel_loaded() -> bool:
    """Return whether this notebook has loaded Panel's extension; False if that is unknown."""
    return bool(getattr(pn.extension, "_loaded", False))


def note_connection(doc: Document) -> None:
    """Tell Panel that a page has its document, as soon as the page sends anything.

    Panel learns it only when the page is idle. Until then it drops changes: a click in between,
    for example while map tiles are loading, would be answered with nothing, or with updates of
    components that the page has never got.
    """
    connected = getattr(pn.state, "_connected", None)
    if connected is None:
        return

    def hear(event: Any) -> None:
        if getattr(event, "setter", None) is not None:
            connected[doc] = True
            doc.remove_on_change(hear)

    doc.on_change(hear)


def keep_out_of_threads(doc: Document) -> None:
    """Let what a page sends be at work in the event loop, also with `--num-threads`.

    Panel would hand each click to any thread: two of one session would change its state at once.
    Other pages of the process keep their threads.
    """
    threads = getattr(pn.state, "_thread_pool", None)
    if threads is None:
        return
    if not isinstance(threads, _AtOnce):
        threads = pn.state._thread_pool = _AtOnce(threads)
    threads.documents.add(doc)


class _AtOnce(Executor):
    """Calls what concerns some documents at once, and leaves the rest to threads."""

    def __init__(self, threads: Executor) -> None:
        self._threads = threads
        self.documents: WeakSet[Document] = WeakSet()

    def submit(self, function: Callable[..., Any], /, *args: Any, **options: Any) -> Future[Any]:
        doc = next((one for one in args if isinstance(one, Document)), pn.state.curdoc)
        if doc not in self.documents:
            return self._threads.submit(function, *args, **options)
        outcome: Future[Any] = Future()
        try:
            outcome.set_result(function(*args, **options))
        except Exception as error:
            outcome.set_exception(error)
        return outcome

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
