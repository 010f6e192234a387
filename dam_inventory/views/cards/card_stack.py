"""Side: the area beside the map that shows one card: details, a form, or the history."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from functools import cached_property, partial
from typing import Any, TypeVar

import panel as pn
import param

from ...domain.mark import Mark
from ...session import comparison
from ...session.store import DamStore
from ...snapshot.unexpected import UNEXPECTED
from ..components.faults import shielded
from ..components.slot import Focus, Place
from ..forms.add_form import AddForm
from ..forms.dam_form import OWNERS, DamForm
from ..forms.edit_form import EditForm
from ..hydrograph.assign_form import AssignForm
from ..transfer.export_card import ExportCard
from ..transfer.export_choices import What
from ..transfer.import_card import ImportCard
from ..transfer.wording import interrupted
from .details import DamDetails
from .history import HistoryList

logger = logging.getLogger(__name__)

Form = TypeVar("Form", bound=DamForm)

CARDS = ("details", "add", "edit", "assign", "history", "import", "export")


class Side(pn.viewable.Viewer):
    """Shows one of CARDS; each is created on first use. "details" shows the selected dam.

    A form keeps its draft while another card is shown, until it is saved or canceled. The edit
    form keeps one draft per dam.
    plot: called with the ID of a dam to show its hydrograph. has_links: as for `ExportCard`.
    owner: as for `AddForm`.
    """

    card = param.Selector(default="details", objects=list(CARDS), doc="Which card is shown.")
    cards = param.Integer(default=0, doc="How many cards lie over each other.")
    unsaved = param.Boolean(doc="Whether a form, also a hidden one, has something to lose.")
    busy = param.Boolean(doc="Whether a card waits for the database.")
    compare = param.Event(doc="Show the comparison.")
    zoom = param.Event(doc="Zoom the map to the selected dam.")
    dark = param.Boolean(allow_refs=True, doc="Whether plots are drawn for a dark page.")
    location = param.Tuple(
        default=None, length=2, allow_None=True,
        doc="(longitude, latitude) of the visible draft, in degrees.",
    )  # fmt: skip

    def __init__(
        self,
        store: DamStore,
        plot: Callable[[int], None],
        has_links: Callable[[], bool] = lambda: False,
        owner: str = OWNERS[0],
        **params: Any,
    ) -> None:
        self._store = store
        self._plot = plot
        self._has_links = has_links
        self._owner = owner
        self._shown: Any = None
        self._forms: list[DamForm | AssignForm] = []
        super().__init__(**params)
        self._place = Place("side")

    def __panel__(self) -> pn.viewable.Viewable:
        return self._place

    @property
    def can_add(self) -> bool:
        """Whether the user of this session may add dams."""
        return self._store.user.may("add_dams")

    @property
    def can_import(self) -> bool:
        """Whether the user of this session may import files."""
        return self._store.user.may("import_dams")

    @property
    def is_locating(self) -> bool:
        """Whether a click on the map sets the location of a draft."""
        return self.card in ("add", "edit")

    @shielded
    def open(self, card: str) -> None:
        """Show a card; one that concerns a dam shows the selected dam."""
        selected = self._store.selected
        match card:
            case "edit":
                self._edit_form.edit(selected)
            case "assign" if self.card != card:
                self._assign_form.open(selected)
            case "history":
                self._history.open(selected)
        self.card = card
        if card == "add":
            self.add_form.focus()

    def close_top(self) -> None:
        """Close the card that lies on top; a form keeps its draft."""
        if self.card != "details":
            self.card = "details"
        else:
            self._store.selected = None

    @shielded
    def open_history(self) -> None:
        """Show the history of the whole inventory."""
        self._history.open()
        self.card = "history"

    def open_export(self, what: What = "matching") -> None:
        """Show what can be exported, with a choice made."""
        self._export_card.open(what)
        self.card = "export"

    def recover(self, kept: str) -> None:
        """Reopen the form that a page had open when it lost its connection, or tell of an import.

        kept: JSON with one list per field: card, dam ID, mark of the version that the draft began
        with, field name, initial text, and current text; of an import, its step and the name of its
        file. It comes from the browser, so it may be invalid.
        """
        try:
            fields = json.loads(kept)
            drafts = [
                (str(card), int(dam_id), str(seen), str(field), str(loaded), str(text))
                for card, dam_id, seen, field, loaded, text in fields
            ]
            card, dam_id = drafts[0][:2]
            seen = Mark.read(drafts[0][2])
        except (ValueError, TypeError, LookupError, OverflowError, RecursionError):
            logger.warning("A page sent invalid drafts: %.80r", kept)
            return
        texts = {field: text for _, _, _, field, _, text in drafts}
        loaded = {field: text for _, _, _, field, text, _ in drafts}
        row = self._store.snapshot.row_of(dam_id)
        if card == "add" and self.can_add:
            # In this order, so that no field is drawn and focused before it has its text.
            self.add_form.resume(texts)
            self.add_form.tell_kept()
            self.open("add")
        elif card == "edit" and seen and row is not None and self._store.may_change(row):
            self._store.selected = dam_id
            self._edit_form.edit(dam_id)
            self._edit_form.go_on(seen, loaded, texts)
            self._edit_form.tell_kept()
            self.card = "edit"
        elif card == "import" and self.can_import and self._store.importing.step == "choose":
            [(step, name), *_] = texts.items()
            self._store.importing.leave_with(interrupted(step, name))
            self.open("import")

    @cached_property
    def add_form(self) -> AddForm:
        """The form that adds a dam."""
        return self._linked(AddForm(self._store, partial(self._close, "add"), self._owner))

    @cached_property
    def _edit_form(self) -> EditForm:
        return self._linked(EditForm(self._store, partial(self._close, "edit")))

    @cached_property
    def _assign_form(self) -> AssignForm:
        close = partial(self._close, "assign")
        form = AssignForm(self._store, close, self._on_assigned, dark=self.param.dark)
        form.param.watch(self._on_busy, "busy")
        self._keep(form)
        return form

    @cached_property
    def _details(self) -> DamDetails:
        details = DamDetails(self._store)
        details.param.watch(self._on_busy, "busy")
        for event in ("edit", "assign", "history"):
            details.param.watch(lambda e: self.open(e.name), event)
        details.param.watch(self._on_plot, "plot")
        details.param.watch(lambda _: self.param.trigger("zoom"), "zoom")
        details.param.watch(self._on_compare, "compare")
        return details

    @cached_property
    def _history(self) -> HistoryList:
        close = partial(self._close, "history")
        return HistoryList(self._store, close, sizing_mode="stretch_width", margin=0)

    @cached_property
    def _import_card(self) -> ImportCard:
        close = partial(self._close, "import")
        return ImportCard(self._store, close, sizing_mode="stretch_width", margin=0)

    @cached_property
    def _export_card(self) -> ExportCard:
        close = partial(self._close, "export")
        return ExportCard(
            self._store, close, self._has_links, sizing_mode="stretch_width", margin=0
        )

    @param.depends("_store.selected", watch=True)
    @shielded
    def _follow_selection(self) -> None:
        # A form stays open; the history closes to show the selected dam.
        self._close("history")
        self._show()

    @param.depends("card", watch=True)
    @shielded
    def _show(self) -> None:
        try:
            contents = self._contents()
        except UNEXPECTED:
            # Else the card would count as open, and could not be opened again.
            self.card = "details"
            raise
        before, self._shown = self._shown, contents
        self.cards = (self.card != "details") + (self._store.selected is not None)
        # The map marks only the location of the visible draft.
        self.location = self._shown.location if isinstance(self._shown, DamForm) else None
        if before is not self._shown:
            if isinstance(before, HistoryList | ExportCard):
                before.is_open = False
            focus: Focus = "field" if isinstance(self._shown, DamForm | AssignForm) else "card"
            if before is not None and isinstance(self._shown, DamDetails):
                focus = "back"
            self._place.put(*([] if self._shown is None else [self._shown]), focus=focus)

    def _contents(self) -> Any:
        """Return the card to show, or None."""
        match self.card:
            case "add":
                return self.add_form
            case "edit":
                return self._edit_form
            case "assign":
                return self._assign_form
            case "history":
                return self._history
            case "import":
                return self._import_card
            case "export":
                return self._export_card
        return None if self._store.selected is None else self._details

    def _on_plot(self, _event: Any) -> None:
        if self._store.selected is not None:
            self._plot(self._store.selected)

    def _on_assigned(self, dam_id: int) -> None:
        """Return to the dam's card, with the curve that it has now."""
        if self.card == "details":  # No other card has been opened since.
            self._store.selected = dam_id
            self._plot(dam_id)

    def _on_compare(self, _event: Any) -> None:
        """Add the selected dam to the comparison; if it is in there already, show that."""
        store = self._store
        if store.selected in store.compared:
            self.param.trigger("compare")
        elif len(store.compared) >= comparison.MOST:
            self._details.refuse(comparison.FULL)
        elif store.selected is not None:
            store.compared = comparison.compared_of(
                (*store.compared, store.selected), store.snapshot
            )

    def _keep(self, form: DamForm | AssignForm) -> None:
        self._forms.append(form)
        form.param.watch(self._on_changed, "changed")

    def _on_changed(self, _event: Any) -> None:
        self.unsaved = any(form.changed for form in self._forms)

    def _linked(self, form: Form) -> Form:
        self._keep(form)
        form.param.watch(self._on_busy, "busy")
        form.param.watch(partial(self._on_draft, form), "location")
        return form

    def _on_draft(self, form: DamForm, event: Any) -> None:
        if form is self._shown:
            self.location = event.new

    @param.depends("location", watch=True)
    def _on_location(self) -> None:
        if isinstance(self._shown, DamForm):
            self._shown.location = self.location

    def _on_busy(self, event: Any) -> None:
        self.busy = event.new

    def _close(self, card: str) -> None:
        """Return to the details, unless another card has been opened since."""
        if self.card == card:
            self.card = "details"
