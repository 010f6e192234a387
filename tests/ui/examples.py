"""The files of examples/, copied with other ports, and run by the commands in them."""

from __future__ import annotations

import re
import shlex
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from playwright.sync_api import FrameLocator, Page, expect

from tests.nginx import nginx_with
from tests.starting import ROOT, Process, clean_environment, free_port, start, stop, wait_until_up
from tests.ui.server import Server, dam

_PORTS = re.compile(r"\b(?:5006|5007|8000|8080)\b")
_NGINX = "8080"


class Example:
    """A file of examples/ in a folder of its own, with free ports in place of those in it."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name
        self._ports: dict[str, str] = {}
        self.text = (ROOT / "examples" / name).read_text("utf-8")
        (folder / "examples").mkdir()
        for file in (ROOT / "examples").iterdir():
            if file.suffix in (".py", ".html", ".conf"):
                copy = folder / "examples" / file.name
                copy.write_text(self._elsewhere(file.read_text("utf-8")), "utf-8")

    def at(self, written: str) -> str:
        """Return where an address of the example is; fail if it isn't written there."""
        assert written in self.text
        return self._elsewhere(written)

    def port(self, written: str) -> int:
        return int(self._elsewhere(written))

    @property
    def ports(self) -> list[int]:
        """The ports that its processes listen to."""
        return [self.port(one) for one in {*_PORTS.findall(self.text)} - {_NGINX}]

    def commands(self) -> list[list[str]]:
        """Return the words of each of its commands."""
        found = re.findall(r"^[# ]*    (python .*)$", self.text, re.MULTILINE)
        assert found
        return [self._words(self._elsewhere(one)) for one in found]

    def _words(self, command: str) -> list[str]:
        words = [sys.executable, *shlex.split(command)[1:]]
        if "serve" in words:
            words += ["--port", str(self.port("5006"))]
        return words

    def _elsewhere(self, text: str) -> str:
        return _PORTS.sub(lambda found: self._other(found[0]), text)

    def _other(self, written: str) -> str:
        if written not in self._ports:
            self._ports[written] = str(free_port())
        return self._ports[written]


RunExample = Callable[[str, str], tuple[Example, Server]]


@contextmanager
def running(example: Example, address: str) -> Iterator[Server]:
    """Run all commands of an example until the block ends, and nginx if it is a file for nginx.

    address: that of the dashboard, as it is written in the example.
    """
    with ExitStack() as stack:
        started: list[tuple[Process, Path]] = []
        for number, words in enumerate(example.commands()):
            log = example.folder / f"log{number}"
            process = start(words, example.folder, log, clean_environment())
            stack.callback(stop, process)
            started.append((process, log))
        for process, log in started:
            wait_until_up(process, lambda: all(map(_answers, example.ports)), log)
        url = f"sqlite:///{example.folder / 'dam_inventory.db'}"
        process, log = started[0]
        server = Server(process, example.at(address), url, log)
        if example.name.endswith(".conf"):
            folder = example.folder / "nginx"
            folder.mkdir()
            configuration = example.folder / "examples" / example.name
            stack.enter_context(nginx_with(folder, f"{server.origin}/health", configuration))
        stack.callback(server.close)
        yield server


def expect_rows_news_and_reload(view: Page | FrameLocator, server: Server, name: str) -> None:
    """Fail unless a dashboard shows dams, hears of one of another process, and loads it."""
    rows = view.get_by_role("grid", name="Dams").locator("tr")
    expect(rows.filter(has_text="Jordanelle")).to_be_visible()

    server.inventory.add(dam(name))

    toast = view.locator(".toast")
    sentence = f'A new dam has been added: "{name}". Reload to see it.'
    expect(toast.locator(".sentence")).to_have_text(sentence, use_inner_text=True)
    toast.get_by_role("button", name="Reload").click()
    expect(toast).to_be_hidden()
    expect(rows.filter(has_text=name)).to_be_visible()


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("localhost", port), timeout=1):
        return True
    return False
