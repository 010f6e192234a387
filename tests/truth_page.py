"""A page without a browser: what it was told, in which order, and what its table shows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from itertools import count
from re import search
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.iostream import StreamClosedError
from tornado.simple_httpclient import HTTPStreamClosedError
from tornado.websocket import (
    WebSocketClientConnection,
    WebSocketClosedError,
    websocket_connect,
)

from tests.starting import PATIENCE
from tests.truth import AWAY

_CLOSED = (OSError, EOFError, StreamClosedError, HTTPStreamClosedError, WebSocketClosedError)

Rows = dict[int, tuple[str, str]]


class Lost(Exception):
    """The server has gone."""


class Page:
    """A page of `truth_app.py`, by one user.

    events: for `truth.Account.check`.
    """

    def __init__(self, origin: str, who: str) -> None:
        self.who = who
        self.events: list[tuple[str, Any]] = []
        self.toast: dict[str, Any] = {}
        self.waiting = 0
        self.rows: Rows = {}
        self.is_open = self.is_lost = False
        self._origin = origin
        self._pressed = 0
        self._numbers = count(1)
        self._answers: dict[str, asyncio.Future[Any]] = {}
        self._changed = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None
        self._bar = self._data = self._table = self._session = self._content = ""

    async def open(self, seen: str = "") -> None:
        """Open the page; seen: the mark that its user has seen, if it had another before."""
        path = f"/truth_app?as={self.who}&rows=100&columns=dam_name,river&seen={seen}"
        found = search(r'"token":"([^"]+)"', await self._get(path))
        assert found, "The page has no token."
        address = self._origin.replace("http", "ws", 1) + "/truth_app/ws"
        request = HTTPRequest(address, headers={"Origin": self._origin}, request_timeout=PATIENCE)
        socket = websocket_connect(request, subprotocols=["bokeh", found[1]])
        self._socket: WebSocketClientConnection = await self._unless_lost(socket)
        acknowledged = self._answers["ACK"] = asyncio.get_running_loop().create_future()
        self._listening = asyncio.create_task(self._listen())
        await acknowledged
        self._take(await self.ask("PULL-DOC-REQ", {}))
        await self._tell("document_ready")
        since = int(seen.partition("-")[0] or 0)
        self.events.insert(0, ("opened", (since, await self.shown(), self.events.pop(0)[1])))
        self.is_open = True
        if 0 < since < self.events[0][1][1]:
            await self.wait(lambda: AWAY in self.toast["text"], lambda: "what was missed")

    async def press(self, button: str) -> None:
        """Press a button of the toast, and wait until that has been done."""
        self.events.append(("began", {"nevermind": "dismiss"}.get(button, button)))
        target = {"type": "map", "entries": [["value", self._content]]}
        data = {"type": "map", "entries": [["type", "onclick"], ["target", target]]}
        self._pressed += 1
        await self._tell("dom_event", model={"id": self._bar}, node=button, data=data)
        await self._done()

    async def act(self, seed: str) -> None:
        """Make a random change."""
        self.events.append(("began", "act"))
        await self._get(f"/act?session={self._session}&seed={seed}")
        await self._done()

    async def shown(self) -> int:
        """Return the revision that the session shows, once all that it has sent is here."""
        path = f"/shown?session={self._session}&pressed={self._pressed}"
        revision = json.loads(await self._get(path))["revision"]
        await self.ask("SERVER-INFO-REQ", {})
        return int(revision)

    async def wait(self, is_true: Callable[[], bool], what: Callable[[], str]) -> None:
        """Wait until something is true; fail when it isn't for long."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not is_true():
                    self._fail_if_lost()
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"{self.who} waits for {what()}: {self.toast}") from None
        self._fail_if_lost()

    async def ask(self, kind: str, content: object) -> Any:
        """Send a message of Bokeh's protocol, and return the content of its answer."""
        number = str(next(self._numbers))
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        self._fail_if_lost()
        for part in ({"msgid": number, "msgtype": kind}, {}, content):
            await self._unless_lost(self._socket.write_message(json.dumps(part)))
        return await answer

    async def close(self) -> None:
        """Leave the page; closed twice is as once."""
        if self._listening is not None:
            self._socket.close()
            await self._listening

    async def _done(self) -> None:
        self.events.append(("done", await self.shown()))

    async def _tell(self, name: str, **values: object) -> None:
        entries = [list(pair) for pair in values.items()]
        data = {"type": "event", "name": name, "values": {"type": "map", "entries": entries}}
        sent = {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": data}
        await self.ask("PATCH-DOC", {"events": [sent]})

    async def _get(self, path: str) -> str:
        client = AsyncHTTPClient(force_instance=True)
        try:
            answer = await self._unless_lost(
                client.fetch(self._origin + path, request_timeout=4 * PATIENCE)
            )
            return str(answer.body.decode())
        finally:
            client.close()

    async def _unless_lost(self, work: Any) -> Any:
        try:
            return await work
        except _CLOSED as error:
            raise Lost(str(error)) from error

    def _fail_if_lost(self) -> None:
        if self.is_lost:
            raise Lost

    async def _listen(self) -> None:
        try:
            while True:
                header = json.loads(await self._part())
                _, content = await self._part(), await self._part()
                for _ in range(2 * header.get("num_buffers", 0)):
                    await self._part()
                self._hear(header, json.loads(content))
        except Lost:
            pass
        finally:
            self.is_lost = True
            self._changed.set()
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(Lost())

    async def _part(self) -> str:
        part = await self._socket.read_message()
        if part is None:  # Tornado says so once; who asks again waits for ever.
            raise Lost
        return str(part)

    def _hear(self, header: dict[str, Any], content: Any) -> None:
        about = "ACK" if header["msgtype"] == "ACK" else header.get("reqid", "")
        answer = self._answers.pop(about, None)
        if header["msgtype"] == "PATCH-DOC":
            for event in content["events"]:
                if event["kind"] == "ModelChanged":
                    self._note(event["model"]["id"], event["attr"], event["new"])
        elif header["msgtype"] == "ERROR":
            self.events.append(("error", content))
        if answer is not None and not answer.done():
            answer.set_result(content)
        self._changed.set()

    def _note(self, model: str, name: str, value: Any) -> None:
        if (model, name) == (self._data, "content"):
            self._content, self.toast = value, json.loads(value)
            self.events.append(("toast", self.toast))
        elif (model, name) == (self._data, "waiting"):
            self.waiting = value
        elif (model, name) == (self._table, "content"):
            shown = json.loads(value)
            self.rows = {row[0]: (row[3], row[4]) for row in shown["rows"]}

    def _take(self, document: Any) -> None:
        for model in _objects(document):
            attributes = model.get("attributes", {})
            data = attributes.get("data")
            known = data.get("attributes", {}) if isinstance(data, dict) else {}
            content = known.get("content", "")
            if not isinstance(content, str):
                continue
            if '"reloads"' in content:
                self._bar, self._data = model["id"], data["id"]
                self._session = known["session"]
                self._note(self._data, "content", content)
            elif '"rows"' in content:
                self._table = data["id"]
                self._note(self._table, "content", content)
        assert self._data, "The page has no toast."
        assert self._table, "The page has no table."


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get("type") == "object":
            yield value
        for one in value.values():
            yield from _objects(one)
    elif isinstance(value, list):
        for one in value:
            yield from _objects(one)
