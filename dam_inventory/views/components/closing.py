"""A button that closes a card."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel_material_ui as pmui

from .icons import icon


def close_button(close: Callable[[Any], object], description: str = "Close") -> pmui.IconButton:
    """Return a cross at the top right of a card."""
    button = pmui.IconButton(
        icon=icon("close"), description=description, margin=0,
        styles={"position": "absolute", "top": "4px", "right": "4px", "z-index": "1"},
    )  # fmt: skip
    button.on_click(close)
    return button
