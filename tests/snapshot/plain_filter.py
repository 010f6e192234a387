"""A filter that looks at one dam after the other, to compare the product's with."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from dam_inventory.domain.due import DUES
from dam_inventory.domain.fields import FACETS, FIELD, SEARCHED
from dam_inventory.domain.mercator import to_mercator
from dam_inventory.domain.quality import NO_FLAGS
from dam_inventory.domain.states import STATES
from dam_inventory.snapshot.charts import CONDITIONS, HEIGHT_EDGES, STORAGE_EDGES, Charts
from dam_inventory.snapshot.criteria import UNKNOWN, Criteria, Range
from dam_inventory.snapshot.facets import Counts
from dam_inventory.snapshot.folding import fold
from dam_inventory.snapshot.ranges import EDGES, RANGES

BY_NAME = {state.name: state for state in STATES}
Dam = dict[str, Any]


def matching(dams: list[Dam], criteria: Criteria) -> list[int]:
    """Return the ids of the dams that match, ascending."""
    return sorted(dam["id"] for dam in dams if all(tests_of(dam, dams, criteria).values()))


def others_of(dams: list[Dam], criteria: Criteria, *names: str) -> list[Dam]:
    """Return the dams that meet all conditions but some."""
    return [
        dam
        for dam in dams
        if all(met for one, met in tests_of(dam, dams, criteria).items() if one not in names)
    ]


def charts(dams: list[Dam], criteria: Criteria) -> Charts:
    """Return what the charts show; storage by height only where there are dams."""
    others = {name: others_of(dams, criteria, *names) for name, names in CONDITIONS.items()}
    cells = np.zeros((len(STORAGE_EDGES) + 2, len(HEIGHT_EDGES) + 2), int)
    for dam in others["storage_by_height"]:
        cells[
            bin_of(dam["nid_storage_acre_ft"], STORAGE_EDGES),
            bin_of(dam["nid_height_ft"], HEIGHT_EDGES),
        ] += 1
    return Charts(
        {name: len(some) for name, some in others.items()},
        Counter(
            (dam["hazard_potential"] or UNKNOWN, dam["condition_assessment"] or UNKNOWN)
            for dam in others["hazard_by_condition"]
        ),
        cells,
    )


def counts(dams: list[Dam], criteria: Criteria, today: dt.date) -> Counts:
    def others(name: str) -> list[Dam]:
        return others_of(dams, criteria, name)

    return Counts(
        total=len(dams),
        matching=len(others("")),
        facets={
            facet: Counter(part for dam in others(facet) for part in parts_of(dam, facet))
            for facet in FACETS
        },
        bins={field: bins_of(others(field), field) for field in RANGES},
        quality=Counter(
            flag for dam in others("quality") for flag in flags_of(dam, dams) or {NO_FLAGS}
        ),
        due={name: sum(name in dues_of(dam, today) for dam in others("due")) for name in DUES},
        with_hydrograph=sum(dam["hydrograph_id"] is not None for dam in others("has_hydrograph")),
    )


def tests_of(dam: Dam, dams: list[Dam], criteria: Criteria) -> dict[str, bool]:
    """Return whether a dam meets each condition, by its name."""
    tests = {"search": all(word in text_of(dam) for word in criteria.words)}
    for facet, values in criteria.facets:
        tests[facet] = not parts_of(dam, facet).isdisjoint(values)
    for field, wanted in criteria.ranges:
        tests[field] = is_in(number_of(dam, field), wanted)
    if criteria.has_hydrograph is not None:
        tests["has_hydrograph"] = (dam["hydrograph_id"] is not None) == criteria.has_hydrograph
    if criteria.quality:
        tests["quality"] = not (flags_of(dam, dams) or {NO_FLAGS}).isdisjoint(criteria.quality)
    if criteria.due is not None:
        wanted, today = criteria.due
        tests["due"] = not dues_of(dam, today).isdisjoint(wanted)
    place = (dam["longitude"], dam["latitude"])
    if criteria.view is not None:
        tests["in_view"] = False
        if None not in place:
            x, y = to_mercator(*place)
            tests["in_view"] = bool(
                criteria.view.x0 <= x <= criteria.view.x1
                and criteria.view.y0 <= y <= criteria.view.y1
            )
    if criteria.near is not None:
        here = (criteria.near.longitude, criteria.near.latitude)
        tests["near"] = None not in place and kilometers(here, place) <= criteria.near.km
    if criteria.region is not None:
        tests["region"] = None not in place and is_inside(criteria.region.corners, place)
    return tests


def is_inside(corners: Sequence[tuple[float, float]], place: tuple[float, float]) -> bool:
    """Return whether a ray to the east crosses an odd number of edges on the map."""
    x, y = to_mercator(*place)
    points = [to_mercator(*corner) for corner in corners]
    crossings = 0
    for (x0, y0), (x1, y1) in zip(points, [*points[1:], points[0]], strict=True):
        if (y0 <= y < y1) or (y1 <= y < y0):
            crossings += x < x0 + (y - y0) * (x1 - x0) / (y1 - y0)
    return crossings % 2 == 1


def text_of(dam: Dam) -> str:
    state = BY_NAME.get(dam["state"])
    texts = [*(dam[field] for field in SEARCHED), state and state.code]
    return "\n".join(fold(text) for text in texts if text)


def parts_of(dam: Dam, facet: str) -> set[str]:
    value = dam[facet] or UNKNOWN
    if FIELD[facet].kind == "categories":
        return {part.strip() for part in value.split(";") if part.strip()} or {UNKNOWN}
    return {value}


def number_of(dam: Dam, field: str) -> float | None:
    value = dam[field]
    return int(value[:4]) if value is not None and FIELD[field].kind == "date" else value


def is_in(number: float | None, wanted: Range) -> bool:
    return wanted.is_unknown_too if number is None else wanted.low <= number < wanted.high


def bins_of(dams: list[Dam], field: str) -> tuple[int, ...]:
    found = Counter(bin_of(number_of(dam, field), EDGES[field]) for dam in dams)
    return tuple(found[number] for number in range(len(EDGES[field]) + 2))


def bin_of(number: float | None, edges: Sequence[float]) -> int:
    return 0 if number is None else 1 + bisect_right(edges, number)


def kilometers(here: tuple[float, float], there: tuple[float, float]) -> float:
    (west, south), (east, north) = ([math.radians(one) for one in place] for place in (here, there))
    cosine = math.sin(south) * math.sin(north)
    cosine += math.cos(south) * math.cos(north) * math.cos(east - west)
    return 6371.0088 * math.acos(max(-1.0, min(1.0, cosine)))


def dues_of(dam: Dam, today: dt.date) -> set[str]:
    found = set()
    years = dam["inspection_frequency_years"]
    if not years or not dam["last_inspection_date"]:
        found.add("inspection_unknown")
    elif last_day(dam["last_inspection_date"], round(12 * years)) < today:
        found.add("inspection_overdue")
    has_plan = dam["eap_prepared"] not in ("No", "Not Required")
    revised = dam["eap_last_revision_date"]
    if has_plan and revised and last_day(revised, 60) < today:
        found.add("plan_old")
    return found


def last_day(iso: str, months: int) -> dt.date:
    """Return the last day that a partial date may mean, so many months later."""
    year, month, day = [*map(int, iso.split("-")), 0, 0][:3]
    later = 12 * year + (month or 12) - 1 + months
    end = calendar.monthrange(later // 12, later % 12 + 1)[1]
    return dt.date(later // 12, later % 12 + 1, min(day or 31, end))


def flags_of(dam: Dam, dams: list[Dam]) -> set[str]:
    place = (dam["longitude"], dam["latitude"])
    found = {
        "no_coordinates": None in place,
        "at_zero": place == (0, 0),
        "outside_state": dam["state"] in BY_NAME and None not in place and is_outside(dam),
        "shared_place": None not in place
        and sum((one["longitude"], one["latitude"]) == place for one in dams) > 1,
        "normal_above_maximum": None
        not in (dam["normal_storage_acre_ft"], dam["max_storage_acre_ft"])
        and dam["normal_storage_acre_ft"] > dam["max_storage_acre_ft"],
        "implausible_year": dam["date_built"] is not None
        and not 1600 <= int(dam["date_built"][:4]) <= dt.date.today().year,
        "zero_size": 0 in (dam["nid_height_ft"], dam["nid_storage_acre_ft"]),
    }
    return {flag for flag, is_set in found.items() if is_set}


def is_outside(dam: Dam) -> bool:
    state, longitude = BY_NAME[dam["state"]], dam["longitude"]
    if not state.south <= dam["latitude"] <= state.north:
        return True
    if state.west > state.east:  # Alaska
        return state.east < longitude < state.west
    return not state.west <= longitude <= state.east
