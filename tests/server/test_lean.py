"""A server leaves out Bokeh's checks for developers, unless a developer asks for them."""

from __future__ import annotations

import gc

import pytest
from bokeh.core.has_props import MetaHasProps
from bokeh.core.property.descriptors import PropertyDescriptor
from bokeh.core.serialization import Serializer
from bokeh.model import util
from bokeh.settings import settings
from panel.io import document
from panel.io.resources import Resources

from dam_inventory.server.lean import open_pages_sooner

CHECKS = (settings.perform_document_validation, settings.perform_error_diagnostics)


@pytest.fixture(autouse=True)
def _as_before(monkeypatch, bokehs_own):
    monkeypatch.setattr(Resources, "extra_resources", Resources.extra_resources)
    monkeypatch.setattr(document, "_garbage_collect", document._garbage_collect)
    thresholds = gc.get_threshold()
    for check in CHECKS:
        monkeypatch.delenv(check.env_var, raising=False)
        check.unset_value()
    yield
    gc.set_threshold(*thresholds)
    for check in CHECKS:
        check.unset_value()


def test_the_checks_are_left_out():
    open_pages_sooner()

    assert [check() for check in CHECKS] == [False, False]


def test_a_developer_can_ask_for_them(monkeypatch):
    monkeypatch.setenv("BOKEH_VALIDATE_DOC", "true")

    open_pages_sooner()

    assert [check() for check in CHECKS] == [True, False]


def test_bokeh_is_left_alone_where_a_private_name_is_missing(bokehs_own, monkeypatch):
    monkeypatch.delattr(util, "visit_value_and_its_immediate_references")

    open_pages_sooner()

    assert PropertyDescriptor._get_default is bokehs_own.get_default
    assert util.visit_immediate_value_references is bokehs_own.visit
    assert Serializer._encoders[MetaHasProps] is bokehs_own.describe


def test_what_bokeh_works_out_again_and_again_is_remembered(bokehs_own):
    open_pages_sooner()

    assert PropertyDescriptor._get_default is not bokehs_own.get_default
    assert util.visit_immediate_value_references is not bokehs_own.visit
    assert Serializer._encoders[MetaHasProps] is not bokehs_own.describe
