"""The edge of the page: whatever a person or a file wrote becomes text here, never markup."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from typing import Any

from ...domain import partial_date
from ...domain.dam import LABELS

MOMENTS = {"added_by": "Added by", "added_at": "Added at"}

_MAX_NAME_LENGTH = 60


def escaped(text: object) -> str:
    """Return text that a browser shows as it is written, inside an element or an attribute."""
    return html.escape(str(text))


def as_markdown(text: str) -> str:
    """Return Markdown that is shown as the text is written: no character of it means anything."""
    return "".join(one if one.isalnum() or one == " " else f"&#{ord(one)};" for one in text)


def as_json(value: object) -> str:
    """Return JSON without the characters of markup.

    Panel cleans every string of a ReactiveHTML as if it were markup; this leaves nothing to clean.
    """
    text = json.dumps(value)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def as_file_name(text: str, kind: str) -> str:
    """Return a name for a file, the same on every system: what `text` is called, and a kind.

    kind: what the file is and its ending, like "hydrograph.csv"; so no name is a reserved one.
    """
    words = re.sub(r"[^\w()-]+", " ", text).strip(" _-")[:_MAX_NAME_LENGTH].rstrip()
    return f"{words} {kind}" if words else kind


def shown(column: str, value: Any) -> str:
    """Return a value of a dam as people read it, without its unit; "" for an unknown one."""
    if value is None or value != value:
        return ""
    if column == "date_built":
        return partial_date.in_words(value)
    if column in ("latitude", "longitude"):
        return f"{value:.6f}°"
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    return f"{value:,.10g}" if isinstance(value, float) else str(value)


def label(column: str) -> str:
    """Return what a column of a dam is called on the page, with its unit."""
    return LABELS.get(column) or MOMENTS[column]
