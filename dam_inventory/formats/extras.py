"""The packages that only some formats need."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Literal

from ..errors import InvalidFile

_OR = {
    "read": "Or save the table as CSV or GeoJSON.",
    "write": "Or export CSV or GeoJSON.",
}


def extra(module: str, formats: str, to: Literal["read", "write"] = "read") -> ModuleType:
    """Import a package of the extra `formats`.

    Raises InvalidFile, which says how to install it, if it is missing.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise InvalidFile(
            f"To {to} {formats}, install the extra formats: "
            f'pip install "dam-inventory[formats]". {_OR[to]}'
        ) from error
