"""A program that reads the API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, build_opener

from tests.servers import PATIENCE

_DIRECT = build_opener()


@dataclass(frozen=True)
class Answer:
    """What the server has answered."""

    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def media_type(self) -> str:
        return self.headers["Content-Type"].partition(";")[0]

    def link(self, rel: str, media_type: str | None = None) -> str | None:
        """Return the address of a link in JSON, None if there is none."""
        for one in self.json["links"]:
            if one["rel"] == rel and media_type in (None, one["type"]):
                return str(one["href"])
        return None


class Client:
    """Sends requests to the API of a server. root: its address, with /api."""

    def __init__(self, root: str) -> None:
        self.root = root

    def get(self, path: str = "", method: str = "GET", **headers: str) -> Answer:
        """Send a request. path: below the root, or a whole address. headers: _ stands for -."""
        url = path if path.startswith("http") else self.root + path
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            answer = _DIRECT.open(Request(url, headers=named, method=method), timeout=PATIENCE)
        except HTTPError as error:
            answer = error
        with answer:
            return Answer(answer.status, answer.headers, answer.read())

    def items(self, **parameters: object) -> Answer:
        """Ask for dams. parameters: a list for a parameter that is repeated."""
        return self.get("/collections/dams/items?" + urlencode(parameters, doseq=True))

    def pages(self, **parameters: object) -> Iterator[Answer]:
        """Follow the links from page to page."""
        page = self.items(**parameters)
        yield page
        while (following := page.link("next", "application/geo+json")) is not None:
            page = self.get(following)
            yield page


def ids(*pages: Answer) -> list[int]:
    """Return the IDs of the dams of pages, in their order."""
    return [one["id"] for page in pages for one in page.json["features"]]
