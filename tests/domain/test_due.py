"""When an inspection and a plan are due."""

from __future__ import annotations

import datetime as dt

import pytest

from dam_inventory.domain.due import inspection_due, is_overdue, plan_due

TODAY = dt.date(2026, 6, 15)


@pytest.mark.parametrize(
    ("last", "frequency", "due"),
    [
        ("2020-03-31", 1.0, "2021-03-31"),
        ("2020-02-29", 1.0, "2021-02-28"),
        ("2020-02-29", 4.0, "2024-02-29"),
        ("2020-03-31", 0.5, "2020-09-30"),
        ("2020-11", 1.5, "2022-05"),
        ("2020", 5.0, "2025"),
        ("2020", 0.25, "2021-03"),
        (None, 5.0, None),
        ("2020", None, None),
        ("2020", 0.0, None),
        ("2020", -1.0, None),
        ("2020", float("nan"), None),
        ("9990-01-31", 20.0, None),
        ("9999-12-31", 9000.0, None),
    ],
)
def test_an_inspection_is_due_after_its_interval_as_exactly_as_the_last_is_known(
    last: str | None, frequency: float | None, due: str | None
):
    assert inspection_due(last, frequency) == due


def test_a_plan_is_due_five_years_after_its_revision():
    assert plan_due("2019-08-01", "Yes") == "2024-08-01"
    assert plan_due("2019", None) == "2024"
    assert plan_due(None, "Yes") is None
    assert plan_due("2019", "No") is None
    assert plan_due("2019", "Not Required") is None


@pytest.mark.parametrize(
    ("due", "is_over"),
    [
        ("2026-06-14", True),
        ("2026-06-15", False),
        ("2026-05", True),
        ("2026-06", False),
        ("2025", True),
        ("2026", False),
        (None, False),
    ],
)
def test_a_date_is_overdue_once_all_of_it_is_over(due: str | None, is_over: bool):
    assert is_overdue(due, TODAY) == is_over
