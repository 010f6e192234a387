"""Chooses the relay for a database and a relay URL."""

from __future__ import annotations

from sqlalchemy import Engine

from ...config.redaction import shown
from ...errors import InvalidSettings
from .base import Relay
from .sqlite import SQLiteRelay


def relay_of(engine: Engine, relay_url: str = "") -> Relay:
    """Return the Redis relay if there is a relay URL, else the relay of the database.

    Raises InvalidSettings for an invalid URL, or if the driver is not installed.
    """
    if relay_url:
        return _redis(relay_url)
    if engine.name == "postgresql":
        from .postgresql import PostgreSQLRelay

        return PostgreSQLRelay(engine)
    return SQLiteRelay(engine)


def _redis(url: str) -> Relay:
    named = f'DAM_INVENTORY_RELAY_URL is "{shown(url)}", but'
    try:
        from .redis import RedisRelay

        return RedisRelay(url)
    except ImportError as error:
        raise InvalidSettings(
            f"{named} the driver redis is not installed. Run: pip install 'dam-inventory[redis]'."
        ) from error
    except (ValueError, TypeError):
        # Without the cause, which may contain a password.
        raise InvalidSettings(
            f"{named} must be a Redis URL, like redis://localhost:6379/0."
        ) from None
