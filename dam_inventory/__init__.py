"""Dam Inventory: a live inventory of dams, as a map and a table, in a browser or a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .config.settings import Settings
from .database.inventory import Inventory
from .domain.dam import DamDraft
from .runtime import Runtime
from .session.store import DamStore

if TYPE_CHECKING:
    from .views.app import DamInventoryApp
    from .views.opening import open_inventory

__all__ = [
    "DamDraft",
    "DamInventoryApp",
    "DamStore",
    "Inventory",
    "Runtime",
    "Settings",
    "open_inventory",
]


def __getattr__(name: str) -> Any:
    # Lazy, so that scripts and the command line don't wait for Panel to load.
    if name == "DamInventoryApp":
        from .views.app import DamInventoryApp

        return DamInventoryApp
    if name == "open_inventory":
        from .views.opening import open_inventory

        return open_inventory
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
