"""Which component classes a page gets to know: those of this package, and those that it uses."""

from __future__ import annotations

from typing import Any

import panel_material_ui as pmui
from bokeh.document import Document
from panel_material_ui.base import MaterialComponent
from param import descendents

from .internals import data_model_name

USED = (
    pmui.Accordion,
    pmui.Alert,
    pmui.AutocompleteInput,
    pmui.Button,
    pmui.FileDownload,
    pmui.FloatSlider,
    pmui.IconButton,
    pmui.Page,
    pmui.Paper,
    pmui.RadioBoxGroup,
    pmui.Select,
    pmui.Switch,
    pmui.TextInput,
    pmui.Typography,
)
"""The classes of panel-material-ui that this package uses; a test finds one that is missing."""


def define_only_used(doc: Document) -> None:
    """Leave the classes of panel-material-ui that this package never uses out of a page.

    Bokeh defines in each page all classes that are imported, of panel-material-ui more than a
    hundred: a quarter of what a page of this package is. Only for a document that nobody adds
    other components to: what comes later of a class that is left out can't be drawn.
    """
    describe = doc.to_json

    def to_json(*, deferred: bool = True) -> Any:
        described: Any = describe(deferred=deferred)
        content = described.content if deferred else described
        unused = _unused() - {type(model).__name__ for model in doc.models}
        content["defs"] = [one for one in content["defs"] if one["name"] not in unused]
        return described

    doc.to_json = to_json


def _unused() -> set[str]:
    theirs = pmui.__name__
    imported = [one for one in descendents(MaterialComponent) if one.__module__.startswith(theirs)]
    return {data_model_name(one) for one in imported if one not in USED} - {""}
