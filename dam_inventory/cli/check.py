"""`python -m dam_inventory check`."""

from __future__ import annotations

import argparse
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

from ..config.settings import PREFIX, Settings
from ..errors import DamInventoryError
from . import check_database, check_login
from .findings import Finding, show, worst
from .serve import expect_free_port
from .terminal import ends_with_its_reader

EXTRAS: dict[str, tuple[str, tuple[str, ...]]] = {
    "formats": (
        "files of Excel, GeoPackage and Shapefile", ("pyogrio", "python_calamine", "xlsxwriter"),
    ),
    "geo": ("GeoDataFrames", ("geopandas",)),
    "metrics": ("/metrics", ("prometheus_client",)),
    "notebook": ("notebooks", ("IPython", "ipywidgets", "jupyter_bokeh")),
    "postgresql": ("PostgreSQL", ("psycopg",)),
    "redis": ("a Redis relay", ("redis",)),
}  # fmt: skip
"""What the optional packages of each extra are for, and their modules."""

_SECONDS_TO_ANSWER = 2.0


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `check` to its parser."""
    command.add_argument("--json", action="store_true", help="print the findings as JSON")
    command.add_argument("--port", type=int, default=5006, help="the port to look at (5006)")
    command.add_argument("--address", default="127.0.0.1", help="its address (127.0.0.1)")
    command.add_argument(
        "--login", action="store_true", help="also look at what `serve --login` needs"
    )
    command.add_argument(
        "--secrets", metavar="FOLDER", type=Path, default=Path(".secrets"),
        help="where `serve --login` keeps its secrets (.secrets)",
    )  # fmt: skip
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what is well and what is wrong, and return 1 if there is an error."""
    with _quiet():
        findings = [*_findings(options)]
    with ends_with_its_reader():
        show(findings, as_json=options.json)
    return 1 if worst(findings) == "error" else 0


def _findings(options: argparse.Namespace) -> Iterator[Finding]:
    settings, problems = Settings.valid_in(os.environ)
    for problem in problems.values():
        yield Finding("settings", "error", problem)
    if not problems:
        yield Finding("settings", "ok", f"All {PREFIX}* variables are valid.")
    has_database = f"{PREFIX}DATABASE_URL" not in problems
    if has_database:
        found = [*check_database.database(settings)]
        yield from found
        has_database = all(one.level != "error" for one in found if one.name == "database")
    if has_database and f"{PREFIX}RELAY_URL" not in problems:
        yield check_database.relay(settings)
    yield from check_login.login(settings, options.login, options.secrets)
    yield _packages(settings)
    yield _port(options.address, options.port)


def _packages(settings: Settings) -> Finding:
    missing = [one for one, (_, modules) in EXTRAS.items() if not all(map(find_spec, modules))]
    if not missing:
        return Finding("packages", "ok", "All optional packages are installed.")
    named = ", ".join(f"{one} ({EXTRAS[one][0]})" for one in missing)
    install = f"pip install 'dam-inventory[{','.join(missing)}]'."
    if _needed(settings).intersection(missing):
        said = f"The settings need packages that are not installed: {named}. Run: {install}"
        return Finding("packages", "error", said)
    said = f"Not installed, and not needed by the settings: {named}. To add them: {install}"
    return Finding("packages", "ok", said)


def _needed(settings: Settings) -> set[str]:
    """Return the extras that the server needs with these settings."""
    is_postgresql = settings.database_url.startswith("postgres")
    needed = {"postgresql": is_postgresql, "redis": settings.relay_url.startswith("redis")}
    return {extra for extra, is_needed in needed.items() if is_needed}


def _port(address: str, port: int) -> Finding:
    try:
        expect_free_port(address, port)
    except DamInventoryError as error:
        health = _health(address, port)
        if health is None:
            return Finding("port", "error", str(error))
        status = health["status"]
        said = f"A Dam Inventory listens at port {port} of {address}. Its health is {status}."
        return Finding("port", "ok" if status == "ok" else "warning", said)
    return Finding("port", "ok", f"Port {port} at {address} is free.")


def _health(address: str, port: int) -> dict[str, Any] | None:
    """Return what a Dam Inventory at a port says of itself, or None if there is none."""
    host = f"[{address}]" if ":" in address else address
    opener = build_opener(ProxyHandler({}))
    try:
        try:
            answer = opener.open(f"http://{host}:{port}/health", timeout=_SECONDS_TO_ANSWER)
        except HTTPError as error:  # It is not well, and says so.
            answer = error
        with answer:
            found = json.loads(answer.read(10_000))
    except (OSError, HTTPException, ValueError):
        return None
    return found if isinstance(found, dict) and {"status", "seq", "epoch"} <= {*found} else None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the log out of the findings: both would say the same."""
    before = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        logging.disable(before)
