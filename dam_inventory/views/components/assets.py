"""Style sheets, templates and scripts for the browser, beside the modules that use them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def asset(path: str) -> str:
    """Return the text of a file below `dam_inventory/views`."""
    return files("dam_inventory.views").joinpath(path).read_text("utf-8")
