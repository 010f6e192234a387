"""What the tests of served pages and logins share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from bokeh.core.has_props import HasProps, MetaHasProps
from bokeh.core.property.descriptors import PropertyDescriptor
from bokeh.core.serialization import Serializer
from bokeh.document import document
from bokeh.model import util
from geoviews.plotting.bokeh.plot import GeoPlot
from panel.config import panel_extension
from panel.io.resources import Resources
from panel.reactive import ReactiveHTML
from param import parameterized
from param.parameters import Filename

from dam_inventory.server.auth import passwords
from dam_inventory.server.internals import FILES_OF_A_PAGE
from tests.ui.server import Server, serving
from tests.visitor import SAFE, WITH_PASSWORDS, Visitor, password_of

ServePeople = Callable[..., Server]


@pytest.fixture
def refuses_in_one_line(server: Server) -> Iterator[None]:
    """Accept refusals in the log, but no traceback."""
    start = server.mark
    yield
    Visitor(server).open("/health")  # Afterward, all earlier responses are logged.
    assert "Traceback" not in server.log[start:]
    server.forgive()


@pytest.fixture(scope="module")
def serve_people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServePeople]:
    """Start a server on which these people can log in, with these permissions."""
    with ExitStack() as stack:

        def serve_people(*names: str, permissions: str) -> Server:
            folder = tmp_path_factory.mktemp("people")
            for name in names:
                passwords.set_password(folder / "passwords.json", name, password_of(name))
            (folder / "who.toml").write_text(permissions)
            options = ("--warm", *WITH_PASSWORDS)
            return stack.enter_context(
                serving(folder, *options, environment=SAFE, permissions_file="who.toml")
            )

        yield serve_people


_REPLACED = {
    "get_default": (PropertyDescriptor, "_get_default"),
    "is_made_anew": (PropertyDescriptor, "has_unstable_default"),
    "set_value": (PropertyDescriptor, "__set__"),
    "init": (HasProps, "__init__"),
    "values": (HasProps, "properties_with_values"),
    "visit": (util, "visit_immediate_value_references"),
    "is_data_model": (document, "is_DataModel"),
    "copy_parameter": (parameterized, "_instantiate_param_obj"),
    "template": (ReactiveHTML, "_get_template"),
    "path": (Filename, "_resolve"),
    "signatures": (panel_extension, "_apply_signatures"),
    **{name: (Resources, name) for name in FILES_OF_A_PAGE},
}


@pytest.fixture
def their_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """Return what Bokeh, Param and Panel do themselves; what a test replaces is put back after it.

    tools: the tools that GeoViews gives a map.
    """
    own = {name: vars(owner)[replaced] for name, (owner, replaced) in _REPLACED.items()}
    assert own["get_default"].__module__ == PropertyDescriptor.__module__, (
        "replaced by another test"
    )
    for name, (owner, replaced) in _REPLACED.items():
        monkeypatch.setattr(owner, replaced, own[name])
    describe, tools = Serializer._encoders[MetaHasProps], GeoPlot.default_tools
    monkeypatch.setitem(Serializer._encoders, MetaHasProps, describe)
    yield SimpleNamespace(**own, describe=describe, tools=tools)
    GeoPlot.default_tools = tools
