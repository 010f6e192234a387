"""FreeText: Panel's field with suggestions, which keeps any other text as well."""

from __future__ import annotations

from typing import Any

import panel_material_ui as pmui
import param
from panel.util import edit_readonly


class FreeText(pmui.AutocompleteInput):
    """A text field with suggestions that accepts any text."""

    def _process_param_change(self, params: dict[str, Any]) -> dict[str, Any]:
        # Panel's select would clear the field if its text is not one of the options.
        value = {"value": params.pop("value")} if "value" in params else {}
        return {**super()._process_param_change(params), **value}

    def suggestions(self, query: str) -> list[str]:
        """Return the options that the browser suggests for a typed text."""
        return super()._filter_options(query)  # type: ignore[no-any-return]

    def accept(self) -> None:
        """Put the selected suggestion into the field."""
        if self.value:
            with edit_readonly(self):
                self.value_input = self.value

    def show(self, text: str) -> None:
        """Put a text into the field."""
        with edit_readonly(self):
            self.param.update(value=text if text in self.options else "", value_input=text)

    def _filter_options(self, query: str, *_: Any) -> list[str]:
        return self.suggestions(str(query))

    @param.depends("value", watch=True, on_init=True)
    def _sync_value_input(self) -> None:
        # Panel's method would also clear the text when nothing is selected, and so delete what
        # the person has typed since.
        self.accept()


class Category(FreeText):
    """A text field for one of some categories: with Enter, a part of one stands for all of it."""

    def accept(self) -> None:
        """Put the selected suggestion, or the only one there is, into the field."""
        typed = str(self.value or "")  # type: ignore[has-type]
        found = self.suggestions(typed)
        if typed and typed not in self.options and len(found) == 1:
            self.value = found[0]
        else:
            super().accept()
