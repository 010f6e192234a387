"""AddForm: the draft of a dam, its fields, and what the domain says of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param
from panel.util import edit_readonly

from ..draft import DamDraft
from ..errors import DamInventoryError, InvalidDam
from ..partial_date import EXAMPLES
from ..store import DamStore
from .text import as_markdown

OWNERS = ("Reclamation", "Army Corp", "Other")


class Draft(param.Parameterized):
    """What has been typed so far, as text; `dam_name` because `name` belongs to Param."""

    dam_name = param.String(label="Name")
    owner = param.String(default=OWNERS[0], label="Owner")
    river = param.String(label="River")
    date_built = param.String(label="Date built")
    latitude = param.String(label="Latitude")
    longitude = param.String(label="Longitude")

    def clear(self) -> None:
        """Start over."""
        self.param.update({field: self.param[field].default for field in FIELDS})

    def dam(self) -> DamDraft:
        """Return what the inventory is asked to add."""
        return DamDraft(**{field: getattr(self, field) for field in FIELDS})


FIELDS = tuple(field for field in Draft.param if field != "name")


class FreeText(pmui.AutocompleteInput):
    """A text with suggestions."""

    def _process_param_change(self, params: dict[str, Any]) -> dict[str, Any]:
        # Panel's select would clear the field whenever its text is none of the options.
        value = {"value": params.pop("value")} if "value" in params else {}
        return {**super()._process_param_change(params), **value}

    @param.depends("value", watch=True, on_init=True)
    def _sync_value_input(self) -> None:
        # Panel's would also empty the text when nothing is chosen, over what is typed meanwhile.
        if self.value:
            with edit_readonly(self):
                self.value_input = self.value


class AddForm(pn.viewable.Viewer):
    """Adds the draft to a store; `location` is the place that a map sets or shows.

    on_close: called when the form has done its work or was cancelled.
    """

    location = param.Tuple(default=None, length=2, allow_None=True, doc="(longitude, latitude).")
    busy = param.Boolean(doc="Whether the database is at work on the draft.")

    def __init__(self, store: DamStore, on_close: Callable[[], None], **params: Any) -> None:
        self._store = store
        self._on_close = on_close
        self.draft = Draft()
        super().__init__(**params)
        text = {
            "sizing_mode": "stretch_width",
            "size": "small",
            "margin": (8, 0, 4, 0),
            "width": None,
        }
        hints = {
            "river": {"placeholder": "e.g.: Mississippi River"},
            "date_built": {"helper_text": f"Like {EXAMPLES}"},
            "latitude": {"helper_text": "Type both, or click on the map"},
        }
        self._hints = {field: hint.get("helper_text", "") for field, hint in hints.items()}
        self.fields: dict[str, Any] = {
            field: pmui.TextInput.from_param(
                self.draft.param[field], **text, **hints.get(field, {})
            )
            for field in FIELDS
            if field != "owner"
        }
        self._owner = FreeText(
            label="Owner", options=list(OWNERS), restrict=False, min_characters=0,
            case_sensitive=False, search_strategy="includes", **text,
        )  # fmt: skip
        self.fields["owner"] = self._owner
        self._show_owner()
        # Its `value` is only what was chosen; what it shows is `value_input`.
        self._owner.param.watch(lambda e: setattr(self.draft, "owner", e.new or ""), "value_input")
        self._alert = pmui.Alert(
            "", severity="error", visible=False, sizing_mode="stretch_width", margin=(8, 0)
        )
        self._add = pmui.Button(label="Add", margin=0, disabled=self.param.busy)
        self._cancel = pmui.Button(label="Cancel", variant="text", margin=0)
        self._add.on_click(self.submit)
        self._cancel.on_click(self._close)
        for field in self.fields.values():
            if isinstance(field, pmui.TextInput):
                field.param.watch(self.submit, "enter_pressed")
        self._card = pmui.Paper(
            pmui.Typography("Add dam", variant="h6", margin=(6, 0)),
            *(self.fields[field] for field in FIELDS),
            self._alert,
            pn.Row(pn.Spacer(sizing_mode="stretch_width"), self._cancel, self._add,
                   sizing_mode="stretch_width", margin=(8, 0, 0, 0)),
            sizing_mode="stretch_width", margin=0,
            sx={"padding": "8px 16px 16px", "boxSizing": "border-box"},
        )  # fmt: skip

    def __panel__(self) -> pn.viewable.Viewable:
        return self._card

    def focus(self) -> None:
        """Put the cursor into the first field."""
        self.fields["dam_name"].focus()

    def submit(self, _event: Any = None) -> None:
        """Add the draft, or show what is wrong with it and keep it."""
        if not self.busy:
            self.busy = True
            self._store.add(self.draft.dam(), self._on_done)

    def _on_done(self, error: DamInventoryError | None) -> None:
        self.busy = False
        if error is None:
            self._close()
        elif isinstance(error, InvalidDam):
            self._show_errors(error.errors)
        else:
            self._show_errors({}, str(error))

    @param.depends("draft.owner", watch=True)
    def _show_owner(self) -> None:
        owner = self.draft.owner
        with edit_readonly(self._owner):
            self._owner.param.update(value=owner if owner in OWNERS else "", value_input=owner)

    @param.depends("location", watch=True)
    def _on_location(self) -> None:
        if self.location and self.location != self._typed_location():
            longitude, latitude = self.location
            self.draft.param.update(latitude=f"{latitude:.6f}", longitude=f"{longitude:.6f}")

    @param.depends("draft.latitude", "draft.longitude", watch=True)
    def _on_typed(self) -> None:
        self.location = self._typed_location()

    def _typed_location(self) -> tuple[float, float] | None:
        try:
            longitude, latitude = float(self.draft.longitude), float(self.draft.latitude)
        except ValueError:
            return None
        is_on_map = abs(longitude) <= 180 and abs(latitude) <= 90
        return (longitude, latitude) if is_on_map else None

    def _close(self, _event: Any = None) -> None:
        self.location = None
        self.draft.clear()
        self._show_errors({})
        self._on_close()

    def _show_errors(self, errors: dict[str, str], general: str = "") -> None:
        for name, field in self.fields.items():
            error = errors.get(name) or (errors.get("location") if name == "latitude" else None)
            field.param.update(
                error_state=bool(error), helper_text=error or self._hints.get(name, "")
            )
        sentence = general or ("Please fix errors." if errors else "")
        self._alert.param.update(object=as_markdown(sentence), visible=bool(sentence))
