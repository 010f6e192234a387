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
from ...snapshot.snapshot import Snapshot
from ..auth.attempts import network
from ..process import the_runtime
from . import access
from .last_change import LastChange
from .links import root_of
from .rates import Rates
from .sending import Sending

HIGHEST_ID = 2**63 - 1

_RATES = "dam_inventory.api.rates"
_CHANGED = "dam_inventory.api.changed"
_SECONDS_TO_LOOK = 0.5
_ALLOWED_HEADERS = (
    "Accept, Authorization, Cache-Control, If-Modified-Since, If-None-Match, Last-Event-ID"
)


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
        self.set_header("Accept-Ranges", "none")
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

    def dam_id(self, text: str, snapshot: Snapshot | None = None) -> int:
        """Return the ID of a dam that a snapshot, or else the newest, contains, or fail: 404."""
        dam_id = _id_in(text)
        if (snapshot or self.runtime.feed.snapshot).row_of(dam_id) is None:
            self.fail(404, f'There is no dam "{text[:100]}". It may have been removed.')
        return dam_id

    async def logged_dam_id(self, text: str) -> int:
        """Return the ID of a dam that the log knows, which may have been removed, or fail: 404."""
        dam_id, inventory = _id_in(text), self.runtime.inventory
        if not await self.compute(lambda: inventory.history(dam_id, most=1), readers):
            self.fail(404, f'There has never been a dam "{text[:100]}".')
        return dam_id

    def is_known(self, *parts: object, snapshot: Snapshot | None = None) -> bool:
        """Set the ETag; return True, with status 304, if the client has this answer already.

        parts: what else the answer depends on, beside the address, the revision and the day.
        snapshot: that of the answer, if it must not be a newer one.
        """
        feed, today = self.runtime.feed, self.runtime.feed.today
        snapshot = snapshot or feed.snapshot
        text = repr(
            (_version(), self.root, self.request.uri, snapshot.epoch, snapshot.revision,
             today, parts)
        )  # fmt: skip
        tag = hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()
        self.set_header("Etag", f'W/"{tag}"')
        self.set_header("Cache-Control", "no-cache")
        modified = _last_change(self).modified(_revision_of(snapshot), today)
        told = "" if modified is None else format_timestamp(modified)
        if told:
            self.set_header("Last-Modified", told)
        if not self._has_answer(told):
            return False
        self.set_status(304)
        return True

    def _has_answer(self, last_modified: str) -> bool:
        if "If-None-Match" in self.request.headers:
            return self.check_etag_header()
        # Just this moment, not a later one: after a restore, the inventory is an older one.
        return bool(last_modified) and (
            self.request.headers.get("If-Modified-Since") == last_modified
        )

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
                self.keep_header("Access-Control-Allow-Headers", _ALLOWED_HEADERS)
                self.keep_header("Access-Control-Max-Age", "600")

    async def _look_when_changed(self) -> None:
        """Remember when the change of this revision was made, for all requests that follow."""
        snapshot, inventory = self.runtime.feed.snapshot, self.runtime.inventory
        last_change, revision = _last_change(self), _revision_of(snapshot)
        if not last_change.is_to_look_up(revision):
            return
        before = snapshot.revision + 1
        newest = self.compute(lambda: inventory.history(before=before, most=2), readers)
        with suppress(DamInventoryError, TimeoutError):
            changes = await asyncio.wait_for(newest, _SECONDS_TO_LOOK)
            last_change.remember(revision, [one.at for one in changes])

    def _rates(self, per_minute: int) -> Rates:
        rates: Rates = self.application.settings.setdefault(_RATES, Rates(per_minute))
        return rates


def _id_in(text: str) -> int:
    """Return the ID that a text is, or 0, which is that of no dam."""
    is_id = text.isascii() and text.isdecimal() and len(text) <= 19
    return int(text) if is_id and int(text) <= HIGHEST_ID else 0


def _revision_of(snapshot: Snapshot) -> tuple[str | None, int]:
    return snapshot.epoch, snapshot.revision


def _last_change(handler: ApiHandler) -> LastChange:
    found: LastChange = handler.application.settings.setdefault(_CHANGED, LastChange())
    return found


@cache
def _version() -> str:
    return version("dam-inventory")
