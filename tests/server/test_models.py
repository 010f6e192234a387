"""What a server remembers of Bokeh's models is what Bokeh itself would work out."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import panel_material_ui as pmui
import pytest
from bokeh.core.has_props import HasProps, MetaHasProps, _default_resolver
from bokeh.core.properties import Float, Int
from bokeh.core.property.descriptors import PropertyDescriptor, UnsetValueError
from bokeh.core.serialization import Serializer
from bokeh.document import Document
from bokeh.model import DataModel, Model, util
from bokeh.model.util import collect_models
from bokeh.models import ColumnDataSource, CustomJS, Div, GlyphRenderer, Plot, Scatter, Title
from bokeh.themes import Theme

from dam_inventory.server.models import (
    is_as_known,
    remember_defaults,
    remember_definitions,
    visit_only_what_is_set,
)
from tests.server.pages import a_page, unset


@pytest.fixture
def remembered(their_own: SimpleNamespace) -> SimpleNamespace:
    remember_defaults()
    visit_only_what_is_set()
    remember_definitions()
    return their_own


def test_bokeh_has_the_private_names_that_are_used():
    assert is_as_known(), (
        "Look up in the new version what has become of a name in dam_inventory/server/models.py "
        "and mend that; until then pages cost a server twice as much."
    )


def defaults(owner: type[HasProps]) -> Iterator[tuple[str, PropertyDescriptor[Any], HasProps]]:
    for name in sorted(owner.properties()):
        descriptor = owner.lookup(name)
        if isinstance(descriptor, PropertyDescriptor):
            yield name, descriptor, unset(owner)


def test_each_default_of_each_class_is_bokehs(remembered: SimpleNamespace):
    known = Model.model_class_reverse_map.values()
    assert {Scatter, ColumnDataSource, pmui.Page._data_model} <= {*known}
    different = [one for owner in known for one in differences(owner, remembered)]
    assert different == []


def differences(
    owner: type[HasProps], remembered: SimpleNamespace
) -> Iterator[tuple[type[HasProps], str, object, object]]:
    """Return the defaults of a class that differ from what Bokeh works out."""
    for name, descriptor, model in defaults(owner):
        assert descriptor.has_unstable_default(model) == remembered.is_made_anew(descriptor, model)
        try:
            expected = remembered.get_default(descriptor, unset(owner))
        except ValueError:
            with pytest.raises(ValueError, match=r"."):
                descriptor._get_default(model)
            continue
        for _ in range(2):
            found = descriptor._get_default(model)
            same = _equal(_content(found), _content(expected))
            if type(found) is not type(expected) or not same:
                yield owner, name, found, expected


def _content(value: Any) -> Any:
    """Return a value in which models, each of which is its own, are replaced by their classes."""
    if isinstance(value, list):
        return [_content(one) for one in value]
    return type(value) if isinstance(value, Model) else value


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other)
    return bool(one == other or (one != one and other != other))


def test_an_empty_list_belongs_to_its_model_and_tells_of_its_changes(remembered: SimpleNamespace):
    doc, one, other, heard = Document(), Div(), Div(), []
    doc.add_root(one)
    doc.on_change(heard.append)

    one.tags.append("changed")

    assert (one.tags, other.tags) == (["changed"], [])
    assert [(event.attr, event.new) for event in heard] == [("tags", ["changed"])]


def test_a_list_that_bokeh_copies_for_each_reader_is_not_shared(remembered: SimpleNamespace):
    glyph = Scatter()

    glyph.line_dash.append(4)

    assert (glyph.line_dash, Scatter().line_dash) == ([], [])


def test_a_theme_comes_before_what_is_remembered_and_goes_again(remembered: SimpleNamespace):
    title, themed = Title(), {"text_font_size": "40px", "tags": ["themed"]}
    before = title.text_font_size, title.tags

    title.apply_theme(themed)
    assert (title.text_font_size, title.tags) == ("40px", ["themed"])
    title.unapply_theme()

    assert (title.text_font_size, title.tags) == before == (Title().text_font_size, [])


def test_a_theme_of_a_document_reaches_a_model_that_is_made_later(remembered: SimpleNamespace):
    doc = Document()
    doc.theme = Theme(json={"attrs": {"Plot": {"background_fill_color": "#123456"}}})

    doc.add_root(plot := Plot())

    assert plot.background_fill_color == "#123456"
    assert Plot().background_fill_color == "#ffffff"


def test_a_value_that_must_be_set_is_still_asked_for(remembered: SimpleNamespace):
    with pytest.raises(UnsetValueError, match="code"):
        _ = CustomJS().code


def test_the_models_of_a_page_are_collected_all_and_in_bokehs_order(remembered: SimpleNamespace):
    page = a_page()
    found = collect_models(page)
    assert {GlyphRenderer, Scatter, CustomJS} <= {type(one) for one in found}

    util.visit_immediate_value_references = remembered.visit

    assert found == collect_models(page)


def test_models_that_come_only_from_a_theme_are_collected(remembered: SimpleNamespace):
    plot = Plot()
    plot.apply_theme({"title": Title(text="Flow")})

    assert [one.text for one in collect_models(plot) if isinstance(one, Title)] == ["Flow"]


def test_each_page_is_told_of_the_classes_that_bokeh_would_tell_it_of(
    remembered: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
):
    doc = Document()
    doc.add_root(a_page())
    first = doc.to_json(deferred=False)
    again = doc.to_json(deferred=False)

    monkeypatch.setitem(Serializer._encoders, MetaHasProps, remembered.describe)

    assert len(first["defs"]) > 100
    assert first == again == doc.to_json(deferred=False)


def test_a_class_that_extends_another_only_names_it(remembered: SimpleNamespace):
    class Reservoir(DataModel):
        volume = Float()

    class Forebay(Reservoir):
        intakes = Int()

    Serializer().encode([Reservoir])
    described = [Serializer().encode([Reservoir, Forebay]) for _ in range(2)]
    for one in (Reservoir, Forebay):
        _default_resolver.remove(one)

    assert described[0] == described[1]
    assert described[0][1]["extends"] == {"id": Reservoir.__qualified_model__}
