"""Somebody at a page's websocket who sends whatever they like, as no browser would."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from websockets.sync.client import ClientConnection

from tests.servers import PATIENCE


@dataclass(frozen=True)
class Part:
    """A component of the page: the id of its model, that of its properties, and what they are."""

    model: str
    data: str
    kind: str
    properties: Mapping[str, Any]


class Attacker:
    """Reads what a page consists of, hidden or not, and forges what a browser would tell."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._numbers = count(1)
        self._parts: list[Part] = []
        self._heard = ""
        self._ask("PULL-DOC-REQ", {})
        self._tell({"type": "event", "name": "document_ready", "values": {"type": "map"}})

    def press(self, label: str) -> None:
        """Click on the button that came last with this label."""
        button = self._wait_for(label=label)
        entries = [["model", {"id": button.model}], ["node", "click"], ["data", {"type": "map"}]]
        values = {"type": "map", "entries": entries}
        self._tell({"type": "event", "name": "dom_event", "values": values})

    def type(self, **texts: str) -> None:
        """Put texts into the fields that came last with these labels, underscores for spaces."""
        for label, text in texts.items():
            field = self._wait_for(label=label.replace("_", " "))
            self._set(field, "value_input" if "restrict" in field.properties else "value", text)

    def set(self, kind: str, name: str, value: object) -> None:
        """Set a property of the component that came last of a kind."""
        self._set(self._wait_for(kind), name, value)

    def wait_for_text(self, text: str) -> None:
        """Read on until the server has said this, once more than it was waited for."""
        while text not in self._heard:
            self._read()
        self._heard = self._heard.partition(text)[2]

    def _set(self, part: Part, name: str, value: object) -> None:
        change = {"kind": "ModelChanged", "model": {"id": part.data}, "attr": name, "new": value}
        self._ask("PATCH-DOC", {"events": [change]})

    def _tell(self, event: Mapping[str, object]) -> None:
        sent = {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event}
        self._ask("PATCH-DOC", {"events": [sent]})

    def _ask(self, kind: str, content: object) -> None:
        """Send a message of Bokeh's protocol, and read up to its answer, which must be good."""
        number = str(next(self._numbers))
        for part in ({"msgid": number, "msgtype": kind}, {}, content):
            self._connection.send(json.dumps(part))
        while (answer := self._read()).get("reqid") != number:
            pass
        assert answer["msgtype"] in ("OK", "PULL-DOC-REPLY"), answer

    def _wait_for(self, kind: str = "", **properties: object) -> Part:
        """Return a component as soon as the page has it."""

        def found() -> Part | None:
            fitting = (
                one for one in reversed(self._parts)
                if one.kind.startswith(kind) and properties.items() <= one.properties.items()
            )  # fmt: skip
            return next(fitting, None)

        while (part := found()) is None:
            self._read()
        return part

    def _read(self) -> dict[str, Any]:
        """Read a message, note the components in it, and return its header."""
        header = json.loads(self._connection.recv(timeout=PATIENCE))
        if "msgtype" not in header:
            return {}
        self._connection.recv(timeout=PATIENCE)
        text = str(self._connection.recv(timeout=PATIENCE))
        self._heard += text
        for _ in range(2 * header.get("num_buffers", 0)):
            self._connection.recv(timeout=PATIENCE)
        self._parts += _parts(json.loads(text))
        return header


def _parts(content: Any) -> Iterator[Part]:
    if isinstance(content, list):
        for one in content:
            yield from _parts(one)
    elif isinstance(content, dict):
        for one in content.values():
            yield from _parts(one)
        attributes = content.get("attributes")
        data = attributes.get("data") if isinstance(attributes, dict) else None
        if isinstance(data, dict) and data.get("type") == "object" and "attributes" in data:
            kind = attributes.get("class_name") or attributes.get("name") or data["name"]
            yield Part(content["id"], data["id"], kind, _plain(data["attributes"]))


def _plain(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return those properties that can be compared with a text or a number."""
    return {name: one for name, one in attributes.items() if isinstance(one, str | int)}
