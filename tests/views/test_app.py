"""The dashboard as a whole, without a browser."""

from __future__ import annotations

from typing import Any

import pytest

from dam_inventory.runtime import Runtime
from dam_inventory.views import dashboard
from dam_inventory.views.app import DamInventoryApp


@pytest.mark.parametrize("part", ["DamMap", "DamTable", "FindBox", "NewsBar"])
def test_a_page_that_can_not_be_made_leaves_no_subscription(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, part: str
):
    def fail(*_arguments: Any, **_options: Any) -> None:
        raise ZeroDivisionError("no width")

    monkeypatch.setattr(dashboard, part, fail)

    with pytest.raises(ZeroDivisionError):
        DamInventoryApp(runtime)

    assert len(runtime.feed.pubsub) == 0
