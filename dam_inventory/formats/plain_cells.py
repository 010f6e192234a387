"""Plain cells: what a column of many different cells has most of, told by a look at the text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import NamedTuple

from ..domain.field import MAX_LENGTH, Field
from ..domain.identity import IDS
from .values import DecimalMark

_DEGREES = {
    "latitude": re.compile(r"-?[0-8]?[0-9]\.[0-9]{1,17}"),
    "longitude": re.compile(r"-?(?:1[0-7][0-9]|[0-9]{1,2})\.[0-9]{1,17}"),
}
# Nothing but nines can be a sign for nothing.
_NUMBER = re.compile(r"(?!9+(?:\.[09]*)?\Z)[0-9]{1,15}(?:\.[0-9]{0,15})?")
_NAME = re.compile(rf"(?!.{{{MAX_LENGTH + 1}}})[0-9A-Za-z][!-~]*(?: [!-~]+)*")
# No sign for nothing looks like this, and JSON needs no other spelling of it.
_ID = re.compile(r"[A-Za-z]{0,3}[0-9][0-9A-Za-z.:/_-]{0,60}")


class Plain(NamedTuple):
    """The plain cells of a column, for which `read` says what `cells.reader` says of any cell."""

    matches: Callable[[str], object]
    read: Callable[[str], str | float]


def of_field(field: Field, unit: str, mark: DecimalMark) -> Plain | None:
    """Return the plain cells of a column with a field; None if each cell needs a closer look.

    unit, mark: as in `cells.reader`.
    """
    if field.name == "dam_name":
        return Plain(_NAME.fullmatch, str)
    if field.name in IDS:
        return Plain(_ID.fullmatch, str)
    if field.kind == "degrees":
        return Plain(_DEGREES[field.name].fullmatch, float)
    if field.kind == "number" and mark == "." and unit in ("", field.unit):
        return Plain(_NUMBER.fullmatch, float)
    return None


def of_fact(heading: str) -> Plain:
    """Return the plain cells of a column with another fact, read as members of a JSON object."""
    start = f'{json.dumps(heading)}: "'
    return Plain(_ID.fullmatch, lambda text: f'{start}{text}"')
