"""A page is told only of the component classes that it can use."""

from __future__ import annotations

import re
from pathlib import Path

import panel_material_ui as pmui
import pytest
from bokeh.document import Document
from panel_material_ui.base import MaterialComponent

import dam_inventory
from dam_inventory.views.bokeh_bridge.definitions import USED, define_only_used
from dam_inventory.views.bokeh_bridge.internals import data_model_name

PACKAGE = Path(dam_inventory.__file__).parent


def defined(doc: Document, *, deferred: bool) -> set[str]:
    """Return the names of the classes that a page of a document is told of."""
    described = doc.to_json(deferred=deferred)
    content = described.content if deferred else described
    return {one["name"] for one in content["defs"]}


def test_every_component_that_the_package_uses_is_listed():
    texts = [file.read_text("utf-8") for file in PACKAGE.rglob("*.py")]
    named = {name for text in texts for name in re.findall(r"\bpmui\.([A-Z]\w+)", text)}
    components = {
        one for name in named if issubclass(one := getattr(pmui, name), MaterialComponent)
    }

    assert not any("from panel_material_ui import" in text for text in texts)
    assert components == set(USED)


@pytest.mark.parametrize("deferred", [True, False])
def test_components_that_no_page_uses_are_left_out(deferred: bool):
    doc = Document()
    all_of_them = defined(doc, deferred=deferred)
    assert data_model_name(pmui.DatePicker) in all_of_them

    define_only_used(doc)

    left_out = all_of_them - defined(doc, deferred=deferred)
    assert len(left_out) > 100
    assert data_model_name(pmui.DatePicker) in left_out
    assert left_out.isdisjoint(map(data_model_name, USED))


def test_a_component_that_is_in_the_document_is_never_left_out():
    doc = Document()
    define_only_used(doc)

    pmui.DatePicker().server_doc(doc)

    assert data_model_name(pmui.DatePicker) in defined(doc, deferred=True)


def test_other_documents_are_left_alone():
    define_only_used(Document())

    assert data_model_name(pmui.DatePicker) in defined(Document(), deferred=True)
