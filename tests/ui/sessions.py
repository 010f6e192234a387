"""Sessions of the dashboard without a browser, which open it as one does but draw nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import urlopen

from websockets.sync.client import ClientConnection, connect

from tests.servers import PATIENCE
from tests.ui.server import Server


def fetch(server: Server, patience: float = PATIENCE) -> str:
    """Return the page, as a robot gets it that goes no further."""
    with urlopen(server.url, timeout=patience) as answer:
        return answer.read().decode()


@contextmanager
def session(server: Server, patience: float = PATIENCE) -> Iterator[ClientConnection]:
    """Open the dashboard; patience: seconds that each step may take."""
    token = re.findall(r'"token":\s*"([^"]+)"', fetch(server, patience))[0]
    address = server.url.replace("http:", "ws:") + "/ws"
    with connect(
        address,
        subprotocols=["bokeh", token],  # type: ignore[list-item]
        origin=server.origin,  # type: ignore[arg-type]
        max_size=None,
        open_timeout=patience,
        proxy=None,
    ) as socket:
        wait_for_message(socket, '"ACK"', patience)
        _ask(socket, "PULL-DOC-REQ", {}, patience)
        event = {"type": "event", "name": "document_ready", "values": {"type": "map"}}
        sent = {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event}
        _ask(socket, "PATCH-DOC", {"events": [sent]}, patience)
        yield socket


def wait_for_message(socket: ClientConnection, part: str, patience: float = PATIENCE) -> str:
    """Read what the server says up to a fragment with this in it; return that without spaces."""
    fragment = ""
    while part not in fragment:
        fragment = str(socket.recv(timeout=patience)).replace(" ", "")
    return fragment


def _ask(socket: ClientConnection, kind: str, content: object, patience: float) -> None:
    for part in ({"msgid": kind, "msgtype": kind}, {}, content):
        socket.send(json.dumps(part))
    wait_for_message(socket, f'"reqid":"{kind}"', patience)
