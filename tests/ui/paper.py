"""Paper: what a page prints, as texts to read."""

from __future__ import annotations

import io
import unicodedata

from playwright.sync_api import Page
from pypdf import PdfReader

COUNT_PRINTS = "window.prints = 0; window.print = () => { window.prints += 1 }"
"""Instead of a dialog, which a browser without a window does not have."""


def texts_of(page: Page, paper: str = "A4") -> list[str]:
    """Print a page, and return the text of each sheet with single spaces."""
    reader = PdfReader(io.BytesIO(page.pdf(format=paper)))
    # A sheet has one glyph for "fi" or "fl".
    texts = [unicodedata.normalize("NFKC", sheet.extract_text()) for sheet in reader.pages]
    return [" ".join(text.split()) for text in texts]


def print_by_key(page: Page) -> None:
    """Press Ctrl+P, and wait until the page asks the browser to print."""
    before = page.evaluate("window.prints")
    page.keyboard.press("Control+p")
    page.wait_for_function("before => window.prints > before", arg=before)


def corner_of_map(page: Page) -> list[int]:
    """Return red, green and blue of the map on paper, near its corner."""
    picture = page.locator("#dam-inventory-paper canvas")
    code = "canvas => [...canvas.getContext('2d').getImageData(3, 3, 1, 1).data].slice(0, 3)"
    return picture.evaluate(code)
