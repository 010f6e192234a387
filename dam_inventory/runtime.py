"""Runtime: builds the objects that live as long as the process."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextlib import ExitStack
from uuid import uuid4

from .config import notebook, permissions_file
from .config.settings import Settings
from .database.ended_logins import EndedLogins
from .database.engine import open_database
from .database.inventory import Inventory
from .database.statements import Observe, time_statements
from .database.tokens import Tokens
from .domain.permissions import Permissions
from .live.change_feed import ChangeFeed
from .live.pubsub import PubSub
from .live.relay.choice import relay_of

logger = logging.getLogger(__name__)


class Runtime:
    """Settings, permissions, inventory and change feed, shared by all sessions of a process.

    Use it as a context manager, or call `close`.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._id = uuid4().hex
        self.permissions = (
            permissions_file.read(settings.permissions_file, settings.anonymous)
            if settings.permissions_file
            else Permissions(anonymous=settings.anonymous)
        )
        self._observe: Observe = _ignore
        with ExitStack() as opened:
            self._engine = open_database(settings.database_url, example_dams=settings.example_dams)
            opened.callback(self._engine.dispose)
            # Now: SQLAlchemy takes no listeners while another thread executes a statement.
            time_statements(self._engine, lambda kind, seconds: self._observe(kind, seconds))
            self.inventory = Inventory(
                self._engine,
                max_dams=settings.max_dams,
                max_dams_per_user=settings.max_dams_per_user,
            )
            self.tokens = Tokens(self.inventory)
            self.ended_logins = EndedLogins(self.inventory)
            relay = relay_of(self._engine, settings.relay_url)
            opened.callback(relay.close)
            self.feed = ChangeFeed(self.inventory, PubSub(), relay, settings.heartbeat_seconds)
            opened.pop_all()
        self._closing = ExitStack()
        self._closing.callback(self._engine.dispose)
        self._closing.callback(self.feed.close)
        notebook.replace(settings.database_url, self)
        logger.info("Opened an inventory of %d dams.", len(self.feed.snapshot))

    @property
    def process(self) -> str:
        """An id of this process, different for every process and after every restart."""
        return f"{self._id}-{os.getpid()}"

    @classmethod
    def from_environment(cls) -> Runtime:
        """Build a runtime from `DAM_INVENTORY_*` variables, and set the log level."""
        settings = Settings.from_environment()
        logging.getLogger(__package__).setLevel(settings.log_level)
        return cls(settings)

    def time_statements(self, observe: Observe) -> None:
        """Report how long each statement takes the database, from now on; see `Observe`."""
        self._observe = observe

    def on_close(self, close: Callable[[], None]) -> None:
        """Register a function to call when this runtime closes, before the database closes."""
        self._closing.callback(close)

    def close(self) -> None:
        """Stop the feed and close the database, even if what is to close before them fails."""
        notebook.forget(self)
        self._closing.close()

    def __enter__(self) -> Runtime:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _ignore(_kind: str, _seconds: float) -> None:
    pass
