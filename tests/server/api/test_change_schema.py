"""The description of changes, for other programs."""

from __future__ import annotations

from dam_inventory.domain import changes
from dam_inventory.server.api import change_schema


def test_every_kind_of_change_is_described_and_no_other():
    assert {*change_schema.KINDS} == {*changes._KINDS}
