"""Relay for processes that share a Redis server, with any database: PUBLISH and SUBSCRIBE."""

from __future__ import annotations

import logging
import socket
import threading
import time
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from ...config.redaction import shown
from .listening import ListeningRelay, reason

logger = logging.getLogger(__name__)

_ANSWER_SECONDS = 2.0
_PUBLISH_SECONDS = 0.5
"""How long an attempt to announce may take. It is short, because a user waits for it."""

_SECONDS_BETWEEN_PINGS = 2.0
_SILENT = "it does not respond"
_QUIET_SECONDS = 5.0
"""How long to skip announcements after one has failed."""

# Without these, a subscriber waits forever after the Redis server or the network is lost.
_KEEPALIVE = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}


class RedisRelay(ListeningRelay):
    """Publishes to one channel and listens to it.

    url: its database number becomes part of the channel name, so inventories that share a Redis
    server can have separate channels. Raises ValueError or TypeError if the client can't use the
    URL.
    """

    _errors = (redis.RedisError, OSError)

    def __init__(self, url: str) -> None:
        super().__init__(f"Redis at {shown(url)}")
        self._listening: Any = _client(url, _ANSWER_SECONDS)
        self._publishing = _client(url, _PUBLISH_SECONDS)
        database = self._publishing.connection_pool.connection_kwargs.get("db") or 0
        self._channel = f"dam_inventory:{database}"
        self._owes = False
        self._quiet_until = 0.0
        self._next_ping = 0.0
        self._asked_at: float | None = None
        """When the server was asked for a sign of life that it has not given yet."""

    def announce(self) -> None:
        self._owes = True
        if time.monotonic() >= self._quiet_until:
            self._publish()

    def close(self) -> None:
        super().close()
        self._listening.close()
        self._publishing.close()

    def _publish(self) -> None:
        self._owes = False
        try:
            self._publishing.publish(self._channel, b"")
        except self._errors as error:
            self._owes, self._quiet_until = True, time.monotonic() + _QUIET_SECONDS
            logger.warning("Can't announce a change through %s: %s.", self.name, reason(error))

    def _connect(self) -> None:
        self._connection = self._listening.pubsub()
        self._connection.subscribe(self._channel)
        if self._connection.get_message(timeout=_ANSWER_SECONDS) is None:
            raise redis.TimeoutError(_SILENT)
        self._quiet_until = 0.0
        self._asked_at, self._next_ping = None, time.monotonic() + _SECONDS_BETWEEN_PINGS

    def _receive(self, seconds: float, stopped: threading.Event) -> bool:
        if self._owes:
            self.announce()
        self._ask_for_a_sign_of_life()
        message = self._connection.get_message(timeout=seconds)
        if message is not None:
            self._asked_at = None
        # Also true after the client has resubscribed by itself.
        return message is not None and message["type"] != "pong"

    def _ask_for_a_sign_of_life(self) -> None:
        """A server that hangs closes no connection: without this, it would count as connected."""
        now = time.monotonic()
        if self._asked_at is not None and now - self._asked_at > _ANSWER_SECONDS:
            raise redis.TimeoutError(_SILENT)
        if self._asked_at is None and now >= self._next_ping:
            self._connection.ping()
            self._asked_at, self._next_ping = now, now + _SECONDS_BETWEEN_PINGS


def _client(url: str, seconds: float) -> redis.Redis:
    keepalive = {
        getattr(socket, name): value for name, value in _KEEPALIVE.items() if hasattr(socket, name)
    }
    client = redis.Redis.from_url(
        url,
        socket_connect_timeout=seconds,
        socket_timeout=seconds,
        socket_keepalive=True,
        socket_keepalive_options=keepalive,
        retry=Retry(NoBackoff(), 0),  # the caller decides when to try again
    )
    pool = client.connection_pool
    pool.connection_class(**pool.connection_kwargs)  # raises errors in the URL now, not later
    return client
