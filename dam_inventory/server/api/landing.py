"""The landing page of the API."""

from __future__ import annotations

import json

from .base import JSON, ApiHandler


class Landing(ApiHandler):
    """What the API has, and where."""

    async def get(self) -> None:
        """Answer with links."""
        if not self.is_known():
            await self.answer(json.dumps({"links": []}).encode(), JSON)


class Nothing(ApiHandler):
    """Any other path."""

    async def get(self) -> None:
        """Tell that there is nothing."""
        self.fail(404, f"The API has nothing here. {self.root} lists what it has.")
