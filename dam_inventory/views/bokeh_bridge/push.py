"""One property of one model to one page, where it can be for a third of Bokeh's own price.

When a property is set, Bokeh makes a dictionary of every model of the document, encodes the
change, and writes three websocket frames, each with a system call of its own. News go to hundreds
of pages at once, and the dams of a map follow every pan; so here the message is put together as
text and written at once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

from bokeh.model import Model
from bokeh.models import ColumnDataSource

from ...live.frames import text_frames
from .arrays import InlineArray
from .burst import write
from .delivery import is_in, loop_of, may_change, sockets_to
from .documents import run_in
from .internals import has_unsent, is_free, set_unheard


def push(model: Model, attribute: str, value: str) -> None:
    """Set a property, and send it to the page if there is one; what is set survives a reconnect.

    value: text; a property of a model that nobody observes on this side.
    """
    doc = model.document
    sockets = sockets_to(doc)
    if sockets is None:
        if doc is None or may_change(doc):
            setattr(model, attribute, value)
        else:
            run_in(doc, partial(setattr, model, attribute, value))
        return
    if not is_in(loop_of(doc.session_context)):
        # No other thread may write to a websocket.
        run_in(doc, partial(push, model, attribute, value))
    elif _is_set_unheard(model, attribute, value):
        changed = f'"kind":"ModelChanged","model":{{"id":"{model.id}"}},"attr":"{attribute}"'
        _send(sockets, f'{{{changed},"new":{_quoted(value)}}}')


def push_columns(source: ColumnDataSource, columns: Mapping[str, Any]) -> None:
    """Set the data of a source in a document that may be changed, and send them to its page.

    columns: lists of numbers and texts, and InlineArrays.
    """
    doc = source.document
    sockets = sockets_to(doc)
    # What Bokeh has not sent yet would come later than this, although it was changed before.
    if sockets is None or has_unsent(doc.session_context.session):
        source.data = columns
    elif _is_set_unheard(source, "data", columns):
        data = json.dumps({"type": "map", "entries": [*columns.items()]}, default=_inline)
        changed = f'"kind":"ColumnDataChanged","model":{{"id":"{source.id}"}},"attr":"data"'
        _send(sockets, f'{{{changed},"data":{data},"cols":null}}')


def _is_set_unheard(model: Model, attribute: str, value: Any) -> bool:
    """Do what Bokeh's descriptor would do, without telling the session to send it."""
    if set_unheard(model, attribute, value):
        return True
    setattr(model, attribute, value)
    return False


def _inline(array: InlineArray) -> Any:
    return array.to_serializable(None)


def _send(sockets: list[Any], event: str) -> None:
    content = f'{{"events":[{event}]}}'
    for socket in sockets:
        # Another message may be half written: its three parts must stay together.
        if is_free(socket.write_lock):
            _write(socket, content)
        else:
            turn = socket.write_lock.acquire()
            turn.add_done_callback(partial(_write_in_turn, socket, content))


def _write_in_turn(socket: Any, content: str, turn: Any) -> None:
    with turn.result():
        _write(socket, content)


def _write(socket: Any, content: str) -> None:
    stream = socket.ws_connection and socket.ws_connection.stream
    if stream is None or stream.closed():
        return
    write(stream, _BEFORE + text_frames(content))


@lru_cache(maxsize=8)
def _quoted(value: str) -> str:
    return json.dumps(value)


# Nobody answers a patch, so nobody asks for the number of this message.
_BEFORE = text_frames('{"msgid":"news","msgtype":"PATCH-DOC"}', "{}")
"""The header and the metadata of each message."""
