"""DamForm: the base of the dam forms: a draft, its fields, and their validation errors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

from ...domain.field import Field, Kind
from ...domain.fields import COMMON, FIELD, FIELDS, LABELS, REQUIRED
from ...domain.mark import Mark
from ...domain.partial_date import EXAMPLES
from ...domain.units import Units
from ...errors import DamInventoryError, InvalidDam
from ...session.answers import start
from ...session.store import DamStore
from ..bokeh_bridge.free_text import Category, FreeText
from ..bokeh_bridge.typed_text import TypedText
from ..components.alert import Notice
from ..components.faults import shielded
from .draft import PLACE, Draft
from .field_groups import FieldGroups
from .frame import framed
from .place_on_map import PlaceOnMap

OWNERS = ("Reclamation", "Army Corps of Engineers", "Other")

_HINTS: dict[str, dict[str, str]] = {
    "river": {"placeholder": "e.g. Mississippi River"},
    "date_built": {"helper_text": f"For example {EXAMPLES}"},
    "latitude": {"helper_text": "Enter or paste both, or click the map"},
    "website": {"helper_text": "For example https://example.org/dam"},
}
_MARKED = {"components": {"MuiTextField": {"defaultProps": {"required": True}}}}
"""A theme that marks a field as required, by an asterisk and for assistive technology."""

MUST = (*REQUIRED, *PLACE)
"""The fields that a new dam needs."""

_PASTED = 4
"""At least so many characters more at once are pasted, not typed."""

_SEVERAL = {"helper_text": "Separate several with semicolons"}
_HINTS_OF_KIND: dict[Kind, dict[str, str]] = {
    "texts": _SEVERAL,
    "categories": _SEVERAL,
    "date": {"helper_text": "For example 2023, 2023-04 or 2023-04-12"},
}


def _hints(field: Field) -> dict[str, str]:
    return _HINTS.get(field.name) or _HINTS_OF_KIND.get(field.kind, {})


Convert = Callable[[Mapping[str, str]], dict[str, str]]
"""Converts texts, by field, from one system of units to another."""


def _converted(old: Units, new: Units, texts: Mapping[str, str]) -> dict[str, str]:
    return {field: new.typed_in(old, field, text) for field, text in texts.items()}


def _attention(wrong: int) -> str:
    return "1 field needs attention." if wrong == 1 else f"{wrong} fields need attention."


def _help(field: str) -> str:
    return _hints(FIELD[field]).get("helper_text", "")


class DamForm(pn.viewable.Viewer):
    """A form with all fields of a dam: the common ones, and the others in groups.

    A map sets and shows its `location`.
    on_close: called when the form has saved or was canceled.
    """

    location = param.Tuple(default=None, length=2, allow_None=True, doc="(longitude, latitude).")
    busy = param.Boolean(doc="Whether the draft waits for the database.")
    changed = param.Boolean(doc="Whether a draft differs from what it began with.")

    title = ""
    action = ""

    def __init__(self, store: DamStore, on_close: Callable[[], None], **params: Any) -> None:
        self._store = store
        self._on_close = on_close
        self.draft = Draft()
        self._number = 0
        self._submitted: Mapping[str, str] = {}
        self._tells_to_fix = False
        super().__init__(**params)
        self.fields: dict[str, Any] = {}
        """The inputs that have been made so far, by the name of their field."""
        self._tagged: tuple[str, int, Mark, Mapping[str, str]] = ("", 0, Mark(0), {})
        common = [self._made(FIELD[name]) for name in COMMON]
        self.more = FieldGroups((field for field in FIELDS if field.name not in COMMON), self._made)
        self.draft.param.watch(self._show_texts, list(LABELS))
        self.draft.param.watch(self._compare, list(LABELS))
        store.param.watch(self._on_units, "units")
        self._alert = Notice(margin=(0, 0, 8, 0))
        self._submit = pmui.Button(label=self.action, margin=0, disabled=self.param.busy)
        self._cancel = pmui.Button(label="Cancel", variant="text", margin=0)
        self._submit.on_click(self.submit)
        self._cancel.on_click(self._close)
        self._pointing = PlaceOnMap(self._point_at, margin=(4, 0, 8, 0))
        self._heading = pmui.Typography(self.title, variant="h6", margin=(6, 40, 6, 0))
        self._card = framed(
            self._heading,
            [*self._first(), *common, self._pointing, *self._last()],
            self._alert,
            [self._cancel, self._submit],
            on_close,
        )

    def __panel__(self) -> pn.viewable.Viewable:
        return self._card

    def _made(self, field: Field) -> TypedText | FreeText:
        """Make the input of a field."""
        texts: dict[str, Any] = {
            "label": self._store.units.labels[field.name], "sizing_mode": "stretch_width",
            "size": "small", "margin": (8, 0, 4, 0), "width": None, **_hints(field),
        }  # fmt: skip
        options = OWNERS if field.name == "owner" else field.categories
        if options and field.kind != "categories":
            made = Category if field.categories else FreeText
            widget: TypedText | FreeText = made(
                options=list(options), restrict=False, min_characters=0,
                case_sensitive=False, search_strategy="includes", **texts,
            )  # fmt: skip
        else:
            widget = TypedText(**texts)
            widget.param.watch(self.submit, "enter_pressed")
        widget.show(getattr(self.draft, field.name))
        widget.param.watch(partial(self._on_text, field.name), "value_input")
        if field.kind == "degrees":
            widget.param.watch(partial(self._on_left, field.name), "value")
        self.fields[field.name] = widget
        if field.name in MUST:
            widget.theme_config = _MARKED
        self._tag(field.name)
        return widget

    def focus(self) -> None:
        """Put the cursor into the first field."""
        next(iter(self.fields.values())).focus()

    def submit(self, _event: Any = None) -> None:
        """Submit the draft to the store; on an error, show the error and keep the draft."""
        if not self.busy:
            for field in PLACE:
                self.draft.split_place(field)
            start(self._save())

    def fill(self, values: Mapping[str, Any]) -> None:
        """Start a new draft with values by field; the other fields are empty."""
        self._begin()
        units = self._store.units
        self.draft.param.update({field: units.typed(field, values.get(field)) for field in LABELS})
        self.show_errors({})

    def show_errors(self, errors: Mapping[str, str], general: str = "") -> None:
        """Show an error beside each field that has one, and a general one below the fields."""
        self.more.open(errors.keys())
        if "location" in errors:
            errors = {**errors, **self.draft.missing_place()}
        for name, field in self.fields.items():
            error = errors.get(name)
            error = error and self._store.units.reworded(name, error)
            field.param.update(error_state=bool(error), helper_text=error or _help(name))
        self._alert.severity = "error"
        self._tells_to_fix = bool(errors) and not general
        wrong = [field for field in self.fields.values() if field.error_state]
        self._alert.say(_attention(len(wrong)) if self._tells_to_fix else general)
        if wrong:
            # The browser scrolls to the focused field: a form may be longer than the window.
            wrong[0].focus()

    def mark_required(self, names: Collection[str]) -> None:
        """Mark which of the fields in MUST can't be left empty."""
        for name in MUST:
            self.fields[name].theme_config = _MARKED if name in names else None

    def tag(self, card: str, dam_id: int, seen: Mark, loaded: Mapping[str, str]) -> None:
        """Tag the fields, so that the browser keeps their texts when it loses the connection.

        card, dam_id, seen: identify this draft. loaded: the texts that it began with.
        """
        self._tagged = (card, dam_id, seen, loaded)
        for field in self.fields:
            self._tag(field)
        self._compare()

    def _compare(self, *_: Any) -> None:
        self.changed = self._is_changed()

    def _is_changed(self) -> bool:
        began = self._tagged[-1]
        return any(text != began.get(field, "") for field, text in self.draft.typed().items())

    def _tag(self, field: str) -> None:
        card, dam_id, seen, loaded = self._tagged
        self.fields[field].tags = ["draft", card, dam_id, str(seen), field, loaded.get(field, "")]

    def resume(self, texts: Mapping[str, str]) -> None:
        """Restore the typed texts, by field."""
        known = {field: text for field, text in texts.items() if field in LABELS}
        typed = self.draft.typed()
        self.more.open({field for field, text in known.items() if text != typed[field]})
        self.draft.param.update(known)

    @shielded
    def _on_units(self, event: Any) -> None:
        """Show the draft in other units."""
        self._convert(partial(_converted, event.old, event.new))
        for name, field in self.fields.items():
            field.label = event.new.labels[name]
        self.show_errors({})

    def _convert(self, converted: Convert) -> None:
        """Convert all texts that are kept."""
        self._submitted = converted(self._submitted)
        self.draft.param.update(converted(self.draft.typed()))

    def tell_kept(self) -> None:
        """Say that a draft outlived its page, but was not saved."""
        self._alert.severity = "info"
        self._alert.say("Your draft was kept. It has not been saved yet.")

    def _first(self) -> Sequence[Any]:
        """Return the components above the fields."""
        return ()

    def _last(self) -> Sequence[Any]:
        """Return the components below the common fields."""
        return (self.more,)

    async def _save(self) -> None:
        number, refusal = self._number, None
        self.busy, self._submitted = True, self.draft.typed()
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
        if error is None and self.draft.typed() == self._submitted:
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

    def _read(self, texts: Mapping[str, str]) -> dict[str, str | float]:
        """Return typed texts as values in the inventory's units."""
        return {field: self._store.units.read(field, text) for field, text in texts.items()}

    def _on_text(self, field: str, event: Any) -> None:
        setattr(self.draft, field, event.new or "")
        self._forget_error(field)
        # While a person types "40.4, -111.5", "40.4, -1" is a place already.
        if (
            FIELD[field].kind == "degrees"
            and len(event.new or "") >= len(event.old or "") + _PASTED
        ):
            self.draft.split_place(field)

    def _on_left(self, field: str, _event: Any) -> None:
        self.draft.split_place(field)

    def _forget_error(self, field: str) -> None:
        """Take back what was wrong with a field that the person corrects."""
        if self.fields[field].error_state:
            self.fields[field].param.update(error_state=False, helper_text=_help(field))
        if self._tells_to_fix:
            left = sum(one.error_state for one in self.fields.values())
            self._tells_to_fix = left > 0
            self._alert.say(_attention(left) if left else "")

    def _show_texts(self, *events: Any) -> None:
        for event in events:
            if event.name in self.fields:
                self.fields[event.name].show(event.new)

    @param.depends("location", watch=True)
    def _on_location(self) -> None:
        if self.location and self.location != self.draft.place:
            self._point_at(*self.location)

    def _point_at(self, longitude: float, latitude: float) -> None:
        self.draft.set_place(longitude, latitude)
        self._pointing.placed += 1

    @param.depends("draft.latitude", "draft.longitude", watch=True)
    def _on_typed(self) -> None:
        self.location = self.draft.place

    def _close(self, _event: Any = None) -> None:
        self._begin()
        self._on_close()
