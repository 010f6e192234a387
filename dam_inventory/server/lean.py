"""What a process leaves out or does only once, so that a page opens sooner."""

from __future__ import annotations

import os

from bokeh.settings import settings

from .garbage import free_pages_together
from .internals import leave_out_webgl, remember_resources
from .models import (
    is_as_known,
    remember_defaults,
    remember_definitions,
    visit_only_what_is_set,
)


def open_pages_sooner() -> None:
    """Leave out Bokeh's checks for developers, unless their environment variables are set.

    Each page is made of the same models and callbacks, which the tests have checked.
    """
    for check in (settings.perform_document_validation, settings.perform_error_diagnostics):
        if check.env_var not in os.environ:
            check.set_value(False)
    remember_resources()
    if is_as_known():
        remember_defaults()
        visit_only_what_is_set()
        remember_definitions()
    leave_out_webgl()
    free_pages_together()
