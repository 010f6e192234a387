"""Style sheets, templates and the few lines of script that a browser needs, as they stand here."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def asset(name: str) -> str:
    """Return the text of a file in this folder."""
    return files(__name__).joinpath(name).read_text("utf-8")
