"""Reads and writes what the columns of files were taken for, within a transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from ..domain.permissions import User
from ..errors import InvalidFile
from ..formats.mapping import Mapping
from .models import FileMappingRow

logger = logging.getLogger(__name__)


def read(connection: Connection, header: Sequence[str]) -> Mapping | None:
    """Return the mapping of the last file with this header, or None."""
    query = select(FileMappingRow.mapping).where(FileMappingRow.header == _key(header))
    kept = connection.execute(query).scalar()
    if kept is None:
        return None
    try:
        return Mapping.from_dict(kept)
    except InvalidFile as error:
        # For example written by a newer version, which knows more fields.
        logger.warning("A remembered mapping of columns is not used: %s", error)
        return None


def write(connection: Connection, mapping: Mapping, by: User, now: dt.datetime) -> None:
    """Keep a mapping in the place of the one with the same header."""
    key = _key(mapping.header)
    connection.execute(delete(FileMappingRow).where(FileMappingRow.header == key))
    row = {"header": key, "mapping": mapping.as_dict(), "by": by.name, "at": now}
    connection.execute(insert(FileMappingRow), [row])


def _key(header: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(list(header)).encode()).hexdigest()
