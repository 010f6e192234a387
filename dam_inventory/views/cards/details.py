"""DamDetails: a card with the known properties of the selected dam, and buttons to change it."""

from __future__ import annotations

from typing import Any

import panel as pn
import panel_material_ui as pmui
import param

from ...domain.changes import DamRemoved, Removal, Restoration, dam_ids, of_dam
from ...domain.messages import told
from ...domain.units import US
from ...errors import DamInventoryError
from ...session.answers import start
from ...session.store import DamStore
from ..components.alert import Notice
from ..components.assets import asset
from ..components.closing import close_button
from ..components.faults import shielded
from ..components.icons import icon
from ..components.slot import Place
from .facts import facts_html, head_html


class DamDetails(pn.viewable.Viewer):
    """Shows the known properties of a store's selected dam, and a close button."""

    zoom = param.Event(doc="Zoom the map to the dam.")
    plot = param.Event(doc="Show the hydrograph.")
    assign = param.Event(doc="Assign a hydrograph.")
    compare = param.Event(doc="Compare the dam with others, or show the comparison with it.")
    edit = param.Event(doc="Edit the dam.")
    history = param.Event(doc="Show the dam's history.")
    removing = param.Boolean(doc="Whether the card asks to confirm the removal of the dam.")
    busy = param.Boolean(doc="Whether the removal waits for the database.")

    def __init__(self, store: DamStore, **params: Any) -> None:
        self._store = store
        self._shown: int | None = None
        super().__init__(**params)
        self._name = self._pane()
        self._properties = self._pane()
        close = close_button(lambda _: setattr(store, "selected", None))
        self._notice = Notice("warning", margin=(8, 0))
        self._refused = Notice(margin=(8, 0))
        self._zoom = self._button("Zoom to dam", "zoom", "zoom_in_map")
        self._plot = self._button("Hydrograph", "plot", "show_chart")
        self._assign = self._button("Assign hydrograph", "assign", "upload_file")
        self._edit = self._button("Edit", "edit", "edit")
        self._remove = self._button("Remove", "removing", "delete")
        self._compare = self._button("Add to compare", "compare", "compare")
        self._report = pmui.Button(
            label="Report", icon=icon("report"), variant="outlined", size="small", margin=0,
            target="_blank",
        )  # fmt: skip
        self._buttons = pn.FlexBox(
            self._zoom, self._plot, self._edit, self._remove, self._assign,
            self._compare, self._button("History", "history", "history"), self._report,
            margin=(0, 0, 4, 0), gap="8px", sizing_mode="stretch_width",
        )  # fmt: skip
        self._question = self._made_question()
        self._card = pmui.Paper(
            close,
            self._name,
            self._notice,
            self._refused,
            self._buttons,
            self._question,
            self._properties,
            sizing_mode="stretch_width",
            margin=0,
            sx={"padding": "8px 16px 16px", "boxSizing": "border-box"},
        )
        self._show()
        self._show_comparison()

    def __panel__(self) -> pn.viewable.Viewable:
        return self._card

    def _pane(self) -> pn.pane.HTML:
        return pn.pane.HTML(
            "",
            stylesheets=[asset("components/hazard.css"), asset("cards/details.css")],
            sizing_mode="stretch_width",
            margin=0,
        )

    def _button(self, text: str, event: str, sign: str) -> Any:
        button = pmui.Button(
            label=text, icon=icon(sign), variant="outlined", size="small", margin=0,
            css_classes=[f"does-{event}"],
        )  # fmt: skip
        button.on_click(lambda _: self.param.update({event: True}))
        return button

    def _made_question(self) -> Place:
        self._asked = Notice("warning", margin=(8, 0))
        remove = pmui.Button(
            label="Remove", color="error", margin=(0, 8, 0, 0), disabled=self.param.busy
        )
        keep = pmui.Button(label="Keep", variant="outlined", margin=0, disabled=self.param.busy)
        remove.on_click(self._on_remove)
        keep.on_click(lambda _: setattr(self, "removing", False))
        question = Place("question")
        question.extend([self._asked, pn.Row(remove, keep, margin=0)])
        return question

    @param.depends("_store.selected", "_store.snapshot", "_store.units", watch=True)
    @shielded
    def _show(self) -> None:
        snapshot, selected = self._store.snapshot, self._store.selected
        row = snapshot.row_of(selected)
        if selected != self._shown:
            self.removing = False
            self._notice.say()
            self._refused.say()
        self._shown = selected
        self._show_removal()
        if row is None or selected is None:
            return
        values, units = snapshot.values(row), self._store.units
        self._name.object = head_html(snapshot.name(row), values, units)
        self._properties.object = facts_html(values, units, snapshot.origin(selected))
        may_change = self._store.may_change(row)
        # The address of a notebook is not that of a page, which could show a report.
        self._report.visible = bool(pn.state.curdoc and pn.state.curdoc.session_context)
        asked = "" if units is US else f"&units={units.name}"
        self._report.href = f"?report={selected}{asked}"
        self._zoom.visible = snapshot.value(row, "latitude") is not None
        has_hydrograph = snapshot.value(row, "hydrograph_id") is not None
        self._plot.visible = has_hydrograph
        self._assign.label = f"{'Add' if has_hydrograph else 'Assign'} hydrograph"
        self._assign.visible = self._store.user.may_assign
        self._edit.visible = self._remove.visible = may_change

    @param.depends("_store.selected", "_store.compared", watch=True)
    @shielded
    def _show_comparison(self) -> None:
        compared = self._store.compared
        is_in = self._store.selected in compared
        self._compare.label = f"Comparison ({len(compared)})" if is_in else "Add to compare"

    def refuse(self, sentence: str) -> None:
        """Show why something could not be done for the selected dam."""
        self._refused.say(sentence)

    @param.depends("_store.news", watch=True)
    @shielded
    def _show_removal(self) -> None:
        """Show that the dam was removed, both before and after the person loads that change."""
        selected = self._store.selected
        related = [
            of_dam(one, selected) for one in self._store.news.waiting
            if isinstance(one, Removal | Restoration) and selected is not None
            and selected in dam_ids(one)
        ]  # fmt: skip
        is_there = self._store.snapshot.row_of(selected) is not None
        is_removed = bool(related) and isinstance(related[-1], DamRemoved)
        if is_removed:
            self._notice.say(told(related[-1:]))
        elif is_there:
            self._notice.say()
        elif selected is not None and not self._notice.visible:
            self._notice.say("This dam has been removed.")
        self._buttons.visible = is_there and not is_removed
        if not self._buttons.visible:
            self.removing = False

    @param.depends("removing", watch=True)
    def _ask(self) -> None:
        snapshot, row = self._store.snapshot, self._store.snapshot.row_of(self._store.selected)
        self._question.visible = self.removing
        if self.removing and row is not None:
            hydrograph = " and its hydrograph" if self._plot.visible else ""
            self._asked.say(f'Remove "{snapshot.name(row)}"{hydrograph}?')
            # The harmless answer.
            self._question.focus_last()

    def _on_remove(self, _event: Any) -> None:
        dam_id = self._store.selected
        if dam_id is not None and not self.busy:
            start(self._removed(dam_id))

    async def _removed(self, dam_id: int) -> None:
        selected: int | None = dam_id
        self.busy = True
        try:
            await self._store.later.remove(dam_id)
            selected = None
        except DamInventoryError as error:
            # Even if another dam is selected by now: the error names its dam.
            self._refused.say(str(error))
        finally:
            self.busy = False
        if self._store.selected == dam_id:
            self.removing = False
            self._store.selected = selected
