"""The description of changes, for other programs."""

from __future__ import annotations

from dam_inventory.domain import change_rows
from dam_inventory.server.api import change_schema


def test_every_kind_of_change_is_described_and_no_other():
    assert {*change_schema.KINDS} == {*change_rows._KINDS}
