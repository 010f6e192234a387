"""What a map draws of a snapshot with changes, compared with one that was read anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dam_inventory.domain.mercator import Extent, to_mercator
from dam_inventory.domain.palette import COLORINGS, HAZARD, PLAIN, QUALITY
from dam_inventory.snapshot import atlas as atlas_module
from dam_inventory.snapshot.atlas import Scene, View
from dam_inventory.snapshot.schema import COLUMNS
from dam_inventory.snapshot.snapshot import Snapshot

ADDED_AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
HAZARDS = ("High", "Low", None, "Significant", "Dreadful")
ALL = View(Extent(-2e7, -2e7, 2e7, 2e7), 20_000.0)


def row(dam_id: int, longitude: float | None, latitude: float | None, **facts: Any) -> list[Any]:
    known = {
        "id": dam_id,
        "dam_name": f"Dam {dam_id}",
        "added_at": ADDED_AT,
    }
    known |= {"longitude": longitude, "latitude": latitude, **facts}
    return [known.get(column) for column in COLUMNS]


def rows(count: int, first: int = 1) -> list[list[Any]]:
    random = np.random.default_rng(first)
    return [
        row(
            dam_id,
            *((None, None) if dam_id % 17 == 0 else random.uniform([-120, 30], [-70, 48])),
            hazard_potential=HAZARDS[dam_id % len(HAZARDS)],
            purposes="Recreation;Tailings",
        )
        for dam_id in range(first, first + count)
    ]


@pytest.fixture
def changed() -> tuple[Snapshot, Snapshot]:
    """A snapshot after some changes, and one with the same dams that was read anew."""
    old = rows(200)
    new = [row(5, -100.0, 40.0, hazard_potential="High"), *rows(20, first=201)]
    snapshot = Snapshot.of(old, 1).advance(new, 2, changed=(5, 7, 34, 100))
    kept = {one[0]: one for one in [*old, *new] if one[0] not in (7, 34, 100)}
    return snapshot, Snapshot.of(list(kept.values()), 2)


def drawn(snapshot: Snapshot, scene: Scene) -> list[tuple[int, int]]:
    """Return ids and codes of the single dams of a scene."""
    ids = snapshot.ids(scene.rows).tolist()
    return sorted(zip(ids, scene.codes.tolist(), strict=True))


@pytest.mark.parametrize("coloring", COLORINGS.values(), ids=lambda one: one.label)
@pytest.mark.parametrize("is_filtered", [False, True])
def test_a_changed_snapshot_is_drawn_like_one_that_was_read_anew(
    changed: tuple[Snapshot, Snapshot],
    coloring: Any,
    is_filtered: bool,
    monkeypatch: pytest.MonkeyPatch,
):
    scenes = [
        one.atlas.scene(one.rows() if is_filtered else None, ALL, coloring) for one in changed
    ]
    assert drawn(changed[0], scenes[0]) == drawn(changed[1], scenes[1])
    assert len(scenes[0].rows) == np.count_nonzero(
        ~np.isnan(changed[0].points(changed[0].rows())[0])
    )

    monkeypatch.setattr(atlas_module, "MAX_DOTS", 100)
    cells = []
    for one in changed:
        one.atlas._scenes.clear()
        scene = one.atlas.scene(one.rows() if is_filtered else None, ALL, coloring)
        assert scene.raster is not None
        assert not len(scene.rows)
        cells.append(scene.raster.cells)
    assert (cells[0] == cells[1]).all()
    assert cells[0].any()


@pytest.mark.parametrize("coloring", [HAZARD, PLAIN, COLORINGS["primary_purpose"]])
def test_the_legend_counts_all_dams_also_those_without_a_location(
    changed: tuple[Snapshot, Snapshot], coloring: Any
):
    one, other = (snapshot.atlas.tally(coloring, None) for snapshot in changed)
    rows_of = changed[0].rows()

    assert one.tolist() == other.tolist()
    assert one.tolist() == changed[0].atlas.tally(coloring, rows_of).tolist()
    assert one.sum() == len(changed[0])


def test_dots_lie_above_others_by_their_category(changed: tuple[Snapshot, Snapshot]):
    codes = changed[0].atlas.scene(None, ALL, HAZARD).codes.astype(int)

    assert (np.diff(codes) <= 0).all()
    assert codes[-1] == HAZARD.code("High")


def test_the_most_severe_dots_lie_above_the_others():
    condition = COLORINGS["condition_assessment"]
    words = ("Unsatisfactory", "Satisfactory", "Poor", None)
    facts = [{"condition_assessment": word} for word in words]
    snapshot = Snapshot.of([row(i, 0.0, float(i), **one) for i, one in enumerate(facts)], 1)

    codes = snapshot.atlas.scene(None, ALL, condition).codes

    drawn = [condition.categories[code] for code in codes]
    assert drawn == ["Unknown", "Satisfactory", "Poor", "Unsatisfactory"]


def test_a_dam_with_several_flags_has_the_color_of_the_first_one():
    places = [(0.0, 0.0), (1.0, 1.0), (1.0, 1.0), (2.0, 2.0), (None, None)]
    flat = {"nid_height_ft": 0.0}
    snapshot = Snapshot.of([row(i, *place, **flat) for i, place in enumerate(places[:3])], 1)
    snapshot = snapshot.advance([row(i, *places[i]) for i in (3, 4)], 2)

    tally = snapshot.atlas.tally(QUALITY, None)

    counts = dict(zip(QUALITY.categories, tally.tolist(), strict=True))
    assert {category: count for category, count in counts.items() if count} == {
        "No coordinates": 1, "At latitude 0, longitude 0": 1, "Same place as another dam": 2,
        "No flags": 1,
    }  # fmt: skip


def test_only_what_lies_in_the_view_is_drawn(changed: tuple[Snapshot, Snapshot]):
    snapshot = changed[0]
    x, y = to_mercator(-100.0, 40.0)
    around = Extent(float(x) - 10, float(y) - 10, float(x) + 10, float(y) + 10)

    for rows_of in (None, snapshot.rows()):
        scene = snapshot.atlas.scene(rows_of, View(around, 1.0), HAZARD)
        assert snapshot.ids(scene.rows).tolist() == [5]
        assert snapshot.ids(snapshot.atlas.within(rows_of, around)).tolist() == [5]


def test_clusters_are_drawn_only_when_they_were_asked_for_and_dams_are_many(
    changed: tuple[Snapshot, Snapshot], monkeypatch: pytest.MonkeyPatch
):
    atlas = changed[0].atlas
    asked = ALL._replace(is_clustered=True)
    assert atlas.scene(None, asked, HAZARD).clusters is None, "few dams"

    monkeypatch.setattr(atlas_module, "MAX_ALONE", 10)
    atlas._scenes.clear()
    scene = atlas.scene(None, asked, HAZARD)
    assert scene.clusters is not None
    located = len(atlas.scene(None, ALL, HAZARD).rows)
    assert scene.clusters.count.sum() + len(scene.rows) == located

    x, y = float(scene.clusters.x[0]), float(scene.clusters.y[0])
    assert len(atlas.under(None, asked, (x, y), 1.0)) == scene.clusters.count[0]


def test_the_dams_under_a_click_are_those_within_reach_the_nearest_first(
    build: Callable[..., Snapshot],
):
    snapshot = build((1, 0.0, 0.0), (2, 0.001, 0.0), (3, 0.0005, 0.0), (4, 1.0, 0.0))

    for rows_of in (None, snapshot.rows()):
        found = snapshot.atlas.under(rows_of, ALL, (10.0, 0.0), 110.0)
        assert snapshot.ids(found).tolist() == [1, 3, 2]
        assert not len(snapshot.atlas.under(rows_of, ALL, (0.0, 9e6), 110.0))


@pytest.fixture
def build() -> Callable[..., Snapshot]:
    def build(*places: tuple[int, float, float]) -> Snapshot:
        return Snapshot.of([row(*place) for place in places], 1)

    return build


def test_hazard_is_known_as_soon_as_one_dam_has_it(build: Callable[..., Snapshot]):
    snapshot = build((1, 0.0, 0.0))
    assert not snapshot.atlas.is_known(HAZARD)

    later = snapshot.advance([row(2, 1.0, 1.0, hazard_potential="Low")], 2)
    assert later.atlas.is_known(HAZARD)


def test_a_dam_without_the_preferred_fact_is_colored_by_the_other_one(
    build: Callable[..., Snapshot],
):
    places = [row(1, 0.0, 0.0, purposes="Tailings;Irrigation"), row(2, 0.0, 0.0)]
    both = {"purposes": "Tailings", "primary_purpose": "Recreation"}
    snapshot = Snapshot.of([*places, row(3, 0.0, 0.0, **both)], 1)
    coloring = COLORINGS["primary_purpose"]

    codes = snapshot.atlas.codes(coloring, snapshot.rows()).tolist()

    assert [coloring.categories[code] for code in codes] == ["Tailings", "Unknown", "Recreation"]


def test_home_follows_changes_of_a_small_inventory(build: Callable[..., Snapshot]):
    snapshot = build((1, 1.0, 1.0), (2, 2.0, 2.0))
    later = snapshot.advance([row(3, 3.0, 3.0)], 2)

    assert later.atlas.home == Extent.around(*to_mercator([1.0, 3.0], [1.0, 3.0]))
    assert Snapshot.of([], 1).atlas.home is None


def test_a_scene_of_few_dams_is_quick_once_all_are_sorted_and_their_categories_known(
    build: Callable[..., Snapshot], monkeypatch: pytest.MonkeyPatch
):
    atlas = build((1, 0.0, 0.0), (2, 0.001, 0.0)).atlas
    atlas.tally(HAZARD, None)
    assert not atlas.has_scene(None, ALL, HAZARD), "to sort all dams would block the event loop"
    assert not atlas.has_scene(None, ALL, PLAIN)

    atlas.within(None, ALL.extent)

    assert atlas.has_scene(None, ALL, PLAIN)
    assert atlas.has_scene(None, ALL, HAZARD)
    assert not atlas.has_scene(None, ALL._replace(is_clustered=True), HAZARD)
    assert not atlas.has_scene(atlas.within(None, ALL.extent), ALL, HAZARD)
    monkeypatch.setattr(atlas_module, "QUICK_DOTS", 1)
    assert not atlas.has_scene(None, ALL, HAZARD)


def test_the_latest_scenes_of_all_dams_are_kept(
    build: Callable[..., Snapshot], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(atlas_module, "QUICK_DOTS", -1)
    atlas = build((1, 0.0, 0.0)).atlas
    assert not atlas.has_scene(None, ALL, HAZARD)

    first = atlas.scene(None, ALL, HAZARD)

    assert atlas.has_scene(None, ALL, HAZARD)
    assert atlas.scene(None, ALL, HAZARD) is first
    for scale in range(1, atlas_module.MAX_VIEWS + 1):
        atlas.scene(None, ALL._replace(metres_per_pixel=float(scale)), HAZARD)
    assert not atlas.has_scene(None, ALL, HAZARD)
