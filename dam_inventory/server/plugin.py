"""`panel serve dashboard.py --plugins dam_inventory.server.plugin`: health, and an orderly end.

It answers at /health and /metrics, lets pages that come together in one after the other, and closes
what it holds when it is told to end.
"""

from __future__ import annotations

import json
import sys

import panel as pn
from tornado.web import RequestHandler

from ..config.settings import Settings
from ..errors import InvalidSettings
from . import files, metrics
from .api.routes import ROUTES as API_ROUTES
from .auth.login import install_checks, warn_if_strangers_may_change
from .command_line import check_processes
from .health import Health
from .lean import open_pages_sooner
from .lifecycle import look_after
from .logs import set_up_logs
from .origins import ReadByHosts
from .process import the_runtime

_health = Health(the_runtime)


class HealthHandler(ReadByHosts):
    """Answers 200 if this process can serve, else 503; needs no login, and tells no secrets."""

    async def get(self) -> None:
        """Tell whether the database answers, and what this process has heard and published."""
        report = await _health.report()
        self.set_status(200 if report.database else 503)
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(report.as_json()))

    head = get


def _on_session_created(session_context: object) -> None:
    look_after(session_context.server_context.application_context.application)  # type: ignore[attr-defined]


try:
    check_processes()
    _settings = Settings.from_environment()
except InvalidSettings as error:
    sys.exit(f"Dam Inventory does not start:\n{error}")

pn.state.on_session_created(_on_session_created)
install_checks()
files.install()
set_up_logs(_settings)
warn_if_strangers_may_change()
open_pages_sooner()

ROUTES: list[tuple[str, type[RequestHandler], dict[str, object]]] = [
    ("/health", HealthHandler, {}),
    (
        "/metrics",
        metrics.MetricsHandler,
        {
            "readers": _settings.metrics,
            "measures": metrics.begin(_settings.metrics),
            "health": _health,
        },
    ),
    *API_ROUTES,
]
"""The health and metrics of this process, for load balancers and monitoring; the API."""
