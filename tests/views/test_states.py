"""The states on the ground of the map."""

from __future__ import annotations

import json
from itertools import pairwise

from bokeh.models import ColumnDataSource
from bokeh.plotting import figure

from dam_inventory.domain.states import STATES
from dam_inventory.views.map.states import StateLayer, borders, outlines


def drawn() -> tuple[ColumnDataSource, ColumnDataSource]:
    lines, names = StateLayer(figure()).renderers
    return lines.data_source, names.data_source


def test_each_border_is_drawn_once_and_coasts_are_not() -> None:
    edges = [frozenset(edge) for line in borders() for edge in pairwise(line)]
    coast = {frozenset(edge) for ring in outlines()["Hawaii"] for edge in pairwise(ring)}

    assert len(edges) == len(set(edges)) > 1_000
    assert not coast & set(edges)


def test_every_state_has_its_name_within_its_bounds() -> None:
    names = drawn()[1].data
    lower_48 = [one for one in STATES if one.name in outlines() and one.name != "Alaska"]

    assert set(names["code"]) == {one.code for one in STATES if one.name in outlines()}
    for state in lower_48:
        x = names["x"][names["code"].index(state.code)] / 6378137 * 57.29578
        assert state.west < x < state.east, state.name


def test_the_states_cost_a_page_some_ten_kilobytes() -> None:
    lines = drawn()[0].data
    sent = json.dumps([lines[axis].to_serializable(None) for axis in "xy"])

    assert len(sent) < 16_000
