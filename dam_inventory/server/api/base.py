"""ApiHandler: what all requests to the API share: access, limits, errors, answers."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from typing import Any, NoReturn, TypeVar

from tornado.httputil import format_timestamp
from tornado.iostream import StreamClosedError
from tornado.web import Finish, HTTPError, RequestHandler

from ...domain.permissions import User
from ...errors import (
    Cancelled,
    DamInventoryError,
    DatabaseUnavailable,
    DatabaseUpgraded,
    InvalidFile,
    InvalidFilter,
    UnknownDam,
    UnknownHydrograph,
)
from ...runtime import Runtime
from ...session.workers import Workers, exporters, readers
from ..auth.attempts import network
from ..limits.web_server import CLIENT_CLOSED_REQUEST
from ..process import the_runtime
from . import access
from .arguments import takes_gzip
from .links import root_of
from .media import HTML, JSON
from .page import CONTENT_SECURITY_POLICY
from .places import NoPlace, Places
from .rates import Rates

Result = TypeVar("Result")

HIGHEST_ID = 2**63 - 1

SECONDS_TO_READ = 60
"""A client that reads nothing for so long is disconnected."""

MAX_BYTES_HELD = 64_000_000
"""Total size of the answers that clients have not read yet, but for streams."""

_PIECE = 256 * 1024
_WORTH_PACKING = 1000
_RATES = "dam_inventory.api.rates"
_PLACES = "dam_inventory.api.places"
_HELD = "dam_inventory.api.held"
_CHANGED = "dam_inventory.api.changed"
_SECONDS_TO_LOOK = 0.5

_CODES = {
    400: "InvalidParameterValue",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    429: "TooManyRequests",
    503: "Unavailable",
}

_STATUS: dict[type[DamInventoryError], int] = {
    InvalidFilter: 400,
    InvalidFile: 501,
    UnknownDam: 404,
    UnknownHydrograph: 404,
    Cancelled: CLIENT_CLOSED_REQUEST,
    DatabaseUnavailable: 503,
    DatabaseUpgraded: 503,
}


class ApiHandler(RequestHandler):
    """Answers a request to the API.

    user: who sends it. runtime: this process's. root: the address of the API as the client sees
    it, without a slash at the end. is_gone: whether the client has gone.
    """

    SUPPORTED_METHODS = ("GET", "HEAD", "OPTIONS")
    is_put_off = False
    user: User
    runtime: Runtime
    root: str
    is_gone = False
    _kept: Mapping[str, str] = {}

    def set_default_headers(self) -> None:
        """Set the headers of all answers, also of errors."""
        self.clear_header("Server")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Vary", "Accept, Accept-Encoding, Authorization, Origin")
        for name, value in self._kept.items():
            self.set_header(name, value)

    def keep_header(self, name: str, value: str) -> None:
        """Set a header that an error keeps, too."""
        self._kept = {**self._kept, name: value}
        self.set_header(name, value)

    async def prepare(self) -> None:
        """Check whether this client may use the API, and has requests left."""
        self.root = root_of(self)
        self.runtime = await self.compute(the_runtime, readers)
        settings = self.runtime.settings
        if not settings.api:
            raise HTTPError(404, "The API is turned off on this server.")
        self._allow_origin(settings.api_origins)
        if seconds := self._rates(settings.api_requests_per_minute).take(
            network(self.request.remote_ip or "")
        ):
            self.put_off(429, seconds, "Too many requests. Wait, then try again.")
        if self.request.method == "OPTIONS":
            return
        try:
            self.user = await access.user_of(self)
        except access.Refused as refused:
            if refused.retry_after is not None:
                self.put_off(refused.status, refused.retry_after, refused.description)
            if refused.status == 401:
                self.keep_header("WWW-Authenticate", 'Bearer realm="Dam Inventory"')
            self.fail(refused.status, refused.description)
        await self._look_when_changed()

    def options(self, *arguments: str) -> None:
        """Tell which methods there are; a browser asks before it sends some requests."""
        self.set_header("Allow", ", ".join(self.SUPPORTED_METHODS))
        self.set_status(204)

    async def head(self, *arguments: str) -> None:
        """Answer like `get`, without a body."""
        if (answer := self.get(*arguments)) is not None:
            await answer

    async def compute(self, work: Callable[[], Result], workers: Workers = exporters) -> Result:
        """Do something in a worker, and return its result or raise its DamInventoryError."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()

        def wanted() -> Result:
            if self.is_gone:
                raise Cancelled("The client has gone.")
            return work()

        def resolve(outcome: Any) -> None:
            if answer.done():
                return
            if isinstance(outcome, DamInventoryError):
                answer.set_exception(outcome)
            else:
                answer.set_result(outcome)

        def done(outcome: Any) -> None:
            with suppress(RuntimeError):  # The server has ended, and its event loop with it.
                loop.call_soon_threadsafe(resolve, outcome)

        workers.do(wanted, done)
        result: Result = await answer
        return result

    def dam_id(self, text: str) -> int:
        """Return the ID of a dam that the snapshot contains; else fail with 404."""
        is_id = text.isascii() and text.isdecimal() and len(text) <= 19
        dam_id = int(text) if is_id and int(text) <= HIGHEST_ID else 0
        if self.runtime.feed.snapshot.row_of(dam_id) is None:
            self.fail(404, f'There is no dam "{text[:100]}". It may have been removed.')
        return dam_id

    def is_known(self, *parts: object) -> bool:
        """Set the ETag; return True, with status 304, if the client has this answer already.

        parts: what else the answer depends on, beside the address, the revision and the day.
        """
        feed, snapshot = self.runtime.feed, self.runtime.feed.snapshot
        text = repr(
            (_version(), self.root, self.request.uri, snapshot.epoch, snapshot.revision,
             feed.today, parts)
        )  # fmt: skip
        tag = hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()
        self.set_header("Etag", f'W/"{tag}"')
        self.set_header("Cache-Control", "no-cache")
        if (moment := self.application.settings[_CHANGED][1]) is not None:
            self.set_header("Last-Modified", format_timestamp(moment))
        if not self.check_etag_header():
            return False
        self.set_status(304)
        return True

    def compute_etag(self) -> None:
        """Compute no ETag of the body: `is_known` sets one, before there is a body."""

    async def answer(self, body: bytes, media_type: str) -> None:
        """Send a body, packed if the client takes that, in pieces that it has to read."""
        self.set_header("Content-Type", media_type)
        if media_type == HTML:
            self.set_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        if self._takes_gzip() and len(body) >= _WORTH_PACKING:
            self.set_header("Content-Encoding", "gzip")
            body = await self.compute(lambda: gzip.compress(body, 1))
        self.set_header("Content-Length", str(len(body)))
        shared = self.application.settings
        if shared.setdefault(_HELD, 0) + len(body) > MAX_BYTES_HELD:
            self.put_off(503, 5, "The server is busy with other answers. Try again soon.")
        shared[_HELD] += len(body)
        try:
            await self.send(body)
        finally:
            shared[_HELD] -= len(body)

    async def stream_in_turn(self, chunks: Iterator[bytes], is_packed: bool = False) -> None:
        """Send what `stream` does as soon as there is a place for a large answer."""
        places: Places = self.application.settings.setdefault(_PLACES, Places())
        try:
            async with places.one(network(self.request.remote_ip or "")):
                await self.stream(chunks, is_packed)
        except NoPlace as error:
            self.put_off(429 if error.is_own else 503, 10, str(error))

    async def stream(self, chunks: Iterator[bytes], is_packed: bool = False) -> None:
        """Send what an iterator yields, each part when the client has read the one before.

        chunks: a generator, which runs in workers, and is closed when the client goes away.
        is_packed: whether packing it once more would gain nothing.
        """
        packer = None
        if not is_packed and self._takes_gzip():
            self.set_header("Content-Encoding", "gzip")
            packer = zlib.compressobj(1, wbits=31)
        if self.request.method == "HEAD":
            await self.flush()
            return
        has_begun = False
        try:
            while (chunk := await self.compute(lambda: _next(chunks, packer))) is not None:
                has_begun = True
                await self.send(chunk)
            if packer is not None:
                await self.send(packer.flush())
        except DamInventoryError:
            if has_begun:
                # Not an orderly end: the client would take a part for all.
                self._leave()
            raise
        finally:
            if (close := getattr(chunks, "close", None)) is not None:
                exporters.do(close, lambda _: None)

    async def send(self, body: bytes) -> None:
        """Send bytes; end this request if the client has gone, or does not read them."""
        for start in range(0, len(body), _PIECE) if self.request.method != "HEAD" else ():
            self.write(body[start : start + _PIECE])
            try:
                await asyncio.wait_for(self._flushed(), SECONDS_TO_READ)
            except (StreamClosedError, TimeoutError):
                self._leave()
        if self.request.method == "HEAD":
            await self.flush()

    async def _flushed(self) -> None:
        if self.is_gone:
            raise StreamClosedError
        await self.flush()

    def _leave(self) -> NoReturn:
        """Stop: the client has gone, or reads nothing."""
        self.set_status(CLIENT_CLOSED_REQUEST, "Client Closed Request")
        stream = getattr(self.request.connection, "stream", None)
        if stream is not None:
            stream.close()
        raise Finish

    def on_connection_close(self) -> None:
        """Remember that the client has gone."""
        self.is_gone = True

    def fail(self, status: int, description: str) -> NoReturn:
        """Raise an error whose description the client gets."""
        raise HTTPError(status, description.replace("%", "%%"))

    def put_off(self, status: int, seconds: int, description: str) -> NoReturn:
        """Tell the client to come again in some seconds; raise the error."""
        self.is_put_off = True
        self.keep_header("Retry-After", str(seconds))
        self.fail(status, description)

    def log_exception(self, *exc_info: Any) -> None:
        """Log only what is not expected; other requests have a line in the log anyway."""
        if not isinstance(exc_info[1], HTTPError | DamInventoryError):
            super().log_exception(*exc_info)

    def send_error(self, status_code: int = 500, **options: Any) -> None:
        """Give errors of this package their status."""
        error = options.get("exc_info", (None, None))[1]
        for kind, status in _STATUS.items():
            if isinstance(error, kind):
                status_code = status
        if status_code == 503 and not self.is_put_off:
            self.is_put_off = True  # The feed logs that the database is away.
            self.keep_header("Retry-After", "5")
        super().send_error(status_code, **options)

    def write_error(self, status_code: int, **options: Any) -> None:
        """Answer with an error as JSON: a code, and a description for people."""
        error = options.get("exc_info", (None, None))[1]
        described = str(error) if isinstance(error, DamInventoryError) else ""
        if isinstance(error, HTTPError) and error.log_message:
            described = error.log_message.replace("%%", "%")
        code = _CODES.get(status_code, self._reason.replace(" ", ""))
        self.set_header("Content-Type", JSON)
        self.set_header("Cache-Control", "no-store")
        if status_code == 405:
            self.set_header("Allow", ", ".join(self.SUPPORTED_METHODS))
        self.finish(json.dumps({"code": code, "description": described or f"{self._reason}."}))

    def _allow_origin(self, origins: str) -> None:
        origin = self.request.headers.get("Origin")
        if origin and (origin in origins.split() or origins == "*"):
            self.keep_header("Access-Control-Allow-Origin", origin)
            self.keep_header(
                "Access-Control-Expose-Headers", "Content-Disposition, ETag, Retry-After"
            )
            if self.request.method == "OPTIONS":
                self.keep_header("Access-Control-Allow-Methods", "GET, HEAD")
                self.keep_header("Access-Control-Allow-Headers", "Authorization, Last-Event-ID")
                self.keep_header("Access-Control-Max-Age", "600")

    async def _look_when_changed(self) -> None:
        """Remember when the change of this revision was made, for all requests that follow."""
        # Only told, and never compared: of two changes in one second, a client would miss one.
        snapshot, shared = self.runtime.feed.snapshot, self.application.settings
        revision = (snapshot.epoch, snapshot.revision)
        if shared.get(_CHANGED, ((), None))[0] == revision:
            return
        shared[_CHANGED] = (revision, None)
        inventory, after = self.runtime.inventory, snapshot.revision + 1
        newest = self.compute(lambda: inventory.history(before=after, most=1), readers)
        with suppress(DamInventoryError, TimeoutError):
            for change in await asyncio.wait_for(newest, _SECONDS_TO_LOOK):
                shared[_CHANGED] = (revision, change.at)

    def _rates(self, per_minute: int) -> Rates:
        rates: Rates = self.application.settings.setdefault(_RATES, Rates(per_minute))
        return rates

    def _takes_gzip(self) -> bool:
        return takes_gzip(self.request.headers.get("Accept-Encoding", ""))


@cache
def _version() -> str:
    return version("dam-inventory")


def _next(chunks: Iterator[bytes], packer: Any) -> bytes | None:
    for chunk in chunks:
        if packed := packer.compress(chunk) if packer else chunk:
            return packed
    return None
