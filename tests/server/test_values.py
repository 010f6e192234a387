"""What a server sets, makes and describes by fewer looks is what Bokeh itself would get."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import panel_material_ui as pmui
import pytest
from bokeh.core.has_props import HasProps
from bokeh.core.properties import Int
from bokeh.core.property.descriptors import PropertyDescriptor, UnsetValueError
from bokeh.document import Document
from bokeh.model import Model
from bokeh.model.util import collect_models
from bokeh.models import ColumnDataSource, CustomJS, Div, Plot, Scatter, Title

from dam_inventory.server.values import (
    accept_known_values,
    describe_only_what_is_set,
    is_as_known,
    make_anew_what_must_be,
)
from tests.server.pages import a_page, unset

TRIED = ("", "auto", "red", "stretch_width", "x" * 200, 0, 1, -1, 7, True, False, None, 0.5)


@pytest.fixture
def quick(their_own: SimpleNamespace) -> SimpleNamespace:
    accept_known_values()
    make_anew_what_must_be()
    describe_only_what_is_set()
    return their_own


def test_bokeh_has_the_private_names_that_are_used():
    assert is_as_known(), (
        "Look up in the new version what has become of a name in dam_inventory/server/values.py "
        "and mend that; until then pages cost a server more."
    )


def test_each_property_takes_and_refuses_what_it_would(quick: SimpleNamespace):
    assert {Scatter, ColumnDataSource, pmui.Page._data_model} <= {*known()}
    different = [
        (owner, descriptor.name, value)
        for owner, descriptor in descriptors()
        for value in TRIED
        if not equal_or_array(
            taken(quick.set_value, owner, descriptor, value),
            *(taken(PropertyDescriptor.__set__, owner, descriptor, value) for _ in range(2)),
        )
    ]
    assert different == []


def known() -> list[type[HasProps]]:
    return list(Model.model_class_reverse_map.values())


def descriptors() -> Iterator[tuple[type[HasProps], PropertyDescriptor[Any]]]:
    """Return each descriptor that is Bokeh's general one, with one class that has it."""
    seen = set()
    for owner in known():
        for name in sorted(owner.properties()):
            descriptor = owner.lookup(name)
            if type(descriptor) is PropertyDescriptor and descriptor not in seen:
                seen.add(descriptor)
                yield owner, descriptor


def taken(
    set_value: Any, owner: type[HasProps], descriptor: PropertyDescriptor[Any], value: object
) -> tuple[type[Any], Any]:
    """Return what is stored of a value, or why it is refused."""
    model = unset(owner)
    try:
        set_value(descriptor, model, value)
    except Exception as error:  # Whatever it is, it must be the same.
        return type(error), str(error).replace(str(model), "model")
    stored = model._property_values.get(descriptor.name, "the default")
    return type(stored), None if isinstance(stored, Model) else stored


def equal_or_array(first: Any, *others: Any) -> bool:
    return all(
        one[0] is first[0]
        and (np.array_equal(one[1], first[1]) if one[0] is np.ndarray else one[1] == first[1])
        for one in others
    )


def test_a_value_that_is_known_still_tells_of_the_change(quick: SimpleNamespace):
    doc, heard = Document(), []
    doc.add_root(one := Div(text="Flow"))
    doc.on_change(heard.append)

    Div(text="Volume")
    one.text = "Volume"
    one.text = "Volume"

    assert [(event.attr, event.new) for event in heard] == [("text", "Volume")]


def test_true_is_not_taken_for_the_one_that_is_known(quick: SimpleNamespace):
    class Gate(Model):
        number = Int()

    Gate(number=1)

    with pytest.raises(ValueError, match="expected a value of type Integral, got True"):
        Gate(number=True)
    del Model.model_class_reverse_map[Gate.__qualified_model__]


def test_a_property_that_asks_its_model_asks_each(quick: SimpleNamespace):
    class Reservoir(Model):
        highest = Int(default=10)
        level = Int().asserts(lambda model, level: level <= model.highest, "It spills.")

    Reservoir(level=10)

    with pytest.raises(ValueError, match="It spills"):
        Reservoir(highest=5, level=10)
    del Model.model_class_reverse_map[Reservoir.__qualified_model__]


def test_a_model_that_is_made_has_the_values_that_bokeh_makes(quick: SimpleNamespace):
    different = []
    for owner in known():
        one, other = (owner.__new__(owner) for _ in range(2))
        HasProps.__init__(one)
        quick.init(other)
        if stored(one) != stored(other):
            different.append(owner)
    assert different == []


def stored(model: HasProps) -> list[object]:
    made = {name: type(value) for name, value in model._unstable_default_values.items()}
    return [model._initialized, model._property_values, [*made.items()]]


def test_an_unknown_property_is_refused_with_the_names_that_are_like_it(quick: SimpleNamespace):
    with pytest.raises(AttributeError, match=r"similar attributes are.*text"):
        Div(textt="Flow")


def test_each_model_of_a_page_is_described_as_bokeh_would(quick: SimpleNamespace):
    models = collect_models(a_page())
    assert {Plot, Scatter, CustomJS} & {type(one) for one in models}

    for model in models:
        found = [*model.properties_with_values(include_defaults=False).items()]

        assert found == [*quick.values(model, include_defaults=False).items()]


def test_what_a_theme_gives_is_described(quick: SimpleNamespace):
    title = Title(text="Flow")
    title.apply_theme({"text_font_size": "40px", "tags": ["themed"]})

    found = title.properties_with_values(include_defaults=False)

    assert found == {"text": "Flow", "text_font_size": "40px", "tags": ["themed"]}


def test_a_value_that_must_be_set_is_still_asked_for(quick: SimpleNamespace):
    with pytest.raises(UnsetValueError, match="code"):
        CustomJS().properties_with_values(include_defaults=False)


def test_all_values_are_still_told_to_who_asks_for_them(quick: SimpleNamespace):
    found = Div(text="Flow").properties_with_values()

    assert (found["text"], found["visible"]) == ("Flow", True)
