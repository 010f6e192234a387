"""Which relay wakes the processes that share an inventory."""

from __future__ import annotations

from sqlalchemy import Engine

from ...config.redaction import shown
from ...errors import InvalidSettings
from .base import Relay
from .sqlite import SQLiteRelay


def relay_of(engine: Engine, relay_url: str = "") -> Relay:
    """Return the relay through Redis if there is a URL of it, else the one of the database.

    Raises InvalidSettings for a URL that is no good, or without the driver for it.
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
            f"{named} the driver redis is missing: pip install 'dam-inventory[redis]'."
        ) from error
    except (ValueError, TypeError):
        # Without its cause, which may quote a password.
        raise InvalidSettings(
            f"{named} must be the URL of a Redis, like redis://localhost:6379/0."
        ) from None
