"""What a server remembers of components is what Param and Panel would work out."""

from __future__ import annotations

import copy
import inspect
from types import SimpleNamespace

import geoviews as gv
import geoviews.plotting.bokeh
import holoviews as hv
import panel as pn
import param
import pytest
from bokeh.model import Model
from cartopy.crs import GOOGLE_MERCATOR
from param import descendents, parameterized

from dam_inventory.server.components import (
    are_as_known,
    copy_parameters_sooner,
    leave_out_signatures,
    remember_paths,
    remember_templates,
    share_default_tools,
)
from dam_inventory.views.filters.chips import FilterChips
from dam_inventory.views.table.table import DamTable


def test_param_and_panel_have_the_private_names_that_are_used():
    assert are_as_known(), (
        "Look up in the new version what has become of a name in "
        "dam_inventory/server/components.py and mend that; until then pages cost a server more."
    )


def test_the_copy_of_each_parameter_is_params(their_own: SimpleNamespace):
    copy_parameters_sooner()
    owner, different, looked_at = pn.Column(), [], 0

    for of in {*descendents(pn.viewable.Viewable), *descendents(hv.plotting.Plot)}:
        for parameter in of.param.objects(instance=False).values():
            looked_at += 1
            found = contents(parameterized._instantiate_param_obj(parameter, owner))
            if found != contents(their_own.copy_parameter(parameter, owner)):
                different.append((of, parameter.name))

    assert looked_at > 1000
    assert different == []


def contents(parameter: param.Parameter) -> list[object]:
    """Return what each slot holds: a container by its contents, all else by what it is."""
    held = [getattr(parameter, slot) for slot in type(parameter)._all_slots_]
    return [copy.copy(one) if parameterized._is_mutable_container(one) else id(one) for one in held]


def test_what_is_changed_of_one_component_is_not_changed_of_the_next(their_own: SimpleNamespace):
    copy_parameters_sooner()

    class Gauge(param.Parameterized):
        unit = param.Selector(objects=["m3/s", "cfs"])

    one, other, heard = Gauge(), Gauge(), []
    one.param.unit.objects.append("ML/day")
    one.param.watch(heard.append, "unit")
    one.unit = "ML/day"

    assert [event.new for event in heard] == ["ML/day"]
    assert one.param.unit.owner is one
    assert other.param.unit.objects == Gauge.param.unit.objects == ["m3/s", "cfs"]
    with pytest.raises(ValueError, match="ML/day"):
        other.unit = "ML/day"


def test_a_parameter_without_an_owner_is_copied_by_param(their_own: SimpleNamespace):
    copy_parameters_sooner()

    assert parameterized._instantiate_param_obj(param.Number(3), None).default == 3


@pytest.mark.parametrize("kind", [DamTable, FilterChips])
def test_a_template_is_rendered_once_for_a_class(
    kind: type[pn.reactive.ReactiveHTML], their_own: SimpleNamespace
):
    remember_templates()
    one = kind.__new__(kind)
    pn.reactive.ReactiveHTML.__init__(one)

    first = one._get_template()
    first[1].append("changed")
    first[2].clear()

    assert one._get_template() == their_own.template(one) != first


def test_a_template_that_shows_a_value_is_rendered_for_each(their_own: SimpleNamespace):
    class Greeting(pn.reactive.ReactiveHTML):
        who = param.String()
        _template = '<div id="greeting">Hello {{ who }}</div>'

    class Rows(pn.reactive.ReactiveHTML):
        objects = param.List()
        _template = """<div id="rows">
          {% for one in objects %}<div id="row">${one}</div>{% endfor %}
        </div>"""

    remember_templates()

    assert "Hello Ann" in Greeting(who="Ann")._get_template()[0]
    assert "Hello Ben" in Greeting(who="Ben")._get_template()[0]
    assert [Rows(objects=["a"] * n)._get_template()[0].count("row-") for n in (1, 3)] == [1, 3]


def test_a_template_that_is_changed_is_rendered_again(their_own: SimpleNamespace):
    class Notice(pn.reactive.ReactiveHTML):
        _template = '<div id="notice">Before</div>'

    remember_templates()
    before = Notice()._get_template()[0]
    Notice._template = '<div id="notice">After</div>'

    assert ("Before" in before, "After" in Notice()._get_template()[0]) == (True, True)


def test_a_file_that_is_not_there_is_still_looked_for(their_own: SimpleNamespace, tmp_path):
    class Gauge(param.Parameterized):
        readings = param.Filename(check_exists=False)

    remember_paths()
    later = tmp_path / "later.csv"
    gauge = Gauge(readings=str(later))
    before = gauge.readings
    later.touch()

    assert (before, gauge.readings) == (str(later), str(later))
    with pytest.raises(OSError, match=r"missing\.csv"):
        param.Filename()._resolve(str(tmp_path / "missing.csv"))


def test_a_relative_path_is_found_from_where_the_process_is(
    their_own: SimpleNamespace, tmp_path, monkeypatch: pytest.MonkeyPatch
):
    remember_paths()
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "dams.csv").touch()
        monkeypatch.chdir(tmp_path / folder)

        assert param.Filename()._resolve("dams.csv") == str(tmp_path / folder / "dams.csv")


def test_an_extension_is_loaded_without_signing_all_components(their_own: SimpleNamespace):
    leave_out_signatures()
    before = inspect.signature(pn.Column.__init__)

    class Late(pn.Column):
        def __init__(self, **params):
            super().__init__(**params)

    pn.extension()

    assert [*inspect.signature(Late.__init__).parameters] == ["self", "params"]
    assert inspect.signature(pn.Column.__init__) == before


def test_each_map_has_default_tools_of_its_own(their_own: SimpleNamespace):
    share_default_tools()
    one, other = (hv.render(gv.Points([], crs=GOOGLE_MERCATOR), backend="bokeh") for _ in range(2))
    kinds = [type(tool) for tool in one.tools]

    assert kinds == [type(tool) for tool in other.tools]
    assert not {*one.tools} & {*other.tools}
    wheels = [tool for tool in one.tools if type(tool).__name__ == "WheelZoomTool"]
    [own] = [tool for tool in their_own.tools if type(tool).__name__ == "WheelZoomTool"]
    assert [tool.zoom_on_axis for tool in wheels] == [own.zoom_on_axis] == [False]
    assert not {*one.tools} & {tool for tool in their_own.tools if isinstance(tool, Model)}
