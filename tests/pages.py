"""The examples of a page in docs/."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
_HEADING_OR_BLOCK = re.compile(r"^#+ ([^\n]*)$|^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str, *languages: str) -> dict[str, list[str]]:
    """Return the blocks in some languages by the heading that they stand under."""
    found: dict[str, list[str]] = {}
    heading = ""
    for match in _HEADING_OR_BLOCK.finditer((DOCS / page).read_text("utf-8")):
        heading = match[1] or heading
        if match[2] in languages:
            found.setdefault(heading, []).append(match[3])
    return found
