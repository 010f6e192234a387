"""What Param, Panel and GeoViews work out again for each component of each page, only once.

As in models.py, private names are used, and nothing is replaced where one is missing.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from geoviews.plotting.bokeh.plot import GeoPlot
from panel.config import panel_extension
from panel.reactive import ReactiveHTML
from param import parameterized
from param.parameterized import Parameter
from param.parameters import Filename


def are_as_known() -> bool:
    """Return whether Param and Panel have all private names that are used here."""
    return (
        hasattr(parameterized, "_instantiate_param_obj")
        and hasattr(parameterized, "_is_mutable_container")
        and hasattr(Parameter, "_all_slots_")
        and hasattr(Filename, "_resolve")
        and all(hasattr(ReactiveHTML, name) for name in ("_get_template", "_template"))
        and hasattr(panel_extension, "_apply_signatures")
    )


def copy_parameters_sooner() -> None:
    """Copy the parameter of a class for an instance of it by its slots.

    A page copies 400. Param asks three abstract classes about each of the 20 slots of each.
    """
    copy_as_param_does = parameterized._instantiate_param_obj
    is_mutable = parameterized._is_mutable_container
    mutable: dict[type[Any], bool] = {}
    read, write = object.__getattribute__, object.__setattr__

    def instantiate(parameter: Parameter[Any], owner: Any = None) -> Parameter[Any]:
        kind: Any = type(parameter)
        is_bound = parameter.name is not None
        if not is_bound or kind.__copy__ is not Parameter.__copy__:
            return copy_as_param_does(parameter, owner)
        made: Parameter[Any] = kind.__new__(kind)
        for slot in kind._all_slots_:
            value = read(parameter, slot)
            if (of := type(value)) not in mutable:
                mutable[of] = is_mutable(value)
            write(made, slot, copy.copy(value) if mutable[of] and slot != "default" else value)
        write(made, "owner", owner)
        write(made, "watchers", {})
        return made

    parameterized._instantiate_param_obj = instantiate


def remember_templates() -> None:
    """Render the template of a class once, unless it shows values of its instance."""
    render = ReactiveHTML._get_template
    rendered: dict[tuple[type[ReactiveHTML], str], Any] = {}

    def get_template(self: ReactiveHTML) -> Any:
        template = self._template
        if any(mark in template for mark in ("{{", "{%", "{#")):
            return render(self)
        key = (type(self), template)
        if key not in rendered:
            rendered[key] = render(self)
        return copy.deepcopy(rendered[key])

    ReactiveHTML._get_template = get_template


def remember_paths() -> None:
    """Look once where the file of a parameter is; Panel reads its themes' for each component."""
    resolve = Filename._resolve
    found: dict[str, str] = {}

    def resolve_once(self: Filename[Any], path: Any) -> Any:
        name = str(path)
        if name in found:
            return found[name]
        resolved = resolve(self, path)
        if Path(name).is_absolute():
            found[name] = resolved
        return resolved

    Filename._resolve = resolve_once


def leave_out_signatures() -> None:
    """Let `pn.extension` do without the signatures for people who type a component's name."""
    panel_extension._apply_signatures = lambda _self: None


class _Tools(list[Any]):
    """Tools of which only the list is copied."""

    def __deepcopy__(self, memo: dict[int, Any]) -> list[Any]:
        return [*self]


def share_default_tools() -> None:
    """Leave it to HoloViews to copy the default tools of a map.

    Param copies them, too, as deep as they are and also for a map that gives its own: 6 ms.
    """
    GeoPlot.default_tools = _Tools(GeoPlot.default_tools)
