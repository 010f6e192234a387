"""What an operator does: typing what stands on a page, and asking a server how it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from sqlalchemy import URL, make_url

from tests.pages import blocks
from tests.ui.server import Server, clean_environment


class Operator:
    """Types what stands on a page of docs/, where the inventory is at a URL.

    instead: the databases to use for those whose URLs stand on the page.
    """

    def __init__(
        self, page: str, folder: Path, url: str, instead: Mapping[str, str] | None = None
    ) -> None:
        self._page = page
        self._folder = folder
        self._instead = {old: _plain(new) for old, new in (instead or {}).items()}
        programs = [Path(sys.executable).parent, *Path("/usr/lib/postgresql").glob("*/bin")]
        self._environment = {
            **clean_environment(),
            "DAM_INVENTORY_DATABASE_URL": url,
            "PATH": os.pathsep.join([*map(str, programs), os.environ["PATH"]]),
        }
        for server in map(make_url, (url, *(instead or {}).values())):
            if server.host:
                self._environment |= {
                    "PGHOST": server.host,
                    "PGPORT": str(server.port),
                    "PGUSER": server.username or "",
                    "PGPASSWORD": server.password or "",
                }

    def do(self, heading: str, number: int = 0) -> str:
        """Run one block, and return what it says."""
        commands = blocks(self._page, "sh")[heading][number]
        for old, new in self._instead.items():
            commands = commands.replace(old, new)
        done = subprocess.run(
            ["sh", "-ec", commands], cwd=self._folder, env=self._environment,
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


def health(server: Server) -> dict[str, Any]:
    """Return what a server says of itself."""
    try:
        with urlopen(server.origin + "/health", timeout=30) as answer:
            return json.load(answer)
    except HTTPError as error:
        return json.load(error)


def _plain(text: str) -> str:
    """Return a URL as a person writes it, without a password."""
    url = make_url(text)
    if url.get_backend_name() == "sqlite":
        return text
    plain = URL.create("postgresql", url.username, None, url.host, url.port, url.database)
    return plain.render_as_string()
