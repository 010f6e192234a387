"""The blocks of code in docs/notebooks.md, which tests run."""

from __future__ import annotations

import re

from tests.pages import DOCS

PAGE = "notebooks.md"
DATABASE = "sqlite:///dam_inventory.db"


def blocks(heading: str) -> list[str]:
    """Return the Python blocks below a heading of the guide, as they are written."""
    text = (DOCS / PAGE).read_text("utf-8")
    section = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"```python\n(.*?)```", section, re.DOTALL)
