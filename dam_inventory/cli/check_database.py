"""What `check` finds about the database and the relay. Nothing is created or upgraded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event

from sqlalchemy import Engine

from ..config.redaction import shown
from ..config.settings import Settings
from ..database import condition, schema, sqlite
from ..database.condition import State
from ..database.engine import engine_of, how_to_create, size_of
from ..errors import DatabaseUnavailable, InvalidSettings
from ..live.relay.choice import relay_of
from .findings import Finding, Level

LITTLE_ROOM = 500_000_000
"""Below it, in bytes, there is a warning: an import of all dams of the US takes about as much."""

NO_ROOM = 10_000_000

_MAX_NAMED = 3
_SECONDS_TO_CONNECT = 0.1
"""For one attempt of the relay, which has patience of its own."""

_TABLES: dict[State, tuple[Level, str]] = {
    "current": ("ok", "The tables are of this version."),
    "older": (
        "warning",
        "The tables are of an older version. The next start upgrades them: make a backup first.",
    ),
    "newer": (
        "error",
        "The tables were created by a newer version of the Dam Inventory, or by another program. "
        "Install that version.",
    ),
    "none": ("ok", "The database is empty. The tables are created at the first start."),
}


def database(settings: Settings) -> Iterator[Finding]:
    """Yield what is found about the database."""
    url = settings.database_url
    try:
        engine = engine_of(url)
        if engine.name == "sqlite":
            yield from _file(url, sqlite.path_of(engine.url))
        else:
            yield from _server(url)
    except (InvalidSettings, DatabaseUnavailable) as error:
        yield Finding("database", "error", str(error))


def relay(settings: Settings) -> Finding:
    """Return what is found about the signals between processes."""
    url = settings.relay_url
    try:
        engine = engine_of(settings.database_url)
        if not url and engine.name == "sqlite":
            return Finding("relay", "ok", "None is needed: each process sees the file grow.")
        found = relay_of(engine, url)
    except InvalidSettings as error:
        return Finding("relay", "error", str(error))
    try:
        found.wait(_SECONDS_TO_CONNECT, Event())
        is_connected, fault = found.is_connected, found.fault
    finally:
        found.close()
        engine.dispose()
    if is_connected:
        return Finding("relay", "ok", f"{found.name} announces changes between processes.")
    return Finding(
        "relay",
        "error" if url else "warning",
        f"{found.name} does not announce changes between processes: {fault}. They are seen with "
        f"the heartbeat, after {settings.heartbeat_seconds:g} seconds at most. "
        + ("Start it, or correct DAM_INVENTORY_RELAY_URL." if url else
           "Connect without the pooler, or set DAM_INVENTORY_RELAY_URL to a Redis server."),
    )  # fmt: skip


def _file(url: str, path: Path) -> Iterator[Finding]:
    folder = path.parent
    if not folder.is_dir():
        yield Finding(
            "folder", "error",
            f"The folder {folder} does not exist. Create it, or set DAM_INVENTORY_DATABASE_URL.",
        )  # fmt: skip
        return
    yield _folder(path)
    yield _room(folder)
    try:
        size = size_of(path)
    except OSError as error:
        yield Finding("database", "error", f"{path} can't be read: {error.strerror}.")
        return
    if not size:
        what = "does not exist yet" if size is None else "is empty"
        yield Finding("database", "ok", f"{path} {what}. It is created at the first start.")
        return
    if not path.is_file():
        yield Finding("database", "error", f"{path} is not a file. Choose another name.")
        return
    with condition.looking_at(url) as engine:
        state = condition.state_of(engine)
        if state == "none":
            raise schema.no_inventory(path)
    yield Finding("database", "ok", f"{path} can be read.")
    yield Finding("tables", *_TABLES[state])
    fault = condition.write_fault(path)
    if fault == condition.LOCKED:
        yield Finding(
            "writing", "warning", f"{path} can't be written now: {fault}. Check again later."
        )
    elif fault:
        yield Finding(
            "writing", "error",
            f"{path} can't be written: {fault}. Let the server's user write it, and its folder.",
        )  # fmt: skip
    else:
        yield Finding("writing", "ok", "Changes can be saved.")


def _folder(path: Path) -> Finding:
    if not os.access(path.parent, os.W_OK | os.X_OK):
        return Finding(
            "folder", "error",
            f"The folder {path.parent} can't be written, where SQLite keeps files beside the "
            "database. Let the server's user write it.",
        )  # fmt: skip
    try:
        sqlite.expect_locks(path)
    except DatabaseUnavailable as error:
        return Finding("folder", "error", str(error))
    return Finding("folder", "ok", f"{path.parent} can be written, and keeps locks.")


def _room(folder: Path) -> Finding:
    free = condition.free_bytes(folder)
    said = f"{free / 1e6:,.0f} MB are free in {folder}."
    if free >= LITTLE_ROOM:
        return Finding("disk", "ok", said)
    level: Level = "warning" if free >= NO_ROOM else "error"
    return Finding("disk", level, f"{said} Make room, or changes can't be saved before long.")


def _server(url: str) -> Iterator[Finding]:
    with condition.looking_at(url) as engine:
        state = condition.state_of(engine)
        yield Finding("database", "ok", f"{shown(url)} answers.")
        yield Finding("tables", *_TABLES[state])
        if condition.is_read_only(engine):
            yield Finding(
                "writing", "error",
                "The server takes no changes, as a standby. Connect to the primary server.",
            )  # fmt: skip
        elif state in ("none", "older") and not condition.may_create(engine):
            yield Finding("writing", "error", how_to_create(engine.url.username))
        elif state == "current":
            yield _privileges(engine)


def _privileges(engine: Engine) -> Finding:
    lacking = condition.lacking(engine)
    if not lacking:
        return Finding("writing", "ok", "Changes can be saved.")
    named = ", ".join(lacking[:_MAX_NAMED])
    more = f" and {rest:,} more" if (rest := len(lacking) - _MAX_NAMED) > 0 else ""
    is_blind = any(one.startswith("SELECT") for one in lacking)
    can_not = "not read all tables" if is_blind else "read, but save no changes"
    return Finding(
        "writing", "error" if is_blind else "warning",
        f'"{engine.url.username}" may {can_not}. As the owner of the tables, GRANT it '
        f"{named}{more}.",
    )  # fmt: skip
