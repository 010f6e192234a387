"""The form that reads a hydrograph's file, and the sheet with several hydrographs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.hydrograph import Hydrograph
from dam_inventory.errors import DamInventoryError, HydrographExists
from dam_inventory.formats.flow_files import tables_of
from dam_inventory.session.store import DamStore
from dam_inventory.views.hydrograph.assign_form import AssignForm
from dam_inventory.views.hydrograph.flow_curves import FlowCurves
from dam_inventory.views.hydrograph.plot import HydrographPlot
from dam_inventory.views.hydrograph.reading_form import ReadingForm
from dam_inventory.views.hydrograph.sheet import HydrographSheet
from dam_inventory.views.hydrograph.time_axis import HOUR, clocks
from dam_inventory.views.report.curve import curve, hour_ticks

EST = dt.timezone(dt.timedelta(hours=-5))
START = dt.datetime(2022, 4, 8, tzinfo=EST)
GAUGE = Hydrograph([0, 1, 2, 3], [10, np.nan, 30, 20], START, "Gauge")
MODEL = Hydrograph([0, 2], [5, 40], name="Model")

pytestmark = pytest.mark.filterwarnings("ignore:Both 'variant' and 'button_style':Warning")


@pytest.fixture
def store(store: DamStore, monkeypatch: pytest.MonkeyPatch) -> DamStore:
    """A store that answers at once."""

    def at_once(work: Callable[[], Any], done: Callable[[Any], None], lane: str) -> None:
        try:
            outcome = work()
        except DamInventoryError as error:
            outcome = error
        done(outcome)

    monkeypatch.setattr(store, "in_background", at_once)
    return store


@pytest.fixture
def told() -> list[Any]:
    return []


@pytest.fixture
def form(store: DamStore, told: list[Any]) -> ReadingForm:
    return ReadingForm(store, told.append)


def visible(form: ReadingForm) -> list[str]:
    return [part for part, one in form.answers.items() if one.visible]


def show(form: ReadingForm, text: str, name: str = "flood.csv") -> None:
    form.show(tables_of(text.encode(), name), name)


def test_a_plain_file_of_two_columns_asks_nothing(form: ReadingForm, told: list[Any]):
    show(form, "0,1\n1,2\n")

    assert visible(form) == []
    assert form.time is None
    assert told[0].hydrograph.flow.tolist() == [1, 2]


def test_an_open_question_is_asked_until_it_is_answered(form: ReadingForm, told: list[Any]):
    show(form, "date,stage,flow\n2022-04-08,3,1\n2022-04-09,4,2\n")

    assert (visible(form), told) == (["flow_unit"], [None])
    form.answers["flow_unit"].value = "ML/day"

    assert told[-1].flow_unit == "ML/day"
    assert (form.time.value, form.flow.value) == (0, 2)
    assert visible(form) == ["flow_unit"]  # An answer can be changed.


def test_another_column_is_read_when_it_is_chosen(form: ReadingForm, told: list[Any]):
    show(form, "time (h),in (cfs),out (m3/s)\n0,1,1\n1,2,2\n")

    form.flow.value = 2

    assert told[-1].flow_unit == "m³/s"
    form.time.value = 2
    assert "two different columns" in str(told[-1])


@pytest.mark.parametrize("forged", [99, -1, "0", None, [1]])
def test_a_forged_choice_breaks_nothing(form: ReadingForm, told: list[Any], forged: object):
    show(form, "time (h),in (cfs),out (m3/s)\n0,1,1\n1,2,2\n")

    form.flow = SimpleNamespace(value=forged)
    form._try()
    assert told[-1].hydrograph.flow.tolist() == [1, 2]
    form.table = SimpleNamespace(value=forged)
    form._try()

    assert told[-1].hydrograph.flow.tolist() == [1, 2]


def test_the_form_offers_a_place_beside_to_those_who_may_not_replace(store: DamStore):
    form = AssignForm(store, lambda: None)
    form._on_done("", HydrographExists("It has one.", 7, may_replace=False), 3)

    assert (form._submit.visible, form._beside.visible, form._replaces) == (False, True, None)
    form._on_done("", HydrographExists("It has one.", 7), 3)
    assert (form._submit.label, form._beside.visible, form._replaces) == ("Replace", True, 7)


def test_several_hydrographs_are_compared_and_one_can_be_chosen(
    store: DamStore, inventory: Inventory
):
    for one in (GAUGE, MODEL):
        inventory.assign_hydrograph(1, one, beside=True)
    sheet = HydrographSheet(store)

    sheet.show(1)

    assert isinstance(sheet._drawn, FlowCurves)
    [choice] = sheet._choice.objects
    assert choice.options == {"All hydrographs": 0, "Gauge": 1, "Model": 2}
    assert not sheet._download.visible
    choice.value = 2
    assert isinstance(sheet._drawn, HydrographPlot)
    assert sheet._csv().getvalue().decode() == MODEL.to_csv()


def test_the_only_hydrograph_is_drawn_without_a_choice(store: DamStore, inventory: Inventory):
    inventory.assign_hydrograph(1, GAUGE)
    sheet = HydrographSheet(store)

    sheet.show(1)

    assert isinstance(sheet._drawn, HydrographPlot)
    assert list(sheet._choice.objects) == []
    assert sheet._download.visible


def test_dates_are_the_axis_if_all_hydrographs_have_them():
    [clock], label = clocks([GAUGE])
    assert label == "Time (UTC-5)"
    assert dt.datetime(1970, 1, 1) + dt.timedelta(
        milliseconds=float(clock.x(np.array(1.5)))
    ) == dt.datetime(2022, 4, 8, 1, 30)
    assert clock.hours(float(clock.x(np.array(1.5)))) == 1.5

    utc = Hydrograph([0, 1], [1, 2], dt.datetime(2022, 4, 8, 5, tzinfo=dt.UTC))
    first, second = clocks([GAUGE, utc])[0]
    assert first == second
    assert clocks([GAUGE, MODEL])[1] == "Time (hours)"
    naive = Hydrograph([0, 1], [1, 2], dt.datetime(2022, 4, 8))
    assert clocks([naive])[1] == "Time (no time zone stated)"


def test_a_plot_with_dates_has_a_gap_and_says_when_the_peak_was():
    plot = HydrographPlot()
    plot.show(GAUGE, "Deer Creek")

    figure = plot.__panel__().object
    assert figure.xaxis[0].formatter.days == "%b %d"
    assert figure.x_range.end - figure.x_range.start == 3 * HOUR
    assert np.isnan(figure.renderers[1].data_source.data["flow"]).tolist() == [
        False, True, False, False,
    ]  # fmt: skip
    assert not figure.renderers[0].visible
    assert "cfs\nat 2022-04-08 02:00 (2 hours)\n" in figure.html_attributes["aria-label"]
    assert figure.html_attributes["aria-label"].endswith("1 value missing")
    plot.show(MODEL, "Jordanelle")
    assert figure.renderers[0].visible
    assert (figure.x_range.start, figure.x_range.end) == (0, 2)


def test_the_report_draws_each_part_without_a_gap():
    drawing = curve(GAUGE)

    assert drawing.count("<polyline") == 2
    assert "nan" not in drawing
    assert "Time (UTC-5)" in drawing
    assert hour_ticks(GAUGE, 0, 3)[1] == (1, "Apr 08, 01:00")
