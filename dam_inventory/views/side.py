"""Side: the card beside the map, one at a time: details, a form, or the history."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

import panel as pn
import param

from ..store import DamStore
from .add_form import AddForm
from .assign_form import AssignForm
from .dam_form import DamForm
from .details import DamDetails
from .edit_form import EditForm
from .history import HistoryList

logger = logging.getLogger(__name__)

Form = TypeVar("Form", bound=DamForm)

CARDS = ("details", "add", "edit", "assign", "history")


class Side(pn.viewable.Viewer):
    """Shows one of CARDS, made when it is first asked for; "details" are those of the selection.

    plot: called with the id of a dam whose hydrograph is asked for.
    """

    card = param.Selector(default="details", objects=list(CARDS), doc="Which card is shown.")
    busy = param.Boolean(doc="Whether a card waits for the database.")
    dark = param.Boolean(allow_refs=True, doc="Whether plots are drawn for a dark page.")
    location = param.Tuple(
        default=None, length=2, allow_None=True, doc="(longitude, latitude) of the draft, degrees."
    )

    def __init__(self, store: DamStore, plot: Callable[[int], None], **params: Any) -> None:
        self._store = store
        self._plot = plot
        super().__init__(**params)
        self._column = pn.Column(visible=False, margin=0, css_classes=["side"])

    def __panel__(self) -> pn.viewable.Viewable:
        return self._column

    @property
    def is_locating(self) -> bool:
        """Whether a click on the map is a place for a draft."""
        return self.card in ("add", "edit")

    def open(self, card: str) -> None:
        """Show a card, for the selected dam if it is about one."""
        selected = self._store.selected
        match card:
            case "edit" if selected is not None:
                self._edit_form.edit(selected)
            case "assign":
                self._assign_form.start(selected)
            case "history":
                self._history.open(selected)
        self.card = card
        if card == "add":
            self.add_form.focus()

    def open_history(self) -> None:
        """Show the history of the whole inventory."""
        self._history.open()
        self.card = "history"

    def recover(self, kept: str) -> None:
        """Open the form again that a page had open when it lost its server.

        kept: JSON of, for each field, the card, the dam's id, the revision that it was seen at,
        the field's name, and its text; from the browser, so nothing of it is sure.
        """
        try:
            fields = json.loads(kept)
            drafts = [(str(c), int(i), int(s), str(f), str(t)) for c, i, s, f, t in fields]
            card, dam_id, seen = drafts[0][:3]
        except (ValueError, TypeError, LookupError):
            logger.warning("A page sent drafts that are none: %.80r", kept)
            return
        texts = {field: text for _, _, _, field, text in drafts}
        row = self._store.snapshot.row_of(dam_id)
        if card == "add" and self._store.user.may("add_dams"):
            self.open("add")
            self.add_form.resume(texts)
        elif card == "edit" and row is not None and self._store.may_change(row):
            self._store.selected = dam_id
            self._edit_form.edit(dam_id, seen)
            self._edit_form.resume(texts)
            self.card = "edit"

    @cached_property
    def add_form(self) -> AddForm:
        """The form that adds a dam."""
        return self._linked(AddForm(self._store, self._close), "add")

    @cached_property
    def _edit_form(self) -> EditForm:
        return self._linked(EditForm(self._store, self._close), "edit")

    @cached_property
    def _assign_form(self) -> AssignForm:
        form = AssignForm(self._store, self._close, dark=self.param.dark)
        form.param.watch(self._on_busy, "busy")
        return form

    @cached_property
    def _details(self) -> DamDetails:
        details = DamDetails(self._store)
        details.param.watch(self._on_busy, "busy")
        for event in ("edit", "assign", "history"):
            details.param.watch(lambda e: self.open(e.name), event)
        details.param.watch(self._on_plot, "plot")
        return details

    @cached_property
    def _history(self) -> HistoryList:
        return HistoryList(self._store, self._close, sizing_mode="stretch_width", margin=0)

    @param.depends("_store.selected", watch=True)
    def _follow_selection(self) -> None:
        # A draft stays open; a list gives way to what was chosen.
        if self.card == "history":
            self._close()

    @param.depends("card", "_store.selected", watch=True)
    def _show(self) -> None:
        shown: list[Any] = []
        match self.card:
            case "add":
                shown = [self.add_form]
            case "edit":
                shown = [self._edit_form]
            case "assign":
                shown = [self._assign_form]
            case "history":
                shown = [self._history]
            case _ if self._store.selected is not None:
                shown = [self._details]
        self._column.param.update(objects=shown, visible=bool(shown))

    def _on_plot(self, _event: Any) -> None:
        if self._store.selected is not None:
            self._plot(self._store.selected)

    def _linked(self, form: Form, card: str) -> Form:
        form.param.watch(self._on_busy, "busy")
        form.param.watch(lambda event: setattr(self, "location", event.new), "location")

        def locate(event: Any) -> None:
            if self.card == card:
                form.location = event.new

        self.param.watch(locate, "location")
        return form

    def _on_busy(self, event: Any) -> None:
        self.busy = event.new

    def _close(self) -> None:
        self.location = None
        self.card = "details"
