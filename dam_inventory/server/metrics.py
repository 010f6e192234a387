"""`/metrics`: this process in numbers, for Prometheus and programs like it."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tornado.httputil import HTTPServerRequest
from tornado.ioloop import IOLoop
from tornado.web import RequestHandler

from .health import Health
from .loop_lag import LoopLag
from .process import when_open

if TYPE_CHECKING:
    from .measures import Measures

OFF = "Metrics are turned off on this server."
NOT_LOCAL = (
    "Only programs on the server's own machine may read the metrics. "
    "DAM_INVENTORY_METRICS=open lets everybody read them."
)
MISSING = "Metrics need prometheus-client. Run: pip install 'dam-inventory[metrics]'"

_OF_PROXIES = (
    *("Forwarded", "Via", "X-Real-IP", "X-Scheme"),
    *("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"),
)

_lags: list[LoopLag] = []


class MetricsHandler(RequestHandler):
    """Answers with the metrics; 501 without prometheus-client, 403 or 404 to who may not read them.

    readers: the setting `metrics`. measures: None if prometheus-client is missing.
    """

    def initialize(self, readers: str, measures: Measures | None, health: Health) -> None:
        """Take the arguments of the route."""
        self._readers = readers
        self._measures = measures
        self._health = health

    async def get(self) -> None:
        """Tell the metrics; a thread asks the database."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        if self._readers == "off":
            self._refuse(404, OFF)
        elif self._readers == "local" and not is_local(self.request):
            self._refuse(403, NOT_LOCAL)
        elif self._measures is None:
            self._refuse(501, MISSING)
        else:
            report = await self._health.report()
            self.set_header("Content-Type", self._measures.content_type)
            self.finish(self._measures.text(report, self._health.runtime))

    head = get

    def _refuse(self, status: int, sentence: str) -> None:
        self.set_status(status)
        self.finish(f"{sentence}\n")


def begin(readers: str) -> Measures | None:
    """Measure this process from now on; return None if nobody may read it, or it can't be done.

    Call it before the server's event loop runs.
    """
    if readers == "off":
        return None
    try:
        from .measures import Measures
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "prometheus_client":
            raise
        return None
    measures = Measures()
    when_open(lambda runtime: runtime.time_statements(measures.observe_statement))
    lag = LoopLag(measures.observe_lag)
    _lags.append(lag)
    IOLoop.current().add_callback(lag.start)
    return measures


def end() -> None:
    """Measure the event loop no more; the server ends."""
    while _lags:
        _lags.pop().stop()


def is_local(request: HTTPServerRequest) -> bool:
    """Return whether a program on this machine sends a request, itself and not as a proxy.

    With `--use-xheaders`, a header may claim any address. A proxy that adds no header is known by
    the server's public name.
    """
    if any(header in request.headers for header in _OF_PROXIES):
        return False
    try:
        name = urlsplit(f"//{request.host}").hostname
    except ValueError:
        return False
    return _is_loopback(request.remote_ip or "") and _is_loopback(name or "")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
