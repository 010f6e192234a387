"""Notice: a box with an error, a warning or a question."""

from __future__ import annotations

from typing import Any, ClassVar

import panel_material_ui as pmui

from .escape import as_markdown


class Notice(pmui.Alert):
    """A box that is visible only while it has text."""

    _BESIDE_ITS_ICON: ClassVar[dict[str, Any]] = {
        "& p": {"margin": 0},
        "& .MuiAlert-message": {"alignSelf": "center"},
    }

    def __init__(self, severity: str = "error", **params: Any) -> None:
        super().__init__(
            "", severity=severity, visible=False, sizing_mode="stretch_width", width=None,
            sx=self._BESIDE_ITS_ICON, **params,
        )  # fmt: skip

    def say(self, *sentences: str) -> None:
        """Show sentences as plain text, one per line; without any, hide the box."""
        spoken = [as_markdown(one) for one in sentences if one]
        self.param.update(object="  \n".join(spoken), visible=bool(spoken))
