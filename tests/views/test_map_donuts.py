"""Clusters as rings that show the mix of their dams."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dam_inventory.domain.palette import COLORINGS, HAZARD, PLAIN
from dam_inventory.snapshot.clusters import Markers, sizes
from dam_inventory.snapshot.raster import LEVELS, shade
from dam_inventory.views.map.colors import PAPER, palette
from dam_inventory.views.map.donuts import MAX_PARTS, RING, donuts

NO_ROWS = np.empty(0, np.int32)


def clusters(*counts: list[int]) -> Markers:
    places = np.arange(float(len(counts)))
    return Markers(NO_ROWS, places * 1000, places, np.array(counts))


def test_the_parts_of_a_ring_are_as_long_as_their_categories_are_frequent():
    high, low = HAZARD.code("High"), HAZARD.code("Low")
    counts = [0] * len(HAZARD.colors)
    counts[high], counts[low] = 30, 10
    wedges, labels = donuts(clusters(counts, counts[::-1]), HAZARD)

    assert labels["label"] == ["40", "40"]
    assert wedges["inner"].tolist()[:2] == [0, 0]
    assert wedges["shade"].tolist()[:2] == [PAPER, PAPER]
    first, second = (i for i, x in enumerate(wedges["x"].tolist()) if x == 0 and i > 1)
    top = math.pi / 2
    assert wedges["start"][first] == pytest.approx(top)
    assert wedges["end"][first] == pytest.approx(top - 1.5 * math.pi) == wedges["start"][second]
    assert wedges["end"][second] == pytest.approx(top - 2 * math.pi)
    colors = [palette(HAZARD)[int(wedges["shade"][one])][:7] for one in (first, second)]
    assert colors == [HAZARD.colors["High"], HAZARD.colors["Low"]]
    radius = sizes(np.array([40]))[0] / 2
    assert wedges["inner"][first] == radius - RING < wedges["outer"][first] < radius


def test_the_mix_is_said_in_words_but_no_more_than_fit():
    wedges, _ = donuts(clusters([1, 2, 0, 0, 0, 1_234]), HAZARD)
    assert wedges["mix"] == ["High 1, Significant 2, Unknown 1,234", "", "", ""]
    assert wedges["count"].tolist() == [1237, 0, 0, 0]

    purposes = COLORINGS["primary_purpose"]
    many = list(range(1, len(purposes.colors) + 1))
    [mix] = {one for one in donuts(clusters(many), purposes).wedges["mix"] if one}
    assert mix.startswith("Unknown 13, Other 12, Grade Stabilization 11")
    left = len(many) - MAX_PARTS
    assert mix.endswith(f", {left} others {sum(range(left + 1))}")


@pytest.mark.parametrize(
    ("count", "label"), [(2, "2"), (999, "999"), (1_000, "1.0k"), (9_949, "9.9k"), (9_950, "10k")]
)
def test_the_number_is_short_enough_for_its_ring(count: int, label: str):
    assert donuts(clusters([0, count]), PLAIN).labels["label"] == [label]


def test_the_ground_of_a_number_is_no_category():
    assert len(palette(HAZARD)) == PAPER + 1
    assert all(
        shade(len(coloring.colors) - 1, LEVELS - 1) < PAPER for coloring in COLORINGS.values()
    )
