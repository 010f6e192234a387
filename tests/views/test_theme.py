"""Edges and outlines are seen: a contrast of at least 3:1 (WCAG 2.2, 1.4.11)."""

from __future__ import annotations

import re

import pytest

from dam_inventory.views.components.assets import asset
from dam_inventory.views.theme import EDGE
from tests.contrast import contrast

GROUNDS = ["#ffffff", "#121212", "#1e1e1e"]
TOOLS = [("region", "#ffffff"), ("region.dark", "#18222a")]


def test_the_edges_of_controls_are_seen_on_a_light_and_on_a_dark_page():
    assert min(contrast(EDGE, ground) for ground in GROUNDS) >= 3


@pytest.mark.parametrize(("selector", "paper"), TOOLS)
def test_the_edges_and_signs_of_the_maps_tools_are_seen(selector: str, paper: str):
    style = asset("map/controls.css")
    # The light page's colors are those of the host.
    rule = re.escape(":host" if selector == "region" else f".{selector}")
    [rules] = re.findall(rf"^{rule} \{{(.*?)\}}", style, re.MULTILINE)
    colors = dict(re.findall(r"--(ink|line): (#[0-9a-f]{6})", rules))

    assert contrast(colors["line"], paper) >= 3
    assert contrast(colors["ink"], paper) >= 4.5


def test_the_outline_of_the_focus_is_seen_on_a_light_and_on_a_dark_page():
    [outline] = set(re.findall(r"--panel-primary-color, (#1e88e5)", asset("map/controls.css")))

    assert min(contrast(outline, ground) for ground in GROUNDS) >= 3
