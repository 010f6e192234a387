"""What the tests of served pages and logins share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from bokeh.core.has_props import MetaHasProps
from bokeh.core.property.descriptors import PropertyDescriptor
from bokeh.core.serialization import Serializer
from bokeh.model import util

from dam_inventory.server.auth import passwords
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


@pytest.fixture
def bokehs_own(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Return what Bokeh does itself; what a test replaces is put back after it."""
    own = SimpleNamespace(
        get_default=PropertyDescriptor._get_default,
        is_made_anew=PropertyDescriptor.has_unstable_default,
        visit=util.visit_immediate_value_references,
        describe=Serializer._encoders[MetaHasProps],
    )
    assert own.get_default.__module__ == PropertyDescriptor.__module__, "replaced by another test"
    monkeypatch.setattr(PropertyDescriptor, "_get_default", own.get_default)
    monkeypatch.setattr(PropertyDescriptor, "has_unstable_default", own.is_made_anew)
    monkeypatch.setattr(util, "visit_immediate_value_references", own.visit)
    monkeypatch.setitem(Serializer._encoders, MetaHasProps, own.describe)
    return own
