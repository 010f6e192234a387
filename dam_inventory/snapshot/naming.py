"""Naming: how dams are called on the page and in messages."""

from __future__ import annotations

from ..domain.identity import IDS
from .order import Rows
from .overlay import Overlay


def displayed_name(dam_name: str | None, *ids: str | None) -> str:
    """Return the name of a dam on the page: its name, or for example "Unnamed dam AL00106"."""
    return dam_name or " ".join(["Unnamed dam", *[one for one in ids if one][:1]])


def names(dams: Overlay, rows: Rows) -> list[str]:
    """Return the names of the dams in rows, as the page shows them."""
    [found] = dams.columns(("dam_name",), rows)
    nameless = [place for place, name in enumerate(found) if not name]
    if nameless:
        ids = dams.columns(IDS, rows[nameless])
        for place, *one in zip(nameless, *ids, strict=True):
            found[place] = displayed_name(None, *one)
    return found
