"""Chooses the relay for a database and a relay URL, and uses it for a command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from sqlalchemy import Engine

from ...config.redaction import shown
from ...errors import InvalidSettings
from .base import Relay
from .sqlite import SQLiteRelay


def _redis(url: str) -> Relay:
    from .redis import RedisRelay

    return RedisRelay(url)


BY_SCHEME: Mapping[str, Callable[[str], Relay]] = {
    "redis": _redis,
    "rediss": _redis,
}
"""What opens a relay for a URL, by its scheme; imports what it needs only then.

It raises ValueError or TypeError for an invalid URL, and ImportError without its driver, which is
named as its extra.
"""


def relay_of(engine: Engine, relay_url: str = "") -> Relay:
    """Return the relay of the relay URL if there is one, else the relay of the database.

    Raises InvalidSettings for an invalid URL, or if the driver is not installed.
    """
    if relay_url:
        return _of_url(relay_url)
    if engine.name == "postgresql":
        from .postgresql import PostgreSQLRelay

        return PostgreSQLRelay(engine)
    return SQLiteRelay(engine)


def wake_others(engine: Engine, relay_url: str = "") -> None:
    """Wake the processes that serve a database, after a command has changed it."""
    relay = relay_of(engine, relay_url)
    try:
        relay.announce()
    finally:
        relay.close()


def _of_url(url: str) -> Relay:
    named = f'DAM_INVENTORY_RELAY_URL is "{shown(url)}", but'
    try:
        scheme = urlsplit(url).scheme
        if scheme in BY_SCHEME:
            return BY_SCHEME[scheme](url)
    except ImportError as error:
        raise InvalidSettings(
            f"{named} the driver {error.name} is not installed. "
            f"Run: pip install 'dam-inventory[{error.name}]'."
        ) from error
    except (ValueError, TypeError):
        pass  # Its message may contain a password.
    raise InvalidSettings(f"{named} must be a Redis URL, like redis://localhost:6379/0.")
