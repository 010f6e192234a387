"""The log of a server: its format and its limits."""

from __future__ import annotations

from functools import cache

from ..config.settings import Settings
from .command_line import serve_options
from .limits.server_log import restrain_logs
from .log_lines import write_lines


def set_up_logs(settings: Settings) -> None:
    """Let all existing handlers follow the settings; call it after logging is configured."""
    write_lines(as_json=settings.log_format == "json")
    restrain_logs()


@cache
def set_up_logs_early() -> None:
    """Do so for the first page, which `--warm` opens before the plugin is imported.

    Does nothing if this process runs something else than `panel serve`. Raises InvalidSettings.
    """
    if serve_options() is not None:
        set_up_logs(Settings.from_environment())
