"""Servers that begin at once: forked off by a process that has imported all that they need.

A template has run no code of the dashboard's but what importing it runs: it has no thread, event
loop or database, and nothing of `dam_inventory.server.plugin`, which changes how a process serves.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.starting import clean_environment

_IMPORTED = (
    "panel.command",
    "bokeh.command.subcommands.serve",
    "dam_inventory.views.app",
    "dam_inventory.server.process",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "logging.config",
)
_MOMENT = 0.01

_templates: dict[frozenset[tuple[str, str]], Template] = {}
"""By the variables that libraries may have read when they were imported."""


def fork(
    command: Sequence[str],
    folder: Path,
    log: Path,
    environment: Mapping[str, str],
    settings: Mapping[str, str],
) -> Forked:
    """Fork off a `panel` command from the template for this environment.

    environment, settings: more variables, of libraries and of Dam Inventory.
    """
    everything = {**clean_environment(), **environment}
    key = frozenset(environment.items())
    if key not in _templates:
        _templates[key] = Template(everything)
        atexit.register(_templates[key].close)
    return _templates[key].start(command, folder, {**everything, **settings}, log)


class Template:
    """Forks off `panel` commands.

    environment: what libraries may read while they are imported; each server has its own besides.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._lock = threading.Lock()
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        with ours:
            self._channel = ours.makefile("rw")

    def start(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path
    ) -> Forked:
        """Do what `python -m panel` would do with the words of a command, in a process of its own.

        command: what `sys.orig_argv` is to be, up to and with the words after "panel".
        """
        request = {
            "command": list(command),
            "folder": str(folder),
            "environment": dict(environment),
            "log": str(log),
        }
        return Forked(self, self.ask(request))

    def ask(self, request: object) -> Any:
        """Send a request to the template, and return its answer."""
        with self._lock:
            print(json.dumps(request), file=self._channel, flush=True)
            answer = self._channel.readline()
        assert answer, f"The template of servers has ended with {self._process.poll()}."
        return json.loads(answer)

    def close(self) -> None:
        """End the template, and all that it has forked off and that still runs."""
        self._channel.close()
        self._process.wait()


class Forked:
    """What `subprocess.Popen` tells of a child and does to it, for a child of the template."""

    def __init__(self, template: Template, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._template = template

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._template.ask(self.pid)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        end = None if timeout is None else time.monotonic() + timeout
        while (status := self.poll()) is None:
            if end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired("panel", float(timeout or 0))
            threading.Event().wait(_MOMENT)
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _serve_requests(channel: socket.socket) -> dict[str, Any] | None:
    """Answer requests until there are no more; in a child, return what it was forked off for."""
    children = set()
    with channel, channel.makefile("rw") as lines:
        for line in lines:
            request = json.loads(line)
            if isinstance(request, dict):
                answer = os.fork()
                if answer == 0:
                    return request
                children.add(answer)
            else:
                pid, status = os.waitpid(request, os.WNOHANG)
                answer = os.waitstatus_to_exitcode(status) if pid else None
                children.discard(pid)
            print(json.dumps(answer), file=lines, flush=True)
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    return None


def _become(request: dict[str, Any]) -> None:
    """Make this process what the command would have started."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for output in (1, 2):
        os.dup2(log, output)
    os.close(log)
    command = request["command"]
    sys.orig_argv = command
    sys.argv = command[command.index("panel") :]
    sys.path[0] = request["folder"]


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The keyboard's, which ends who asks
    for name in _IMPORTED:
        import_module(name)
    gc.freeze()  # What is shared with the children is not to be looked through in each of them.
    request = _serve_requests(socket.socket(fileno=int(sys.argv[1])))
    if request is not None:
        _become(request)
        sys.exit(import_module("panel.command").main())


if __name__ == "__main__":
    main()
