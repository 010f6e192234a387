"""A `panel serve` plugin: GET /add adds a dam in the process of the server, as the form does."""

from __future__ import annotations

import asyncio
import json
import time

from tornado.web import RequestHandler

from dam_inventory.domain.dam import DamDraft
from dam_inventory.runtime import Runtime
from dam_inventory.server.process import the_runtime


class Add(RequestHandler):
    """Adds a dam and answers with the time of the commit, in time.monotonic_ns."""

    async def get(self) -> None:
        runtime = the_runtime()
        at = await asyncio.to_thread(_add, runtime, self.get_query_argument("name"))
        self.write(json.dumps({"at": at, "listeners": len(runtime.feed.pubsub)}))


def _add(runtime: Runtime, name: str) -> int:
    draft = DamDraft(name, "Other", "Test River", "1941", 40.4, -111.5)
    runtime.inventory.add(draft)
    committed = time.monotonic_ns()
    runtime.feed.announce()
    return committed


ROUTES = [("/add", Add, {})]
