"""ApiHandler: what all requests to the API share."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import suppress
from functools import cache
from importlib.metadata import version

from tornado.httputil import format_timestamp
from tornado.web import HTTPError

from ...domain.permissions import User
from ...errors import DamInventoryError
from ...runtime import Runtime
from ...session.workers import readers
from ..auth.attempts import network
from ..process import the_runtime
from . import access
from .links import root_of
from .rates import Rates
from .sending import Sending

HIGHEST_ID = 2**63 - 1

_RATES = "dam_inventory.api.rates"
_CHANGED = "dam_inventory.api.changed"
_SECONDS_TO_LOOK = 0.5


class ApiHandler(Sending):
    """Answers a request to the API.

    user: who sends it. runtime: this process's. root: the address of the API as the client sees
    it, without a slash at the end.
    """

    user: User
    runtime: Runtime
    root: str

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


@cache
def _version() -> str:
    return version("dam-inventory")
