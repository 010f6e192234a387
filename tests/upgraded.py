"""For `panel serve --plugins tests.upgraded`: a server of the next version."""

from __future__ import annotations

from tests import next_version

next_version.become()

ROUTES: list[object] = []
