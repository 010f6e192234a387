"""Servers in processes of their own, each with its own files, stopped at the end."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from tests.starting import (
    answers_http,
    clean_environment,
    free_port,
    start,
    stop,
    wait_until_up,
)

HERE = Path(__file__).parent
REPOSITORY = HERE.parent
NID_FILE = Path(
    os.environ.get("NID_FILE", REPOSITORY.parent / "shared" / "data" / "nid_2018.csv.gz")
)

_START_SECONDS = 60


def environment(**variables: str) -> dict[str, str]:
    """Return this process's environment without settings, with the repository importable."""
    path = os.pathsep.join([str(REPOSITORY), str(HERE)])
    return {**clean_environment(), "PYTHONPATH": path, **variables}


_PEERS = (
    "panel",
    "bokeh",
    "panel-material-ui",
    "tornado",
    "channels",
    "channels-redis",
    "daphne",
)


def machine(packages: Sequence[str] = _PEERS) -> str:
    """Return the date, the machine and the versions of a measurement."""
    versions = ", ".join(f"{package} {_version(package)}" for package in packages)
    return (
        f"{dt.date.today()}, {os.cpu_count()} cores ({_processor()}), {platform.system()}, "
        f"Python {platform.python_version()}, {versions}."
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(not installed)"


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":")[1].strip()
    return platform.machine()


_TROUBLE = re.compile(r"\b(?:WARNING|ERROR|CRITICAL)\b.*|Traceback.*|\w+Warning:.*")
_HARMLESS = "Failed sending message as connection was closed"


class Server:
    """A running server: its port, its process, and the path of its page."""

    def __init__(self, pid: int, port: int, path: str, log: Path) -> None:
        self.process = psutil.Process(pid)
        self.port = port
        self.path = path
        self.log = log

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"

    def cpu(self) -> float:
        """Return the seconds of CPU that the process has used."""
        times = self.process.cpu_times()
        return times.user + times.system

    def memory(self) -> int:
        """Return the bytes that only this process uses."""
        return int(self.process.memory_full_info().uss)

    def complaints(self) -> list[str]:
        """Return the warnings and errors in the log, except harmless ones."""
        lines = _TROUBLE.findall(self.log.read_text("utf-8"))
        return [line for line in lines if _HARMLESS not in line]


@contextmanager
def served(module: str, *arguments: str, path: str, **variables: str) -> Iterator[Server]:
    """Run `python -m module`, in which {port} stands for a free port, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="dam_inventory_bench_") as folder:
        # So that servers and files go, too, when a benchmark is stopped from outside.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
        port = free_port()
        log = Path(folder) / "log"
        command = [sys.executable, "-m", module, *(a.format(port=port) for a in arguments)]
        process = start(command, Path(folder), log, environment(**variables))
        server = Server(process.pid, port, path, log)
        try:
            answers = partial(answers_http, server.url, _START_SECONDS)
            wait_until_up(process, answers, log, _START_SECONDS)
            yield server
        except Exception:
            if process.poll() is not None:
                print(f"{path} ended with {process.returncode}:\n{log.read_text()[-3000:]}")
            raise
        finally:
            with suppress(subprocess.TimeoutExpired):
                stop(process)


@contextmanager
def panel(page: Path, *arguments: str, **variables: str) -> Iterator[Server]:
    """Serve a page with `panel serve`."""
    options = (
        *("--address", "127.0.0.1", "--port", "{port}"),
        *("--allow-websocket-origin", "127.0.0.1:{port}", *arguments),
    )
    path = f"/{page.stem}"
    with served("panel", "serve", str(page), *options, path=path, **variables) as server:
        yield server


@contextmanager
def dashboard(*arguments: str, database: Path | None = None, **variables: str) -> Iterator[Server]:
    """Serve this app on a database of its own, with the two dams of the tutorial unless given."""
    with tempfile.TemporaryDirectory(prefix="dam_inventory_bench_") as folder:
        file = database or Path(folder) / "dams.db"
        url = f"sqlite:///{file}"
        page = REPOSITORY / "dashboard.py"
        variables = {"DAM_INVENTORY_DATABASE_URL": url, **variables}
        with panel(
            page, "--plugins", "dam_inventory.server.plugin", *arguments, **variables
        ) as server:
            yield server


@contextmanager
def redis_server() -> Iterator[str]:
    """Run a Redis that keeps nothing, and return its URL."""
    with tempfile.TemporaryDirectory(prefix="dam_inventory_bench_") as folder:
        place = ("--port", str(port := free_port()), "--bind", "127.0.0.1")
        command = ["redis-server", *place, "--save", "", "--appendonly", "no"]
        process = start(command, Path(folder), Path(folder) / "log")
        try:
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            stop(process)


def import_nid(file: Path, database: Path) -> None:
    """Import a file of the National Inventory of Dams into a new database."""
    variables = {
        "DAM_INVENTORY_DATABASE_URL": f"sqlite:///{database}",
        "DAM_INVENTORY_EXAMPLE_DAMS": "false",
    }
    command = [sys.executable, "-m", "dam_inventory", "import", str(file)]
    subprocess.run(command, env=environment(**variables), check=True, capture_output=True)


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table; all columns but the first are right-aligned."""
    cells = [list(header), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(header))]

    def line(values: Sequence[str]) -> str:
        padded = [
            v.ljust(w) if i == 0 else v.rjust(w)
            for i, (v, w) in enumerate(zip(values, widths, strict=True))
        ]
        return f"| {' | '.join(padded)} |"

    rule = [("-" * w if i == 0 else "-" * (w - 1) + ":") for i, w in enumerate(widths)]
    return "\n".join([line(cells[0]), line(rule), *(line(row) for row in cells[1:])])
