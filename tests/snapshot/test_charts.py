"""What charts count beyond facets and histograms; see also `test_facets.py`."""

from __future__ import annotations

import threading

import numpy as np

from dam_inventory.snapshot import charts as charts_module
from dam_inventory.snapshot.charts import HEIGHT_EDGES, STORAGE_EDGES
from dam_inventory.snapshot.criteria import ALL, Criteria, Range
from dam_inventory.snapshot.kept import Kept
from tests.snapshot.test_facets import dam, row
from tests.snapshot.test_snapshot import snapshot_of


def test_a_chart_counts_the_dams_given_the_others_but_not_its_own_choice():
    snapshot = snapshot_of(
        row(dam(1, hazard_potential="High", condition_assessment="Poor", nid_height_ft=50.0)),
        row(dam(2, hazard_potential="High", condition_assessment="Fair", nid_height_ft=5.0)),
        row(dam(3, hazard_potential="Low", nid_height_ft=50.0, nid_storage_acre_ft=0.0)),
    )
    asked = Criteria(
        facets=(("condition_assessment", ("Poor",)), ("hazard_potential", ("High",))),
        ranges=(("nid_height_ft", Range(40.0)),),
    )

    counts, charts = snapshot.charts(asked)

    assert counts.matching == 1
    assert charts.hazard_by_condition == {("High", "Poor"): 1, ("Low", ""): 1}
    assert charts.dams["hazard_by_condition"] == 2
    assert charts.dams["storage_by_height"] == charts.dams["owner_type"] == 1
    _, charts = snapshot.charts(ALL)
    # Unknown storage in the first line, storage of 0 in the open cell after it.
    assert np.argwhere(charts.storage_by_height).tolist() == [[0, 5], [0, 17], [1, 17]]


def test_the_edges_of_the_cells_rise_and_are_short_to_read():
    for edges in (STORAGE_EDGES, HEIGHT_EDGES):
        assert list(edges) == sorted(set(edges))
        assert all(float(f"{edge:.2g}") == edge for edge in edges)


def test_words_that_no_list_contains_are_counted_however_many_there_are(monkeypatch):
    monkeypatch.setattr(charts_module, "_MANY", 1)
    snapshot = snapshot_of(
        row(dam(1, hazard_potential="Very high", condition_assessment="Poor")),
        row(dam(2, hazard_potential="Very high", condition_assessment="Poor")),
        row(dam(3)),
    )

    _, charts = snapshot.charts(ALL)

    assert charts.hazard_by_condition == {("", ""): 1, ("Very high", "Poor"): 2}


def test_the_latest_answers_are_kept():
    kept = Kept[str, int](2)
    computed: list[str] = []

    def answer(question: str) -> int:
        return kept.answer(question, lambda: computed.append(question) or len(computed))

    assert [answer(one) for one in "abaca"] == [1, 2, 1, 3, 1]
    assert answer("b") == 4


def test_a_failure_is_not_kept():
    kept = Kept[str, int](2)
    fails = [True]

    def compute() -> int:
        if fails.pop():
            raise ValueError("once")
        return 7

    try:
        kept.answer("a", compute)
    except ValueError:
        fails.append(False)
    assert kept.answer("a", compute) == 7


def test_threads_with_the_same_question_get_one_answer():
    kept = Kept[str, object](2)
    is_computing, may_end = threading.Event(), threading.Event()
    found: list[object] = []

    def compute() -> object:
        is_computing.set()
        assert may_end.wait(20)
        return object()

    threads = [
        threading.Thread(target=lambda: found.append(kept.answer("a", compute))) for _ in range(2)
    ]
    threads[0].start()
    assert is_computing.wait(20)
    threads[1].start()
    may_end.set()
    for thread in threads:
        thread.join(20)

    assert found[0] is found[1]
