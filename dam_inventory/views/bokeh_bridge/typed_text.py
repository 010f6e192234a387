"""TypedText: a text field that updates with every key press."""

from __future__ import annotations

from collections import deque
from typing import Any, ClassVar

import panel_material_ui as pmui
import param
from panel.util import edit_readonly

_REMEMBERED = 8


class TypedText(pmui.TextInput):
    """A text field whose text is `value_input`, updated as the person types.

    When the field loses focus, the browser sends the text again, as `value`. By then the server
    may have set a new text, for example because a click on the map took the focus. So a `value`
    that the field has held before is ignored.
    """

    # Send at once, not after 50 ms: a later event must not find the old text.
    _priority_changes: ClassVar[list[str]] = ["value_input"]

    def __init__(self, **params: Any) -> None:
        self._held: deque[str] = deque([""], _REMEMBERED)
        super().__init__(**params)

    def show(self, text: str) -> None:
        """Put a text into the field."""
        with edit_readonly(self):
            self.value_input = text

    @param.depends("value_input", watch=True)
    def _remember(self) -> None:
        self._held.append(self.value_input or "")

    @param.depends("value", watch=True, on_init=True)
    def _sync_value_input(self) -> None:
        if self.value not in self._held:
            self.show(self.value)
