"""A server leaves out Bokeh's checks for developers, unless a developer asks for them."""

from __future__ import annotations

import gc
from types import SimpleNamespace

import pytest
from bokeh.core.has_props import HasProps, MetaHasProps
from bokeh.core.property.descriptors import PropertyDescriptor
from bokeh.core.serialization import Serializer
from bokeh.model import util
from bokeh.settings import settings
from panel.io import document
from panel.reactive import ReactiveHTML
from param import parameterized

from dam_inventory.server.lean import open_pages_sooner

CHECKS = (settings.perform_document_validation, settings.perform_error_diagnostics)
READ_ONCE = (settings.simple_ids, settings.serialize_include_defaults)


@pytest.fixture(autouse=True)
def _as_before(monkeypatch, their_own):
    monkeypatch.setattr(document, "_garbage_collect", document._garbage_collect)
    thresholds = gc.get_threshold()
    for setting in (*CHECKS, *READ_ONCE):
        monkeypatch.delenv(setting.env_var, raising=False)
        setting.unset_value()
    yield
    gc.set_threshold(*thresholds)
    for setting in (*CHECKS, *READ_ONCE):
        setting.unset_value()


def test_the_checks_are_left_out():
    open_pages_sooner()

    assert [check() for check in CHECKS] == [False, False]


def test_a_developer_can_ask_for_them(monkeypatch):
    monkeypatch.setenv("BOKEH_VALIDATE_DOC", "true")

    open_pages_sooner()

    assert [check() for check in CHECKS] == [True, False]


@pytest.mark.parametrize("value", ["yes", "no"])
def test_settings_that_bokeh_reads_for_each_model_keep_what_the_environment_says(
    value: str, monkeypatch: pytest.MonkeyPatch
):
    for setting in READ_ONCE:
        monkeypatch.setenv(setting.env_var, value)
    before = [setting() for setting in READ_ONCE]

    open_pages_sooner()
    for setting in READ_ONCE:
        monkeypatch.delenv(setting.env_var)

    assert before[0] is (value == "yes")
    assert [setting() for setting in READ_ONCE] == before


def replaced(own: SimpleNamespace) -> dict[str, bool]:
    """Return of which module what it does has been replaced."""
    return {
        "models": PropertyDescriptor._get_default is not own.get_default,
        "references": util.visit_immediate_value_references is not own.visit,
        "definitions": Serializer._encoders[MetaHasProps] is not own.describe,
        "values": HasProps.__init__ is not own.init,
        "description": HasProps.properties_with_values is not own.values,
        "parameters": parameterized._instantiate_param_obj is not own.copy_parameter,
        "templates": ReactiveHTML._get_template is not own.template,
    }


def test_what_is_worked_out_again_and_again_is_remembered(their_own: SimpleNamespace):
    open_pages_sooner()

    assert all(replaced(their_own).values())


@pytest.mark.parametrize(
    ("owner", "missing", "left_alone"),
    [
        (util, "visit_value_and_its_immediate_references", {"models", "references", "definitions"}),
        (PropertyDescriptor, "_set", {"values", "description"}),
        (ReactiveHTML, "_template", {"parameters", "templates"}),
    ],
    ids=["models", "values", "components"],
)
def test_what_needs_a_private_name_that_is_missing_is_left_alone(
    owner: object,
    missing: str,
    left_alone: set[str],
    their_own: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.delattr(owner, missing)

    open_pages_sooner()

    assert {name for name, is_done in replaced(their_own).items() if not is_done} == left_alone
