"""Where there is a Chromium, and how it is started."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import BrowserType

ARGUMENTS = [
    "--no-sandbox",  # Chromium refuses to run as root with one.
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def chromium(kind: BrowserType, *, is_whole: bool = False) -> str | None:
    """Return where there is a Chromium.

    is_whole: with all that a person may set; else best one without windows, which does the same
    in two thirds of the time.
    """
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if not is_whole:
        found = shutil.which("chromium-headless-shell") or found
    if found is None and Path(kind.executable_path).exists():
        found = kind.executable_path
    return found
