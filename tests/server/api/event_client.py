"""A client of server-sent events, as the standard describes one, and a proxy that cuts it off."""

from __future__ import annotations

import json
import random
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

from tests.servers import PATIENCE


@dataclass
class Event:
    """What a client was told: the last id, the kind, the JSON."""

    id: str
    kind: str
    data: Any


@dataclass
class EventClient:
    """Reads a stream; remembers the last id, also of an event without data."""

    url: str
    last_id: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)

    @contextmanager
    def connected(self) -> Iterator[HTTPResponse]:
        """Ask for the stream, from the last id on."""
        parts = urlsplit(self.url)
        with closing(HTTPConnection(parts.netloc, timeout=PATIENCE)) as connection:
            headers = {"Accept": "text/event-stream", **self.headers}
            if self.last_id:
                headers["Last-Event-ID"] = self.last_id
            connection.request("GET", f"{parts.path}?{parts.query}", headers=headers)
            with connection.getresponse() as answer:
                yield answer

    def events(self, answer: HTTPResponse) -> Iterator[Event]:
        """Yield what arrives whole; what a cut has left incomplete does not count."""
        fields: dict[str, str] = {}
        while line := answer.readline():
            if not line.endswith(b"\n"):
                return
            text = line.decode().rstrip("\n")
            if text:
                name, _, value = text.partition(":")
                if name:
                    fields[name] = value.removeprefix(" ")
                else:
                    self.comments.append(value)
                continue
            self.last_id = fields.get("id", self.last_id)
            if "data" in fields:
                yield Event(self.last_id, fields.get("event", ""), json.loads(fields["data"]))
            fields = {}

    def until(self, seq: int) -> list[Event]:
        """Return the events up to a change, from one or more connections."""
        heard: list[Event] = []
        while not heard or heard[-1].data["seq"] < seq:
            with suppress(OSError, HTTPException), self.connected() as answer:
                if answer.status == 200:
                    for event in self.events(answer):
                        heard.append(event)
                        if event.data["seq"] >= seq:
                            break
        return heard


class CuttingProxy:
    """Passes connections on, and cuts each off after a random number of bytes."""

    def __init__(self, address: str, chance: random.Random, most: int) -> None:
        host, _, port = address.partition(":")
        self._target = host, int(port)
        self._chance = chance
        self._most = most
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listening.getsockname()[1]}"
        self.cuts = 0
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        """Cut everything off, for good."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(client,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        left = self._chance.randint(0, self._most)
        with client, socket.create_connection(self._target) as server:
            with suppress(OSError):
                while left > 0:
                    ready, _, _ = select.select([client, server], [], [], PATIENCE)
                    if client in ready:
                        if not (asked := client.recv(65536)):
                            return
                        server.sendall(asked)
                    if server in ready:
                        if not (data := server.recv(min(left, 4096))):
                            return
                        client.sendall(data)
                        left -= len(data)
            self.cuts += 1
