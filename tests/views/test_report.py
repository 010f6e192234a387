"""Reports of a dam and of several dams, without a browser."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain import partial_date
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.hydrograph import Hydrograph
from dam_inventory.domain.units import METRIC, US, Units
from dam_inventory.errors import DatabaseUnavailable
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.session.record import read
from dam_inventory.session.store import DamStore
from dam_inventory.views.report import view as view_module
from dam_inventory.views.report.curve import curve, ticks
from dam_inventory.views.report.dam import MAX_LISTED, DamReport, dam_report
from dam_inventory.views.report.location import HEIGHT, WIDTH, location_map
from dam_inventory.views.report.view import ReportView
from dam_inventory.views.url_state import LIST, Address

TODAY = dt.date(2026, 6, 15)
MARKUP = "<img src=x onerror=alert(1)>"
FLOOD = Hydrograph([0, 5, 20], [0, 60, 0])


@pytest.fixture
def dam_id(store: DamStore, draft: Callable[..., DamDraft]) -> int:
    """A dam of which much is known, with a history."""
    facts = {
        "state": "Nevada", "county": "CLARK", "hazard_potential": "High", "nid_height_ft": 730.0,
        "last_inspection_date": "2020-05-02", "inspection_frequency_years": 2.0,
        "eap_last_revision_date": "2024", "normal_storage_acre_ft": 9.0,
        "max_storage_acre_ft": 8.0, "website": "https://example.org/?a&b",
        "other_facts": {MARKUP: MARKUP},
    }  # fmt: skip
    change = store.add(draft(MARKUP, **facts))
    store.edit(change.dam_id, {"owner": MARKUP}, store.snapshot.mark)
    store.assign_hydrograph(change.dam_id, FLOOD)
    return int(change.dam_id)


@pytest.fixture
def report_of(store: DamStore, inventory: Inventory) -> Callable[..., DamReport]:
    def report_of(dam_id: int, units: Units = US) -> DamReport:
        snapshot, row = store.snapshot, store.snapshot.row_of(dam_id)
        known = read(inventory, snapshot, dam_id, row)
        return dam_report(snapshot.name(row), snapshot.values(row), TODAY, units, known)

    return report_of


def facts(report: DamReport) -> dict[str, tuple[str, int | None]]:
    """Return text and source of each fact by its label."""
    return {one.label: (one.text, one.source) for _, some in report.groups for one in some}


def html_of(view: ReportView) -> str:
    return json.loads(view.content)["html"]


def test_each_fact_of_a_report_has_the_number_of_its_source(
    dam_id: int, report_of: Callable[..., DamReport]
):
    report = report_of(dam_id)

    assert facts(report)["NID height (ft)"] == ("730", 1)
    assert facts(report)["Owner"] == (MARKUP, 2)
    assert facts(report)[MARKUP] == (MARKUP, 1)
    assert report.hydrograph_source == 3
    assert [one.partition(",")[0] for one in report.sources] == [
        "The form for a new dam",
        "The form for edits",
        "A hydrograph file with 3 points",
    ]
    assert [(one.what, one.values) for one in report.history[:2]] == [
        (f'A hydrograph has been assigned to "{MARKUP}".', []),
        (f'"{MARKUP}" has been edited.', [("Owner", "Reclamation", MARKUP)]),
    ]


def test_a_report_says_what_is_due_what_is_doubtful_and_where(
    dam_id: int, report_of: Callable[..., DamReport]
):
    report = report_of(dam_id)

    assert report.place == "Clark County, Nevada"
    assert [(one.label, one.text, one.kind) for one in report.dates] == [
        ("Next inspection due", "May 2, 2022", "overdue"),
        ("Emergency action plan due", "2029", ""),
    ]
    flags = ["Outside its state's bounds", "Normal storage above maximum"]
    assert report.flags == flags


def test_a_report_has_the_units_of_its_address(dam_id: int, report_of: Callable[..., DamReport]):
    assert facts(report_of(dam_id, METRIC))["NID height (m)"] == ("222.5", 1)
    assert ">Flow (m³/s)<" in curve(FLOOD, METRIC)


def test_a_report_counts_the_changes_that_it_does_not_list(
    store: DamStore, dam_id: int, report_of: Callable[..., DamReport]
):
    for number in range(MAX_LISTED):
        store.edit(dam_id, {"river": f"River {number}"}, store.snapshot.mark)

    report = report_of(dam_id)

    assert len(report.history) == MAX_LISTED
    assert report.note == "3 earlier changes are not listed."
    assert facts(report)["NID height (ft)"] == ("730", 1)


def test_the_page_of_a_dam_shows_text_as_text(
    store: DamStore, dam_id: int, wait_until: Callable[..., None]
):
    view = ReportView(store, dam_id, "Dams of <b>Ann</b>")
    wait_until(lambda: json.loads(view.content)["isReady"])
    html = html_of(view)

    assert "<img" not in html
    assert "<b>Ann" not in html
    assert html.count("&lt;img src=x onerror=alert(1)&gt;") >= 5
    assert '<a href="https://example.org/?a&amp;b"' in html
    assert 'class="curve"' in html
    assert 'class="location"' in html
    ET.fromstring(f"<root>{html}</root>")


def test_a_dam_that_is_gone_is_told_with_who_removed_it(
    store: DamStore, dam_id: int, wait_until: Callable[..., None]
):
    store.remove(dam_id)

    view = ReportView(store, dam_id, "Dams")
    wait_until(lambda: "it was removed on" in html_of(view))

    assert "&lt;img" in html_of(view)
    assert "is not in this inventory" in html_of(ReportView(store, 10**9, "Dams"))


def test_an_open_report_stays_and_tells_that_there_is_news(
    store: DamStore, inventory: Inventory, feed: ChangeFeed, draft: Callable[..., DamDraft]
):
    view = ReportView(store, LIST, "Dams")
    before = view.content

    inventory.add(draft("Otter"))
    feed.catch_up()

    assert view.content == before
    assert view.notice == "The inventory has changed. Reload this page for a new report."


def test_a_report_of_dams_has_those_of_the_filter_in_the_order_of_the_page(
    store: DamStore, draft: Callable[..., DamDraft]
):
    dates = {"last_inspection_date": "2019", "inspection_frequency_years": 1.0}
    store.add(draft("B", state="Utah", **dates))
    store.add(draft("A", state="Utah"))
    store.add(draft("C", state="Ohio"))
    store.filter.state = ["Utah"]

    view = ReportView(store, LIST, "Dams", sort="-dam_name")
    html = html_of(view)

    assert re.findall('<th scope="row">(.*?)</th>', html) == ["B", "A"]
    assert "<h1>2 of 5 dams</h1>" in html
    assert "<li>State: Utah</li>" in html
    assert '2020 <strong class="overdue">overdue</strong>' in html
    assert "Overdue among the listed dams: 1 inspection." in html
    assert "Not known for any of these dams: NID ID, Hazard potential" in html


@pytest.mark.parametrize(("day", "is_overdue"), [("2021-05-31", False), ("2021-06-02", True)])
def test_a_report_has_the_day_of_the_filter(
    store: DamStore, draft: Callable[..., DamDraft], day: str, is_overdue: bool
):
    dates = {"last_inspection_date": "2020-06-01", "inspection_frequency_years": 1.0}
    dam_id = store.add(draft("A", **dates)).dam_id
    store.filter.today = dt.date.fromisoformat(day)

    for subject in (LIST, dam_id):
        html = html_of(ReportView(store, subject, "Dams"))
        assert ('class="overdue"' in html) is is_overdue
        assert partial_date.in_words(day) in html


def test_a_report_of_no_dams_says_so(store: DamStore):
    store.filter.state = ["Nowhere"]

    assert "No dams match the filter." in html_of(ReportView(store, LIST, "Dams"))


def test_a_report_lists_dams_up_to_a_limit_and_counts_the_rest(
    store: DamStore, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(view_module, "MAX_ROWS", 1)

    html = html_of(ReportView(store, LIST, "Dams"))

    assert html.count('<th scope="row">') == 1
    assert "The first 1 of 2 dams are listed; 1 is left out." in html


@pytest.mark.parametrize("texts", [["list"], ["7"]])
def test_an_address_asks_for_a_report(texts: list[str]):
    asked = Address.read({"report": [text.encode() for text in texts]}).report
    assert asked == (LIST if texts == ["list"] else 7)


@pytest.mark.parametrize("text", ["", "List", "-1", "1.5", "x", "9" * 20])
def test_an_address_with_an_invalid_report_is_that_of_the_dashboard(text: str):
    assert Address.read({"report": [text.encode()]}).report is None


@pytest.mark.parametrize(
    ("longitude", "latitude", "state"),
    [
        (-114.7, 36.0, "Nevada"),
        (-149.0, 61.0, "AK"),
        (174.0, 52.9, "Alaska"),
        (144.7, 13.4, "Guam"),
        (11.0, 47.6, ""),
        (-114.7, 36.0, "Ohio"),
        (-43.0, -20.0, MARKUP),
        (0.0, 90.0, ""),
    ],
)
def test_a_location_map_shows_the_dam_among_outlines(longitude: float, latitude: float, state: str):
    drawing = ET.fromstring(location_map(longitude, latitude, state))

    [dam] = (one for one in drawing if one.get("class") == "dam")
    assert 0 <= float(dam.get("cx")) <= WIDTH
    assert 0 <= float(dam.get("cy")) <= HEIGHT
    has_own = any(one.get("class") == "own" for one in drawing)
    assert has_own == (state in ("Nevada", "AK", "Alaska", "Guam"))


def test_the_curve_of_a_report_keeps_its_peak_and_says_it():
    time = np.linspace(0, 100, 50_000)
    flow = np.where(np.arange(50_000) == 777, 5000.0, 10.0)

    drawing = ET.fromstring(curve(Hydrograph(time, flow)))

    line = next(one for one in drawing if one.get("class") == "flow").get("points").split()
    heights = [float(point.split(",")[1]) for point in line]
    assert min(heights) < 30
    assert len(line) < 1500
    assert "Peak flow 5,000 cfs" in drawing.get("aria-label")


@pytest.mark.parametrize("flows", [[0, 0], [-5, -1], [1e-9, 2e-9], [3, 3], [-1e15, 1e15]], ids=str)
def test_any_curve_can_be_drawn(flows: list[float]):
    drawing = curve(Hydrograph([0, 1e-3], flows))

    assert "nan" not in drawing
    assert "inf" not in drawing


def test_ticks_are_few_round_numbers():
    assert ticks(0, 55_444) == [0, 20_000, 40_000]
    assert ticks(-3, 7) == [-2, 0, 2, 4, 6]
    assert ticks(5, 5) == [5]


def test_a_report_without_its_history_says_why(
    store: DamStore, dam_id: int, monkeypatch: pytest.MonkeyPatch
):
    error = DatabaseUnavailable("The database is busy.")
    monkeypatch.setattr(store, "record", lambda _dam_id, _row, done: done(error))

    view = ReportView(store, dam_id, "Dams")

    assert view.notice.endswith("can't be read. The database is busy.")
    assert json.loads(view.content)["isReady"]
    assert "<dt>NID height (ft)</dt><dd>730</dd>" in html_of(view)
