"""How processes that serve are started, waited for and stopped: by tests, benchmarks, pictures."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol
from urllib.error import URLError
from urllib.request import urlopen

from dam_inventory.config.settings import PREFIX

ROOT = Path(__file__).parent.parent

PATIENCE = 30
"""Seconds after which something that should happen is said not to; never how long it may take."""


class Process(Protocol):
    """What is done with a process, whoever its parent is."""

    pid: int

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, number: int, /) -> None: ...

    def kill(self) -> None: ...


def start(
    command: Sequence[str | Path],
    folder: Path,
    log: Path,
    environment: Mapping[str, str] | None = None,
    **how: Any,
) -> subprocess.Popen[bytes]:
    """Start a command in a folder; what it says is added to a log. how: more for Popen."""
    with log.open("ab") as output:
        return subprocess.Popen(
            list(command), cwd=folder, env=environment, stdout=output, stderr=output, **how
        )


def wait_until_up(
    process: Process, answers: Callable[[], bool], log: Path, patience: float = PATIENCE
) -> None:
    """Return when a process answers; fail with its log when it ends, or takes far too long."""

    def is_up() -> bool:
        if answers():
            return True
        assert process.poll() is None, f"The server ended:\n{log.read_text('utf-8')}"
        return False

    wait_until(is_up, lambda: f"a server, which says:\n{log.read_text('utf-8')}", patience)


def stop(process: Process, how: signal.Signals = signal.SIGTERM, patience: float = 20) -> None:
    """Tell a process to end; kill it, and raise TimeoutExpired, when it does not."""
    process.send_signal(how)
    wait_for_end(process, patience)


def wait_for_end(process: Process, patience: float = 20) -> None:
    """Return when a process has ended; kill it, and raise TimeoutExpired, when it does not."""
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


def answers_http(url: str, patience: float = 5) -> bool:
    """Return whether something can be fetched within some seconds."""
    try:
        urlopen(url, timeout=patience).close()
    except (URLError, ConnectionError, TimeoutError):
        return False
    return True


def wait_until(
    is_true: Callable[[], bool], what: str | Callable[[], str] = "it", patience: float = PATIENCE
) -> None:
    """Return when something has become true; fail when that takes far too long."""
    end = time.monotonic() + patience
    while not is_true():
        if time.monotonic() > end:
            told = what if isinstance(what, str) else what()
            raise AssertionError(f"Waited {patience} seconds for {told}.")
        threading.Event().wait(0.02)


def clean_environment() -> dict[str, str]:
    """Return the variables of this process without those that could change a server."""
    ours = (PREFIX, "BOKEH_", "PANEL_", "PN_")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def free_port() -> int:
    # Below those that the kernel gives to outgoing connections, which could take it meanwhile.
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("There is no free port.")
