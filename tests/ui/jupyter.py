"""A real JupyterLab or Notebook 7 with one notebook in it, and what a person does there."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, WebSocket, expect

from tests.starting import answers_http, clean_environment, free_port, start, wait_until_up
from tests.ui.elsewhere import PATIENCE, PageElsewhere

LONGEST_FRAME = 10 * 2**20
"""Bytes of a message after which a Jupyter server closes its websocket."""

_PATHS = {"jupyterlab": "lab/tree", "notebook": "notebooks"}


def notebook_of(cells: Sequence[str]) -> Any:
    """Return a notebook with these cells."""
    from nbformat import v4  # takes two seconds, which only these tests should wait for

    notebook = v4.new_notebook(cells=[v4.new_code_cell(one) for one in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    return notebook


@contextmanager
def jupyter(app: str, folder: Path, cells: Sequence[str], **variables: str) -> Iterator[str]:
    """Serve a notebook until the block ends; return its address.

    app: "jupyterlab" or "notebook". folder: an empty one. variables: more of the environment.
    """
    (folder / "dams.ipynb").write_text(json.dumps(notebook_of(cells)))
    home = folder / "home"
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    # Its news would be asked of the network.
    quiet = '{"fetchNews": "false", "checkForUpdates": false}'
    (settings / "notification.jupyterlab-settings").write_text(quiet)
    port = free_port()
    command = [
        *(sys.executable, "-m", app, "--no-browser", "--allow-root", "--ip=127.0.0.1"),
        *(f"--port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}"),
        *("--IdentityProvider.token=", "--ServerApp.password="),
    ]
    homes = {
        "HOME": home,
        "IPYTHONDIR": home / "ipython",
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "JUPYTERLAB_SETTINGS_DIR": home / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
    }
    environment = {**clean_environment(), **{k: str(v) for k, v in homes.items()}, **variables}
    log = folder / "log"
    process = start(command, folder, log, environment, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(process, lambda: answers_http(f"{address}/api"), log)
        yield f"{address}/{_PATHS[app]}/dams.ipynb"
    finally:
        # With its kernels, for which a Jupyter server that is told to end waits at length.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class NotebookPage(PageElsewhere):
    """A notebook in which one dashboard is looked at, and the cells around it."""

    def __init__(self, browser: Browser, address: str) -> None:
        super().__init__(browser)
        page = self.page
        self.details.title = page.locator(".jp-OutputArea .side h2")
        self.longest_frame = 0
        self._has_kernel = False
        page.on("websocket", self._on_websocket)
        page.goto(address)
        expect(page.locator(".jp-CodeCell").first).to_be_visible(timeout=PATIENCE * 1000)
        # Before its kernel has answered, Jupyter drops what is run, or asks for a kernel.
        end = time.monotonic() + PATIENCE
        while not self._has_kernel:
            assert time.monotonic() < end, "No kernel has answered."
            page.wait_for_timeout(20)

    def run(self, number: int) -> None:
        """Run a cell, by its number from 0, and wait for the dashboard that it shows."""
        self.start(number)
        output = self.output(number)
        expect(output.get_by_role("grid", name="Dams")).to_be_visible(timeout=PATIENCE * 1000)

    def start(self, number: int) -> None:
        """Run a cell, by its number from 0."""
        cell = self.page.locator(".jp-CodeCell").nth(number)
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        cell.locator(".jp-InputArea .cm-content").click()
        self.page.keyboard.press("Control+Enter")
        expect(prompt).not_to_have_text(before, timeout=PATIENCE * 1000)
        expect(prompt).to_have_text(re.compile(r"\d"), timeout=PATIENCE * 1000)

    def output(self, number: int) -> Locator:
        return self.page.locator(".jp-CodeCell").nth(number).locator(".jp-OutputArea")

    def restart_kernel(self) -> None:
        self.page.get_by_role("menuitem", name="Kernel", exact=True).click()
        items = self.page.locator(".lm-Menu-item").filter(visible=True)
        items.filter(has_text=re.compile("^Restart Kernel…")).click()
        self.page.get_by_role("button", name="Confirm Kernel Restart").click()

    def _on_websocket(self, socket: WebSocket) -> None:
        socket.on("framesent", self._on_frame)
        socket.on("framereceived", self._on_answer)

    def _on_frame(self, frame: Any) -> None:
        self.longest_frame = max(self.longest_frame, len(frame))

    def _on_answer(self, frame: str | bytes) -> None:
        text = frame if isinstance(frame, str) else frame.decode("utf-8", "replace")
        self._has_kernel = self._has_kernel or "kernel_info_reply" in text
