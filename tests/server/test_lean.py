"""A server leaves out Bokeh's checks for developers, unless a developer asks for them."""

from __future__ import annotations

import pytest
from bokeh.settings import settings
from panel.io.resources import Resources

from dam_inventory.server.lean import open_pages_sooner

CHECKS = (settings.perform_document_validation, settings.perform_error_diagnostics)


@pytest.fixture(autouse=True)
def _as_before(monkeypatch, bokehs_own):
    monkeypatch.setattr(Resources, "extra_resources", Resources.extra_resources)
    for check in CHECKS:
        monkeypatch.delenv(check.env_var, raising=False)
        check.unset_value()
    yield
    for check in CHECKS:
        check.unset_value()


def test_the_checks_are_left_out():
    open_pages_sooner()

    assert [check() for check in CHECKS] == [False, False]


def test_a_developer_can_ask_for_them(monkeypatch):
    monkeypatch.setenv("BOKEH_VALIDATE_DOC", "true")

    open_pages_sooner()

    assert [check() for check in CHECKS] == [True, False]
