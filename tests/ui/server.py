"""A real `panel serve dashboard.py`, with a database, settings and a log of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

from dam_inventory.config.settings import PREFIX
from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.hydrograph import Hydrograph
from tests.starting import (
    PATIENCE,
    ROOT,
    Process,
    answers_http,
    clean_environment,
    free_port,
    start,
    wait_for_end,
    wait_until,
    wait_until_up,
)
from tests.template import fork

_TROUBLE = re.compile(r"\b(WARNING|ERROR|CRITICAL)\b|Traceback|\w+Warning:")
_HARMLESS = re.compile(
    # The first message of a page after the server gave it new models describes them once more.
    r"^(?:.* WARNING py\.warnings: )?BokehUserWarning: reference already known 'p\d+'$"
    # A page may be closed at any moment.
    r"|WARNING(?: bokeh.server.views.ws:|: panel.io.document -) "
    r"Failed sending message as connection was closed$"
    r"|ERROR asyncio: Task exception was never retrieved\n"
    r" *future: .*(?:WebSocketProtocol13\.write_message|_dispatch_msgs\(\)).*"
    r"exception=WebSocketClosedError\(\)>\n"
    r"(?:.*\n)*? *tornado\.websocket\.WebSocketClosedError$",
    re.MULTILINE,
)


class Server:
    """A running server: where it is, what it has logged, and a second way into its inventory."""

    def __init__(self, process: Process, url: str, database_url: str, log: Path):
        self.url = url
        self._process = process
        self.database_url = database_url
        self._log = log
        self._checked = 0
        self._is_told_to_end = False

    @property
    def origin(self) -> str:
        """Where the server is, without the path of its page."""
        return self.url.rpartition("/")[0]

    @property
    def address(self) -> str:
        """Host and port."""
        return urlsplit(self.url).netloc

    @property
    def pid(self) -> int:
        return self._process.pid

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Let it hang for a moment: what pages send waits."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def log(self) -> str:
        """Everything that the server has logged so far."""
        return self._log.read_text("utf-8")

    @property
    def mark(self) -> int:
        """How long the log is now."""
        return len(self.log)

    def expect_log(self, pattern: str, since: int = 0) -> re.Match[str]:
        """Wait for a line that a regular expression describes."""
        found: list[re.Match[str] | None] = [None]

        def is_there() -> bool:
            found[0] = re.search(pattern, self.log[since:], re.MULTILINE)
            return found[0] is not None

        wait_until(is_there, f"a line like {pattern!r} in the log")
        assert found[0] is not None
        return found[0]

    def expect_nobody_left(self) -> None:
        """Wait until the last session has unsubscribed."""

        def is_so() -> bool:
            told = re.findall(r"subscribed\. Active sessions: (\d+)", self.log)
            return bool(told) and told[-1] == "0"

        wait_until(is_so, "the end of all sessions")

    def expect_no_trouble(self) -> None:
        """Fail on what was logged as a warning, or worse, since the last time."""
        log = self.log
        new, self._checked = log[self._checked :], len(log)
        found = _TROUBLE.search(_HARMLESS.sub("", new))
        assert found is None, f"The server complains:\n{found.string[found.start() :][:3000]}"

    def expect_complaint(self, pattern: str, since: int) -> None:
        """Wait for trouble of this kind in the log, and take it and all before it as intended."""
        self._checked = since + self.expect_log(pattern, since).end()

    def forgive(self) -> None:
        """Take all trouble that was logged so far as intended."""
        self._checked = self.mark

    @cached_property
    def inventory(self) -> Inventory:
        """The server's inventory, as another process on this machine sees it."""
        self._engine = open_database(self.database_url)
        return Inventory(self._engine)

    def add_dams(self, *names: str) -> None:
        """Add dams from another process, and wait until this one has published them."""
        self._expect_published(self.add_dams_unheard(*names))

    def add_dam(self, name: str, **facts: Any) -> int:
        """Add a dam from another process, wait until this one has published it; return its id."""
        change = self.inventory.add(dam(name, **facts))
        self._expect_published(change.seq)
        return int(change.dam_id or 0)

    def assign_hydrograph(self, dam_id: int, time: list[float], flow: list[float]) -> None:
        """Assign a hydrograph from another process, and wait until this one has published it."""
        change = self.inventory.assign_hydrograph(dam_id, Hydrograph(time, flow))
        self._expect_published(change.seq)

    def _expect_published(self, seq: int) -> None:
        self.expect_log(rf"Published (?:change|changes \d+ to) {seq} to \d+ sessions")

    def add_dams_unheard(self, *names: str) -> int:
        """Add dams from another process, and return the `seq` of the last one's change."""
        return [self.inventory.add(dam(name)) for name in names][-1].seq

    def id_of(self, name: str) -> int:
        """Return the id of the dam of this name."""
        frame = self.inventory.snapshot().frame
        [dam_id] = frame.index[frame["dam_name"] == name]
        return int(dam_id)

    def counts(self, garbage: bool = False) -> dict[str, int]:
        """Return what `counts.py` counts in the server, also of garbage if that is asked for."""
        with urlopen(self.origin + "/counts" + garbage * "?garbage=1", timeout=PATIENCE) as answer:
            return json.load(answer)

    def wait_until_up(self) -> None:
        static = self.origin + "/static/js/bokeh.min.js"
        wait_until_up(self._process, lambda: answers_http(static), self._log)

    def tell_to_end(self) -> None:
        """Let it end while others are told so."""
        if not self._is_told_to_end:
            self._is_told_to_end = True
            self._process.send_signal(signal.SIGTERM)

    def close(self) -> None:
        """Close the second way into its inventory."""
        if "inventory" in self.__dict__:
            self._engine.dispose()

    def stop(self) -> None:
        self.close()
        self.tell_to_end()
        wait_for_end(self._process)

    def wait(self, seconds: float) -> int:
        """Return the status with which the process has ended, or raise TimeoutExpired."""
        return self._process.wait(timeout=seconds)


@contextmanager
def serving(
    folder: Path,
    *options: str,
    app: Path = ROOT / "dashboard.py",
    prefix: str = "",
    environment: Mapping[str, str] | None = None,
    is_forked: bool = True,
    **settings: object,
) -> Iterator[Server]:
    """Serve the dashboard, or another app, until the block ends; then look for trouble in its log.

    folder: an empty one for the database, unless it is there already, and for the log.
    options: more of them for `panel serve`. environment: more variables than those of
    settings, which are `Settings`. is_forked: whether a template saves it its imports; else it is
    started as a person starts it.
    """
    port = free_port()
    database_url = f"sqlite:///{folder / 'dams.db'}"
    settings = {"database_url": database_url, **settings}
    command = [
        *(sys.executable, "-m", "panel", "serve", str(app)),
        *("--address", "127.0.0.1", "--port", str(port)),
        *("--allow-websocket-origin", f"127.0.0.1:{port}"),
        *("--plugins", "dam_inventory.server.plugin", "--prefix", prefix),
        *("--log-format", "%(asctime)s %(levelname)s %(name)s: %(message)s"),
        *options,
    ]
    ours = {PREFIX + name.upper(): str(value) for name, value in settings.items()}
    log = folder / "log"
    log.write_bytes(b"")
    process: Process
    if is_forked and sys.platform == "linux":
        process = fork(command, folder, log, environment or {}, ours)
    else:
        everything = {**clean_environment(), **(environment or {}), **ours}
        process = start(command, folder, log, everything)
    server = Server(
        process, f"http://127.0.0.1:{port}{prefix}/{app.stem}", str(settings["database_url"]), log
    )
    try:
        server.wait_until_up()
        yield server
    finally:
        server.stop()
    server.expect_no_trouble()


def dam(dam_name: str, **facts: Any) -> DamDraft:
    """Return a draft that keeps every rule: between the two dams of the tutorial, unless given."""
    known = {"owner": "Other", "river": "Provo River", "date_built": "1950"}
    place = {"latitude": 40.5 + len(dam_name) % 10 / 200, "longitude": -111.48}
    return DamDraft(dam_name=dam_name, **{**known, **place, **facts})
