"""Since when the answers of the API are the same."""

from __future__ import annotations

import datetime as dt

import pytest

from dam_inventory.server.api import last_change
from dam_inventory.server.api.last_change import LastChange

TODAY = dt.date(2026, 11, 27)
MIDNIGHT = dt.datetime(2026, 11, 27).astimezone(dt.UTC)


def after(seconds: float) -> dt.datetime:
    return MIDNIGHT + dt.timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("moments", "told"),
    [
        ([after(60.7), after(50)], after(60)),
        ([after(60.7)], after(60)),
        ([after(60.7), after(60.1)], None),
        ([after(50), after(60)], after(50)),
        ([after(-60), after(-60)], MIDNIGHT),
        ([after(0.5), after(-60)], None),
        ([], MIDNIGHT),
    ],
)
def test_a_moment_is_told_unless_another_answer_has_the_same(
    moments: list[dt.datetime], told: dt.datetime | None
):
    last = LastChange()
    last.remember(("a", 2), moments)
    assert last.modified(("a", 2), TODAY) == told


def test_nothing_is_told_of_another_revision():
    last = LastChange()
    last.remember(("a", 2), [after(60)])
    assert last.modified(("a", 3), TODAY) is None
    assert last.modified(("b", 2), TODAY) is None


def test_it_is_looked_up_once_and_again_later_if_that_failed(monkeypatch: pytest.MonkeyPatch):
    now = 100.0
    monkeypatch.setattr(last_change.time, "monotonic", lambda: now)
    last = LastChange()
    assert last.is_to_look_up(("a", 2))
    assert not last.is_to_look_up(("a", 2))
    assert last.is_to_look_up(("a", 3))
    now += last_change.SECONDS_TO_LOOK_AGAIN
    assert last.is_to_look_up(("a", 3))
    last.remember(("a", 3), [after(60)])
    now += last_change.SECONDS_TO_LOOK_AGAIN
    assert not last.is_to_look_up(("a", 3))
