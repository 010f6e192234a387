"""A hydrograph in a browser: zoomed into, pointed at, saved, and in the dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.servers import PATIENCE
from tests.ui.server import Server

# Those of hydrograph_app.py, which only runs in a server.
POINTS, STEP = 20_000, 0.002

_FIGURE = "[...Bokeh.documents[0]._all_models.values()].find(one => one.type === 'Figure')"


@pytest.fixture(scope="module")
def hydrograph_server(serve: Callable[..., Server]) -> Server:
    return serve(app=Path(__file__).with_name("hydrograph_app.py"))


class PlotOnPage:
    """The plot: what is drawn, and the mouse over it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def ask(self, question: str) -> Any:
        return self.page.evaluate(f"(figure => {question})({_FIGURE})")

    def wait_until(self, is_true: str) -> None:
        self.page.wait_for_function(f"(figure => {is_true})({_FIGURE})")

    def times(self) -> list[float]:
        return self.ask("Array.from(figure.renderers[1].data_source.data.time)")

    def place_of_peak(self) -> tuple[float, float]:
        """Where on the page the peak is."""
        x, y = self.ask(
            """(() => {
                const {frame, canvas_view: canvas} = Bokeh.index.find_one(figure)
                const {left, top} = canvas.el.getBoundingClientRect()
                const {time, flow} = figure.renderers[2].data_source.data
                return [
                    left + frame.x_scale.compute(time[0]), top + frame.y_scale.compute(flow[0]),
                ]
            })()"""
        )
        return x, y


@pytest.fixture
def plot(browser: Browser, hydrograph_server: Server) -> Iterator[PlotOnPage]:
    """The page, open and drawn; afterwards look for what went wrong in it."""
    context = browser.new_context(viewport={"width": 900, "height": 600}, color_scheme="light")
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    problems: list[str] = []
    asked: set[str] = set()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: asked.add(request.url))
    page.goto(hydrograph_server.url)
    page.wait_for_function(
        f"window.Bokeh?.documents[0]?.is_idle && Bokeh.index.find_one({_FIGURE})"
    )
    yield PlotOnPage(page)
    context.close()
    assert problems == []
    hosts = {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(hydrograph_server.url).netloc}
    hydrograph_server.expect_no_trouble()


def test_zooming_in_shows_every_point_and_reset_shows_the_whole(plot: PlotOnPage) -> None:
    whole = plot.times()
    assert len(whole) < POINTS / 2
    assert (whole[0], whole[-1]) == (0, pytest.approx((POINTS - 1) * STEP))

    plot.page.mouse.move(*plot.place_of_peak())
    for _ in range(10):
        plot.page.mouse.wheel(0, -240)
    plot.wait_until(
        f"""(() => {{
            const {{time}} = figure.renderers[1].data_source.data
            const {{start, end}} = figure.x_range
            const isIn = time[0] < start && time[time.length - 1] > end
            return isIn && time[time.length - 1] - time[0] < {1.5 * STEP} * time.length
        }})()"""
    )

    plot.page.locator("[title='Reset']").click()
    plot.wait_until(f"figure.renderers[1].data_source.data.time.length === {len(whole)}")
    assert plot.times() == whole


def test_it_tells_the_values_under_the_mouse(plot: PlotOnPage) -> None:
    x, y = plot.place_of_peak()
    plot.page.mouse.move(x, y + 60)

    expect(plot.page.locator(".bk-Tooltip")).to_contain_text("cfs at ")
    expect(plot.page.locator(".bk-Tooltip")).to_contain_text(" hours")


def test_the_picture_is_named_for_its_dam(plot: PlotOnPage) -> None:
    with plot.page.expect_download() as download:
        plot.page.locator("[title='Save as PNG']").click()

    assert download.value.suggested_filename.startswith("Deer x img src x")
    assert download.value.suggested_filename.endswith(" hydrograph.png")
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_a_name_is_neither_markup_nor_a_formula(plot: PlotOnPage) -> None:
    drawn = plot.ask("Bokeh.index.find_one(figure.title)._text_view.graphics().text")

    assert drawn.startswith("Deer $$x$$ <img src=x")
    assert plot.page.evaluate("window.hacked ?? 0") == 0
    assert plot.page.evaluate("window.MathJax ?? null") is None


def test_it_is_dark_on_a_dark_page_and_as_wide_as_it(plot: PlotOnPage) -> None:
    light = plot.ask("[figure.background_fill_color, figure.renderers[1].glyph.line_color.value]")

    plot.page.get_by_role("button", name="Toggle theme", exact=True).click()

    plot.wait_until(f"figure.renderers[1].glyph.line_color.value !== '{light[1]}'")
    assert plot.ask("figure.background_fill_color") != light[0]
    assert plot.page.locator(".bk-Canvas").bounding_box()["width"] > 850
