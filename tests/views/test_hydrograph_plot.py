"""A hydrograph as a curve, without a browser."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from bokeh.core.serialization import Deserializer, Serializer
from bokeh.events import RangesUpdate
from bokeh.models import PlainText

from dam_inventory.domain.hydrograph import LARGEST, Hydrograph
from dam_inventory.domain.units import METRIC, US
from dam_inventory.views.components.escape import as_file_name
from dam_inventory.views.hydrograph.plot import MAX_POINTS_DRAWN, HydrographPlot, in_words

FLOOD = Hydrograph([0, 5, 20, 30], [10, 1210, 0, 0])
LONG = Hydrograph(np.arange(50_000) / 10, np.arange(50_000) % 97)


@pytest.fixture
def plot() -> HydrographPlot:
    return HydrographPlot()


def figure_of(plot: HydrographPlot) -> Any:
    return plot.__panel__().object


def drawn(plot: HydrographPlot) -> tuple[list[float], list[float]]:
    """Return time and flow of the curve, as sent to a browser."""
    sent = Serializer(deferred=True).serialize(figure_of(plot).renderers[1].data_source.data)
    assert sent.buffers == [], "a page that reconnects would not get these"
    data = Deserializer().deserialize(sent)
    return data["time"].tolist(), data["flow"].tolist()


def look_at(plot: HydrographPlot, start: float, end: float) -> None:
    """Zoom as a browser does: change the range first, then send the event."""
    figure = figure_of(plot)
    figure.x_range.update(start=start, end=end)
    figure._trigger_event(RangesUpdate(figure, x0=start, x1=end, y0=0, y1=1))


def test_it_draws_a_hydrograph_with_its_peak_and_key_figures(plot):
    plot.show(FLOOD, "Deer Creek")

    figure = figure_of(plot)
    assert drawn(plot) == (FLOOD.time.tolist(), FLOOD.flow.tolist())
    assert figure.renderers[2].data_source.data == {"time": [5.0], "flow": [1210.0]}
    assert (figure.x_range.start, figure.x_range.end) == (0, 30)
    assert figure.x_range.bounds == (0, 30)
    assert figure.y_range.start == 0
    assert figure.y_range.end > 1210
    assert figure.title.text.text == "Deer Creek"
    assert figure.html_attributes["aria-label"] == (
        "Hydrograph of Deer Creek. "
        "Peak flow 1,210 cfs\nTime to peak 5 hours\nVolume 1,002.1 acre-feet"
    )


def test_a_name_is_never_a_formula(plot):
    plot.show(FLOOD, r"$$\href{javascript:alert(1)}{x}$$")

    assert isinstance(figure_of(plot).title.text, PlainText)


def test_it_sends_few_of_many_points_and_all_of_them_after_zooming_in(plot):
    plot.show(LONG, "Deer Creek")
    assert len(drawn(plot)[0]) <= MAX_POINTS_DRAWN

    look_at(plot, 1000, 1010)

    time, flow = drawn(plot)
    closer = (LONG.time >= time[0]) & (LONG.time <= time[-1])
    assert time == LONG.time[closer].tolist()
    assert flow == LONG.flow[closer].tolist()
    assert time[0] < 1000 < 1010 < time[-1]


def test_it_draws_the_next_hydrograph_completely(plot):
    plot.show(LONG, "Deer Creek")
    look_at(plot, 1000, 1010)

    plot.show(FLOOD, "Jordanelle")

    figure = figure_of(plot)
    assert drawn(plot)[0] == FLOOD.time.tolist()
    assert (figure.x_range.start, figure.x_range.end) == (0, 30)
    assert (figure.x_range.reset_start, figure.x_range.reset_end) == (0, 30)
    assert figure.title.text.text == "Jordanelle"


@pytest.mark.parametrize(
    ("flow", "lowest", "highest"),
    [([0, 0], 0, 1), ([-5, -1], -5.5, 0.5), ([-1e15, 1e15], -1.1e15, 1.1e15), ([3, 3], 0, 3.1)],
)
def test_zero_and_all_flows_are_in_view(plot, flow, lowest, highest):
    plot.show(Hydrograph([0, LARGEST], flow), "Deer Creek")

    axis = figure_of(plot).y_range
    assert axis.start <= lowest <= 0
    assert axis.end >= highest


def test_a_dark_page_has_a_lighter_curve(plot):
    light = figure_of(plot).renderers[1].glyph.line_color

    plot.dark = True

    dark = figure_of(plot).renderers[1].glyph.line_color
    assert int(dark[1:], 16) > int(light[1:], 16)


@pytest.mark.parametrize(
    ("peak", "words"),
    [
        (12_938.44, "12,938"),
        (1_234_567.8, "1,234,568"),
        (9.407042, "9.407"),
        (99_999.99, "100,000"),
        (0.000123456, "0.00012346"),
        (1e-300, "0"),
        (0.0, "0"),
        (1e15, "1,000,000,000,000,000"),
    ],
)
def test_figures_have_five_significant_digits(peak, words):
    hydrograph = Hydrograph([0, 1], [0, peak])

    assert re.match(r"Peak flow (\S+) cfs", in_words(hydrograph))[1] == words


@pytest.mark.parametrize(
    ("name", "file_name"),
    [
        ("Deer Creek", "Deer Creek hydrograph.csv"),
        ("Saint-Étienne (amont)", "Saint-Étienne (amont) hydrograph.csv"),
        ("../../etc/passwd", "etc passwd hydrograph.csv"),
        ('A\\B:C*?"<>|\n\0.exe', "A B C exe hydrograph.csv"),
        ("\u202egpj.", "gpj hydrograph.csv"),
        ("CON", "CON hydrograph.csv"),
        ("---", "hydrograph.csv"),
        ("", "hydrograph.csv"),
        ("x" * 300, "x" * 60 + " hydrograph.csv"),
    ],
)
def test_a_file_is_named_for_its_dam_on_every_system(name, file_name):
    assert as_file_name(name, "hydrograph.csv") == file_name


def test_flow_and_volume_are_shown_in_metric_units_and_back(plot):
    plot.show(FLOOD, "Deer Creek")
    figure = figure_of(plot)

    plot.units = METRIC

    time, flow = drawn(plot)
    assert time == FLOOD.time.tolist()
    assert flow == pytest.approx((FLOOD.flow * 0.028316846592).tolist())
    assert figure.renderers[2].data_source.data["flow"] == [pytest.approx(34.263384)]
    assert figure.yaxis[0].axis_label == "Flow (m\u00b3/s)"
    assert 34.3 < figure.y_range.end < 41
    assert figure.html_attributes["aria-label"].endswith(
        "Peak flow 34.263 m\u00b3/s\nTime to peak 5 hours\nVolume 1,236 thousand m\u00b3"
    )
    plot.units = US
    assert drawn(plot)[1] == FLOOD.flow.tolist()
    assert figure.yaxis[0].axis_label == "Flow (cfs)"
