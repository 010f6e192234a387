"""A Chromium, and pages in it that note when their map is drawn."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

# Runs in every page: records when the document is idle and the map has drawn its points.
_NOTE_DRAWN = """
const drawn = () => {
  const doc = globalThis.Bokeh?.documents?.[0]
  if (!doc?.is_idle) { return false }
  const maps = [...doc._all_models.values()].filter((model) => model.type === "Figure")
  if (maps.length === 0 || !maps.every((map) => Bokeh.index.find_one(map)?.has_finished())) {
    return false
  }
  const points = maps[0].renderers.filter((one) => one.data_source?.data.x?.length > 0)
  return NEEDS_POINTS ? points.length > 0 : true
}
const look = () => {
  if (drawn()) { globalThis.drawn_after = performance.now() } else { requestAnimationFrame(look) }
}
requestAnimationFrame(look)
"""


def wait_until_drawn(page: Page) -> float:
    """Wait until a page is drawn, and return the milliseconds since it was asked for."""
    page.wait_for_function("globalThis.drawn_after !== undefined", polling=100, timeout=120_000)
    return float(page.evaluate("globalThis.drawn_after"))


@contextmanager
def drawing(browser: Browser, *, needs_points: bool) -> Iterator[BrowserContext]:
    """Yield a context of its own, with an empty cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(_NOTE_DRAWN.replace("NEEDS_POINTS", str(needs_points).lower()))
    yield context
    context.close()


def launch(playwright: Playwright) -> Browser:
    """Start the Chromium of this machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    # No requests to other hosts, such as for tiles.
    arguments = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    return playwright.chromium.launch(executable_path=found, args=arguments)
