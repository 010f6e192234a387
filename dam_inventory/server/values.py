"""Models are made, set and described by what is set of them, not by all that could be set.

A class of Bokeh has 20 to 100 properties, and a model of a page sets some six of them. As in
models.py, private names of Bokeh are used, and nothing is replaced where one is missing.
"""

from __future__ import annotations

from typing import Any

from bokeh.core.has_props import HasProps
from bokeh.core.property.bases import Property
from bokeh.core.property.descriptors import PropertyDescriptor
from bokeh.core.property.singletons import Intrinsic, Undefined
from bokeh.core.property.wrappers import PropertyValueContainer
from bokeh.model import Model

_PLAIN = frozenset({bool, int, str, type(None)})
_MOST_ACCEPTED = 20_000
_LONGEST = 100

_Serialized = dict[str, tuple[int, PropertyDescriptor[Any]]]


def is_as_known() -> bool:
    """Return whether Bokeh has all private names that are used here."""
    stores = ("_property_values", "_unstable_default_values", "_unstable_themed_values")
    return (
        all(hasattr(Model(), name) for name in (*stores, "_initialized"))
        and all(hasattr(PropertyDescriptor, name) for name in ("_get", "_set"))
        and all(hasattr(Property(), name) for name in ("assertions", "readonly"))
    )


def accept_known_values() -> None:
    """Check a number, or a short text, once for each property, and not for each model.

    What a property once took as it was it always takes, unless it asks the model about it.
    """
    check_and_set = PropertyDescriptor.__set__
    accepted: set[tuple[PropertyDescriptor[Any], type[Any], Any]] = set()

    def set_value(
        self: PropertyDescriptor[Any], obj: HasProps, value: Any, *, setter: Any = None
    ) -> None:
        kind = type(value)
        key = (self, kind, value) if kind in _PLAIN else None
        if key in accepted and "_property_values" in obj.__dict__:
            self._set(obj, self._get(obj), value, setter=setter)
            return
        check_and_set(self, obj, value, setter=setter)
        if key is None or (kind is str and len(value) > _LONGEST):
            return
        found = self._get(obj)
        if type(found) is not kind or found != value:
            return
        if not self.property.assertions and not self.property.readonly:
            if len(accepted) >= _MOST_ACCEPTED:
                accepted.clear()
            accepted.add(key)

    PropertyDescriptor.__set__ = set_value


def make_anew_what_must_be() -> None:
    """Make a model without asking each property whether its default is made anew for it."""
    classes: dict[type[HasProps], list[PropertyDescriptor[Any]]] = {}

    def init(self: HasProps, **properties: Any) -> None:
        super(HasProps, self).__init__()
        self._property_values = {}
        self._unstable_default_values = {}
        self._unstable_themed_values = {}
        for name, value in properties.items():
            if value is not Undefined and value is not Intrinsic:
                setattr(self, name, value)
        if (owner := type(self)) not in classes:
            descriptors = (owner.lookup(name) for name in owner.properties(_with_props=True))
            classes[owner] = [one for one in descriptors if one.has_unstable_default(owner)]
        for descriptor in classes[owner]:
            if descriptor.name not in properties:
                descriptor._get(self)
        self._initialized = True

    HasProps.__init__ = init  # type: ignore[method-assign, assignment]


def describe_only_what_is_set() -> None:
    """Collect what is set of a model without looking at what is not."""
    look_at_all = HasProps.properties_with_values
    classes: dict[type[HasProps], tuple[_Serialized, list[str]]] = {}

    def properties_with_values(
        self: HasProps, *, include_defaults: bool = True, include_undefined: bool = False
    ) -> dict[str, Any]:
        if include_defaults or include_undefined:
            return look_at_all(
                self, include_defaults=include_defaults, include_undefined=include_undefined
            )
        if (owner := type(self)) not in classes:
            classes[owner] = _serialized(owner)
        serialized, to_ask_for = classes[owner]
        made, themed = self._unstable_default_values, self.themed_values() or {}
        chosen = serialized.keys() & (self._property_values.keys() | made.keys() | themed.keys())
        for name in to_ask_for:
            if name not in chosen:
                getattr(self, name)  # which fails, if it must be set
        values = {}
        for name in sorted(chosen, key=serialized.__getitem__):
            value = serialized[name][1].get_value(self)
            is_untouched = isinstance(value, PropertyValueContainer) and name in made
            if name in themed or not is_untouched:
                values[name] = value
        return values

    HasProps.properties_with_values = properties_with_values  # type: ignore[method-assign]


def _serialized(owner: type[HasProps]) -> tuple[_Serialized, list[str]]:
    """Return place and descriptor of what pages get to know, and what may have to be set."""
    serialized: _Serialized = {}
    to_ask_for = []
    for place, name in enumerate(owner.properties(_with_props=True)):
        descriptor = owner.lookup(name)
        if not descriptor.serialized:
            continue
        serialized[name] = (place, descriptor)
        try:
            must_be_set = descriptor.class_default(owner) is Undefined
        except ValueError:
            must_be_set = True
        if must_be_set:
            to_ask_for.append(name)
    return serialized, to_ask_for
