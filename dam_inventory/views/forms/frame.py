"""The frame of a form: a heading, a cross, and a bar of buttons that stays in sight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import panel as pn
import panel_material_ui as pmui

from ..components.alert import Notice
from ..components.closing import close_button

_PADDING = {"padding": "8px 16px 0", "boxSizing": "border-box", "flexGrow": 1}
_STRETCHED = ":host, .paper { display: flex; flex: 1 0 auto; flex-direction: column; }"
_BAR = {
    "position": "sticky", "bottom": "0", "z-index": "2", "box-sizing": "border-box",
    "padding": "8px 0", "margin-top": "auto",
    "background": "var(--panel-surface-color, Canvas)",
    "border-top": "1px solid rgba(128, 128, 128, .3)",
}  # fmt: skip


def framed(
    heading: pmui.Typography,
    contents: Sequence[Any],
    alert: Notice,
    buttons: Sequence[pmui.Button],
    hide: Callable[[], None],
) -> pmui.Paper:
    """Return a card around the contents of a form.

    alert: told above the buttons, so that whoever presses them sees it.
    hide: called by the cross, which closes the form and keeps what was typed.
    """
    alert.sx = {**alert.sx, "padding": "0 12px"}
    row = pn.Row(
        pn.Spacer(sizing_mode="stretch_width"), *buttons, sizing_mode="stretch_width", margin=0
    )
    return pmui.Paper(
        close_button(lambda _: hide()),
        heading,
        *contents,
        pn.Spacer(height=8, margin=0),
        pn.Column(alert, row, sizing_mode="stretch_width", margin=0, styles=_BAR),
        sizing_mode="stretch_width",
        margin=0,
        # As dark as the bar, whose color can't follow the shade of a raised paper.
        elevation=0,
        sx=_PADDING,
        stylesheets=[_STRETCHED],
    )
