"""Read the style sheets, templates and scripts that are stored beside the modules."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def asset(path: str) -> str:
    """Return the text of a file below `dam_inventory/views`."""
    return files("dam_inventory.views").joinpath(path).read_text("utf-8")
