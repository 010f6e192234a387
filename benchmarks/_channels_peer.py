"""A bare Django Channels app: GET /add sends one toast to the group that all websockets join.

CHANNEL_LAYER: the class of the layer between processes, with REDIS_URL; without it, the in-memory
layer.
"""

from __future__ import annotations

import json
import os
import time
from typing import Any
from urllib.parse import parse_qs

import django
from django.conf import settings

layer: dict[str, Any] = {"BACKEND": "channels.layers.InMemoryChannelLayer"}
if "CHANNEL_LAYER" in os.environ:
    layer = {
        "BACKEND": os.environ["CHANNEL_LAYER"],
        "CONFIG": {"hosts": [os.environ["REDIS_URL"]]},
    }
settings.configure(
    SECRET_KEY="benchmark",
    LOGGING_CONFIG=None,
    CHANNEL_LAYERS={"default": layer},
)
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.layers import get_channel_layer  # noqa: E402
from channels.routing import ProtocolTypeRouter  # noqa: E402


class Toasts(AsyncWebsocketConsumer):
    """A websocket that forwards the messages of its group."""

    groups = ("dams",)

    async def dam_added(self, event: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps(event["toast"]))


async def http(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer /add with the time before the toast was sent, in time.monotonic_ns."""
    answer: dict[str, int] = {}
    if scope["path"] == "/add":
        text = parse_qs(scope["query_string"].decode())["name"][0]
        toast = {"title": "Dam Notification", "text": text}
        answer["at"] = time.monotonic_ns()
        await get_channel_layer().group_send("dams", {"type": "dam.added", "toast": toast})
    body = json.dumps(answer).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


application = ProtocolTypeRouter({"http": http, "websocket": Toasts.as_asgi()})
