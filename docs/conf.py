"""How Sphinx builds the pages of this folder: `make docs`."""

from __future__ import annotations

import re
from typing import Any

project = "Dam Inventory"
extensions = ["myst_parser"]
myst_enable_extensions = ["html_image"]
html_theme = "furo"
html_title = "Dam Inventory"
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False
nitpicky = True
myst_heading_anchors = 3
"""As deep as headings that other pages link to; the repository page makes the same anchors."""

_SECTION = re.compile(r"^## (.+)\n\n((?:- .*\n(?:  .*\n)*)+)", re.MULTILINE)
_PAGE = re.compile(r"^- \[(.*?)\]\((\w[\w-]*)\.md\)", re.MULTILINE)


def add_sidebar(app: Any, page: str, source: list[str]) -> None:
    """Make the lists of the front page the sidebar, too.

    Each is repeated as a hidden table of contents, which the repository page would show as code.
    """
    if page == "index":
        source[0] = _SECTION.sub(_with_contents, source[0])


def _with_contents(section: re.Match[str]) -> str:
    pages = "\n".join(f"{title} <{page}>" for title, page in _PAGE.findall(section[2]))
    return f"{section[0]}\n```{{toctree}}\n:caption: {section[1]}\n:hidden:\n\n{pages}\n```\n"


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("source-read", add_sidebar)
