"""For `panel serve --plugins tests.without_excel`: as if there were no package for Excel."""

from __future__ import annotations

import sys

sys.modules["xlsxwriter"] = None  # type: ignore[assignment]

ROUTES: list[object] = []
