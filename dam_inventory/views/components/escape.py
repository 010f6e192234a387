"""Escape user text for the page: input from people and files is never treated as markup."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from typing import Any

from ...domain import partial_date
from ...domain.fields import FIELD
from ...domain.units import US, Units

MOMENTS = {"added_by": "Added by", "added_at": "Added at"}

_MAX_NAME_LENGTH = 60


def escaped(text: object) -> str:
    """Escape text for HTML, inside an element or an attribute."""
    return html.escape(str(text))


def as_markdown(text: str) -> str:
    """Escape text for Markdown, so that no character has a special meaning."""
    return "".join(one if one.isalnum() or one == " " else f"&#{ord(one)};" for one in text)


def as_json(value: object) -> str:
    """Return JSON without `<`, `>` and `&`.

    Panel sanitizes every string of a ReactiveHTML as HTML; this leaves nothing to sanitize.
    """
    text = json.dumps(value)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def as_file_name(text: str, kind: str) -> str:
    """Return a file name that is valid on every system: words of `text`, then `kind`.

    kind: type and extension, like "hydrograph.csv"; it also avoids reserved names.
    """
    words = re.sub(r"[^\w()-]+", " ", text).strip(" _-")[:_MAX_NAME_LENGTH].rstrip()
    return f"{words} {kind}" if words else kind


def shown(column: str, value: Any, units: Units = US) -> str:
    """Format a dam's value for display, without its unit; "" for an unknown value.

    value: as the inventory has it. units: those that are shown.
    """
    if value is None or value != value:
        return ""
    kind = FIELD[column].kind if column in FIELD else None
    if kind == "date":
        return partial_date.in_words(value)
    if kind in ("texts", "categories"):
        return "; ".join(part.strip() for part in value.split(";"))
    if kind == "degrees":
        return f"{value:.5f}°"  # to a meter
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, float):
        return units.text(FIELD[column].unit if column in FIELD else "", value)
    return str(value)


def label(column: str, units: Units = US) -> str:
    """Return the label of a dam's column on the page, with its unit."""
    return units.labels.get(column) or MOMENTS[column]
