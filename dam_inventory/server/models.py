"""What Bokeh works out again for each model of each page is worked out once, with the same result.

A large part of what a page costs is Bokeh's look at its own properties. It keeps the names used
here to itself: where one is missing, nothing is replaced. tests/server/test_models.py fails when a
new version renames one or gives another result.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from bokeh.core.has_props import HasProps, MetaHasProps
from bokeh.core.property.descriptors import PropertyDescriptor
from bokeh.core.property.singletons import Undefined
from bokeh.core.property.wrappers import PropertyValueContainer
from bokeh.core.serialization import Ref, Serializer
from bokeh.document import document
from bokeh.model import Model, util

_LASTING = frozenset({type(None), bool, int, float, str, type(Undefined)})


def is_as_known() -> bool:
    """Return whether Bokeh has all private names that are used here."""
    model = Model()
    stores = ("_property_values", "_unstable_default_values")
    methods = ("_get_default", "has_unstable_default")
    return (
        all(hasattr(model, name) for name in stores)
        and all(hasattr(PropertyDescriptor, name) for name in methods)
        and hasattr(PropertyValueContainer, "_register_owner")
        and hasattr(util, "visit_immediate_value_references")
        and hasattr(util, "visit_value_and_its_immediate_references")
        and MetaHasProps in getattr(Serializer, "_encoders", ())
        and hasattr(document, "is_DataModel")
    )


def remember_defaults() -> None:
    """Look up once for each class what its properties are unless they are set.

    Bokeh checks, copies and converts a default each time it is read, thousands of times for a page
    of this package. An empty list, dict or set is still made anew for each model, without those
    checks. Any other default that can be changed, or that differs from model to model, is left to
    Bokeh.
    """
    read, is_made_anew = PropertyDescriptor._get_default, PropertyDescriptor.has_unstable_default
    classes: dict[type[HasProps], tuple[dict[str, Any], dict[str, type[Any]]]] = {}
    made_anew: dict[tuple[PropertyDescriptor[Any], type[HasProps]], bool] = {}

    def get_default(self: PropertyDescriptor[Any], obj: HasProps) -> Any:
        name = self.name
        if name in obj._property_values or name in _themed(obj):
            return read(self, obj)
        if name in obj._unstable_default_values:
            return obj._unstable_default_values[name]
        if (owner := type(obj)) not in classes:
            classes[owner] = _defaults(owner)
        lasting, empty = classes[owner]
        if name in lasting:
            return lasting[name]
        if name not in empty:
            return read(self, obj)
        made = obj._unstable_default_values[name] = empty[name]()
        made._register_owner(obj, self)
        return made

    def has_unstable_default(self: PropertyDescriptor[Any], obj: HasProps | type[HasProps]) -> bool:
        owner: Any = obj if isinstance(obj, type) else type(obj)
        key = (self, owner)
        if key not in made_anew:
            made_anew[key] = is_made_anew(self, obj)
        return made_anew[key]

    PropertyDescriptor._get_default = get_default
    PropertyDescriptor.has_unstable_default = has_unstable_default


def _defaults(owner: type[HasProps]) -> tuple[dict[str, Any], dict[str, type[Any]]]:
    """Return the defaults of a class that last, and the types of those that are made empty."""
    lasting, empty = {}, {}
    for name in owner.properties():
        descriptor = owner.lookup(name)
        if not isinstance(descriptor, PropertyDescriptor):
            continue
        try:
            default = descriptor.class_default(owner)
        except ValueError:  # Bokeh says so when it is read.
            continue
        if not descriptor.has_unstable_default(owner):
            if type(default) in _LASTING:
                lasting[name] = default
        elif isinstance(default, PropertyValueContainer) and not default:
            empty[name] = type(default)
    return lasting, empty


def _themed(obj: HasProps) -> dict[str, Any]:
    return obj.__dict__.get("__themed_values__") or {}


def visit_only_what_is_set() -> None:
    """Look for the models that a model refers to among what is set, and not among all properties.

    To make a page, Panel and Bokeh collect all models of it some twenty times.
    """
    visit_other = util.visit_value_and_its_immediate_references
    classes: dict[type[HasProps], dict[str, int]] = {}

    def visit(value: Any, visitor: Callable[[Model], None]) -> None:
        if not isinstance(value, HasProps):
            visit_value(value, visitor)
            return
        if (owner := type(value)) not in classes:
            classes[owner] = {name: at for at, name in enumerate(owner.properties_with_refs())}
        places = classes[owner]
        stored, made = value._property_values, value._unstable_default_values
        themed = _themed(value)
        chosen = places.keys() & (stored.keys() | made.keys() | themed.keys())
        for name in sorted(chosen, key=places.__getitem__):
            if name in stored:
                visit_value(stored[name], visitor)
            else:
                visit_value(getattr(value, name) if name in themed else made[name], visitor)

    def visit_value(value: Any, visitor: Callable[[Model], None]) -> None:
        if isinstance(value, Model):
            visitor(value)
        elif isinstance(value, dict):
            for key, item in value.items():
                if type(key) not in _LASTING:
                    visit_value(key, visitor)
                if type(item) not in _LASTING:
                    visit_value(item, visitor)
        elif isinstance(value, list | tuple):
            for item in value:
                if type(item) not in _LASTING:
                    visit_value(item, visitor)
        elif type(value) not in _LASTING:
            visit_other(value, visitor)

    util.visit_immediate_value_references = visit


def remember_definitions() -> None:
    """Describe a class of components once, and not for each page again."""
    describe = Serializer._encoders[MetaHasProps]
    known: dict[type[HasProps], Any] = {}

    def encode(owner: type[HasProps], serializer: Serializer) -> Any:
        if owner in known:
            serializer.add_ref(owner, Ref(id=owner.__qualified_model__))
            return known[owner]
        described = describe(owner, serializer)
        if not serializer.buffers:  # Those of this page go with its own message.
            known[owner] = described
        return described

    Serializer._encoders[MetaHasProps] = encode
    document.is_DataModel = cache(document.is_DataModel)
