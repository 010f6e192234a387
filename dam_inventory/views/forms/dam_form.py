"""DamForm: the base of the dam forms: a draft, its fields, and their validation errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

from ...domain.dam import LABELS
from ...domain.mark import Mark
from ...domain.partial_date import EXAMPLES
from ...errors import DamInventoryError, InvalidDam
from ...session.answers import start
from ...session.store import DamStore
from ..bokeh_bridge.free_text import FreeText
from ..bokeh_bridge.typed_text import TypedText
from ..components.alert import Notice

OWNERS = ("Reclamation", "Army Corp", "Other")

_HINTS: dict[str, dict[str, str]] = {
    "river": {"placeholder": "e.g.: Mississippi River"},
    "date_built": {"helper_text": f"For example {EXAMPLES}"},
    "latitude": {"helper_text": "Enter both, or click the map"},
}


class Draft(param.Parameterized):
    """The texts typed so far, one per field of DamDraft."""


for _field, _label in LABELS.items():
    Draft.param.add_parameter(_field, param.String(label=_label))


class DamForm(pn.viewable.Viewer):
    """A form with fields of a dam. A map sets and shows its `location`.

    fields: the fields to show. on_close: called when the form has saved or was canceled.
    """

    location = param.Tuple(default=None, length=2, allow_None=True, doc="(longitude, latitude).")
    busy = param.Boolean(doc="Whether the draft waits for the database.")

    title = ""
    action = ""

    def __init__(
        self, store: DamStore, fields: Sequence[str], on_close: Callable[[], None], **params: Any
    ) -> None:
        self._store = store
        self._on_close = on_close
        self.draft = Draft()
        self._number = 0
        self._submitted: Mapping[str, str] = {}
        super().__init__(**params)
        text = {
            "sizing_mode": "stretch_width",
            "size": "small",
            "margin": (8, 0, 4, 0),
            "width": None,
        }
        self._owner = FreeText(
            label=LABELS["owner"], options=list(OWNERS), restrict=False, min_characters=0,
            case_sensitive=False, search_strategy="includes", **text,
        )  # fmt: skip
        self.fields: dict[str, Any] = {
            field: self._owner
            if field == "owner"
            else TypedText(label=LABELS[field], **text, **_HINTS.get(field, {}))
            for field in fields
        }
        for field, widget in self.fields.items():
            widget.param.watch(partial(self._on_text, field), "value_input")
        self.draft.param.watch(self._show_texts, list(self.fields))
        self._alert = Notice(margin=(8, 0))
        self._submit = pmui.Button(label=self.action, margin=0, disabled=self.param.busy)
        self._cancel = pmui.Button(label="Cancel", variant="text", margin=0)
        self._submit.on_click(self.submit)
        self._cancel.on_click(self._close)
        for widget in self.fields.values():
            if isinstance(widget, TypedText):
                widget.param.watch(self.submit, "enter_pressed")
        self._heading = pmui.Typography(self.title, variant="h6", margin=(6, 0))
        self._card = pmui.Paper(
            self._heading,
            *self._first(),
            *self.fields.values(),
            self._alert,
            pn.Row(pn.Spacer(sizing_mode="stretch_width"), self._cancel, self._submit,
                   sizing_mode="stretch_width", margin=(8, 0, 0, 0)),
            sizing_mode="stretch_width", margin=0,
            sx={"padding": "8px 16px 16px", "boxSizing": "border-box"},
        )  # fmt: skip

    def __panel__(self) -> pn.viewable.Viewable:
        return self._card

    def focus(self) -> None:
        """Put the cursor into the first field."""
        next(iter(self.fields.values())).focus()

    def submit(self, _event: Any = None) -> None:
        """Submit the draft to the store; on an error, show the error and keep the draft."""
        if not self.busy:
            start(self._save())

    def fill(self, values: Mapping[str, Any]) -> None:
        """Start a new draft with values by field; the other fields are empty."""
        self._begin()
        texts = {field: values.get(field) for field in LABELS}
        self.draft.param.update(
            {field: "" if text is None else str(text) for field, text in texts.items()}
        )
        self.show_errors({})

    def show_errors(self, errors: Mapping[str, str], general: str = "") -> None:
        """Show an error beside each field that has one, and a general one below the fields."""
        for name, field in self.fields.items():
            error = errors.get(name) or (errors.get("location") if name == "latitude" else None)
            hint = _HINTS.get(name, {}).get("helper_text", "")
            field.param.update(error_state=bool(error), helper_text=error or hint)
        self._alert.say(general or ("Please fix errors." if errors else ""))
        if wrong := [field for field in self.fields.values() if field.error_state]:
            # The browser scrolls to the focused field: a form may be longer than the window.
            wrong[0].focus()

    def tag(self, card: str, dam_id: int, seen: Mark, loaded: Mapping[str, str]) -> None:
        """Tag the fields, so that the browser keeps their texts when it loses the connection.

        card, dam_id, seen: identify this draft. loaded: the texts that it began with.
        """
        for field, widget in self.fields.items():
            widget.tags = ["draft", card, dam_id, str(seen), field, loaded.get(field, "")]

    def resume(self, texts: Mapping[str, str]) -> None:
        """Restore the typed texts, by field."""
        self.draft.param.update({f: text for f, text in texts.items() if f in self.fields})

    def _first(self) -> Sequence[Any]:
        """Return the components above the fields."""
        return ()

    async def _save(self) -> None:
        number, refusal = self._number, None
        self.busy, self._submitted = True, self._typed()
        try:
            await self._hand_over()
        except DamInventoryError as error:
            refusal = error
        finally:
            # The database may be slow, and a later draft may wait for an answer of its own.
            if number == self._number:
                self.busy = False
        if number == self._number:
            self._on_done(refusal)

    async def _hand_over(self) -> None:
        """Submit the draft to the store. Raises what the store raises."""
        raise NotImplementedError

    def _begin(self) -> None:
        self._number += 1
        self.busy = False

    def _on_done(self, error: DamInventoryError | None) -> None:
        if error is None and self._typed() == self._submitted:
            self._close()
        elif error is None:
            self.show_errors({})
            self._go_on_typing()
        elif isinstance(error, InvalidDam):
            self.show_errors(error.errors)
        else:
            self.show_errors({}, str(error))

    def _go_on_typing(self) -> None:
        """Keep the form open: the person has typed more since it was submitted."""

    def _typed(self) -> dict[str, str]:
        return {field: getattr(self.draft, field) for field in LABELS}

    def _on_text(self, field: str, event: Any) -> None:
        setattr(self.draft, field, event.new or "")

    def _show_texts(self, *events: Any) -> None:
        for event in events:
            self.fields[event.name].show(event.new)

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
        self._begin()
        self._on_close()
