"""The packages that only some formats need."""

from __future__ import annotations

import importlib
from types import ModuleType

from ..errors import InvalidFile


def extra(module: str, formats: str) -> ModuleType:
    """Import a package of the extra `formats`.

    Raises InvalidFile, which says how to install it, if it is missing.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise InvalidFile(
            f"To read {formats}, install the extra formats: "
            'pip install "dam-inventory[formats]". Or save the table as CSV or GeoJSON.'
        ) from error
