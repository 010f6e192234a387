"""What is due at a dam on a day; random dams are in `test_facets.py`."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from dam_inventory.domain.due import inspection_due, is_overdue, plan_due
from dam_inventory.snapshot.criteria import Criteria, Due, dues_of
from dam_inventory.snapshot.filters import DamFilter, criteria_of
from tests.snapshot.test_facets import dam, row
from tests.snapshot.test_snapshot import snapshot_of


def first_day(name: str, **facts: Any) -> dt.date | None:
    """Return the first of many days on which a dam meets one of DUES, or None."""
    snapshot = snapshot_of(row(dam(1, **facts)))
    day, end, step = dt.date(2015, 1, 1), dt.date(2040, 1, 1), dt.timedelta(days=1)
    if not len(snapshot.matching(Criteria(due=Due((name,), end)))):
        return None
    while not len(snapshot.matching(Criteria(due=Due((name,), day)))):
        day += step
    return day


@pytest.mark.parametrize(
    ("date", "years", "overdue_from"),
    [
        ("2019-05-17", 2.0, "2021-05-18"),
        ("2019-05-17", 0.5, "2019-11-18"),
        ("2019-08-31", 0.5, "2020-03-01"),  # the end of February
        ("2020-02-29", 1.0, "2021-03-01"),
        ("2019-05", 2.0, "2021-06-01"),  # surely over only after the month
        ("2019", 2.0, "2022-01-01"),  # and after the year
        ("2019", 0.0, None),
        ("2019", None, None),
        (None, 2.0, None),
        ("2019", 1e300, None),
    ],
)
def test_an_inspection_is_overdue_only_when_it_surely_is(
    date: str | None, years: float | None, overdue_from: str | None
):
    facts = {"last_inspection_date": date, "inspection_frequency_years": years}
    found = first_day("inspection_overdue", **facts)

    assert (found and found.isoformat()) == overdue_from
    due = inspection_due(date, years)
    if found:
        days = (found - dt.timedelta(days=1), found)
        assert [is_overdue(due, one) for one in days] == [False, True]
    else:
        assert not is_overdue(due, dt.date(2039, 12, 31))
    is_unknown = first_day("inspection_unknown", **facts) is not None
    assert is_unknown == (not date or not years)


@pytest.mark.parametrize(
    ("date", "prepared", "old_from"),
    [
        ("2016-02-29", "Yes", "2021-03-01"),
        ("2016", None, "2022-01-01"),
        ("2016", "No", None),
        ("2016", "Not Required", None),
        (None, "Yes", None),
    ],
)
def test_a_plan_is_old_five_years_after_its_last_revision(
    date: str | None, prepared: str | None, old_from: str | None
):
    found = first_day("plan_old", eap_last_revision_date=date, eap_prepared=prepared)

    due = plan_due(date, prepared)
    assert (due is None) == (found is None)
    if found:
        days = (found - dt.timedelta(days=1), found)
        assert [is_overdue(due, one) for one in days] == [False, True]
    assert (found and found.isoformat()) == old_from


@pytest.mark.parametrize(
    "forged", [None, "plan_old", ["x", 1, None], {"plan_old": 1}, [["plan_old"]]], ids=str
)
def test_what_a_browser_forges_is_no_condition(forged: Any):
    assert dues_of(forged) == ()
    assert criteria_of({"due": forged}, dt.date(2020, 1, 1)) == Criteria()


def test_a_new_day_is_told_only_while_something_is_due():
    dam_filter = DamFilter()
    told = []
    dam_filter.watch(lambda *_: told.append(dam_filter.criteria.due))

    dam_filter.today = dt.date(2030, 1, 1)
    assert told == []
    dam_filter.toggle("due", "plan_old")
    dam_filter.today = dt.date(2030, 1, 2)

    assert [due and due.today.day for due in told] == [1, 2]
