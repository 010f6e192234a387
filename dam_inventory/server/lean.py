"""What a process leaves out or does only once, so that a page opens sooner."""

from __future__ import annotations

import os

from bokeh.settings import settings

from . import components, models, values
from .garbage import free_pages_together
from .internals import leave_out_webgl, remember_resources


def open_pages_sooner() -> None:
    """Leave out Bokeh's checks for developers, unless their environment variables are set.

    Each page is made of the same models and callbacks, which the tests have checked.
    """
    for check in (settings.perform_document_validation, settings.perform_error_diagnostics):
        if check.env_var not in os.environ:
            check.set_value(False)
    # Bokeh reads these from the environment for each model.
    for setting in (settings.simple_ids, settings.serialize_include_defaults):
        setting.set_value(setting())
    remember_resources()
    if models.is_as_known():
        models.remember_defaults()
        models.visit_only_what_is_set()
        models.remember_definitions()
    if values.is_as_known():
        values.accept_known_values()
        values.make_anew_what_must_be()
        values.describe_only_what_is_set()
    if components.are_as_known():
        components.copy_parameters_sooner()
        components.remember_templates()
        components.remember_paths()
        components.leave_out_signatures()
        components.share_default_tools()
    leave_out_webgl()
    free_pages_together()
