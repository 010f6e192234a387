"""What this process tells Prometheus; needs prometheus-client, so it is imported late."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ..runtime import Runtime
from .auth.refused import Reason, refused_logins
from .health import READING_ONLY, Report

_PREFIX = "dam_inventory_"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Measures:
    """The metrics of this process, in a registry of their own.

    Histograms are observed as things happen, from any thread; all else is read when it is asked.
    """

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self._state = _State()
        self._registry.register(self._state)
        ProcessCollector(registry=self._registry)
        self._lag = Histogram(
            f"{_PREFIX}event_loop_lag_seconds",
            "How much later than planned the event loop ran a callback, measured twice a second.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._statements = Histogram(
            f"{_PREFIX}database_statement_seconds",
            "Time until the database answered a statement, without reading its rows.",
            ["statement"],
            buckets=_SECONDS,
            registry=self._registry,
        )

    def observe_lag(self, seconds: float) -> None:
        """Count a delay of the event loop."""
        self._lag.observe(seconds)

    def observe_statement(self, kind: str, seconds: float) -> None:
        """Count a statement; see `database.statements.Observe`."""
        self._statements.labels(kind).observe(seconds)

    def text(self, report: Report, runtime: Runtime | None) -> bytes:
        """Return all metrics in Prometheus's text format; call it from one thread.

        report: of this moment. runtime: None if it is not open yet.
        """
        self._state.report, self._state.runtime = report, runtime
        return generate_latest(self._registry)


class _State(Collector):
    """Reads the state of the process when it is asked; does not wait for the database."""

    report: Report
    runtime: Runtime | None = None

    def collect(self) -> Iterator[Metric]:
        report = self.report
        yield _gauge("database_up", "1 if the database has just answered, else 0.", report.database)
        yield _gauge(
            "saving_fails",
            "1 if the latest change could not be saved because of the database, else 0.",
            report.problem == READING_ONLY,
        )
        yield _gauge(
            "relay_connected",
            "1 if changes of other processes arrive at once, 0 if only with the heartbeat.",
            report.relay,
        )
        yield _refused()
        if self.runtime is not None:
            yield from _of_feed(report, self.runtime)


def _of_feed(report: Report, runtime: Runtime) -> Iterator[Metric]:
    feed, pubsub = runtime.feed, runtime.feed.pubsub
    revision = feed.snapshot.revision
    yield _gauge("sessions", "Sessions of pages that are open, or may reconnect.", pubsub.sessions)
    yield _gauge("dams", "Dams in the newest snapshot of this process.", len(feed.snapshot))
    yield _gauge("revision", "Number of the last change that this process published.", revision)
    if report.newest is not None:
        yield _gauge(
            "unpublished_changes",
            "Changes in the database's log that this process has not published yet.",
            max(0, report.newest - revision),
        )
    yield CounterMetricFamily(
        f"{_PREFIX}news_told",
        "Changes told to sessions: each change counts once for each session.",
        value=pubsub.told,
    )


def _refused() -> Metric:
    family = CounterMetricFamily(
        f"{_PREFIX}refused_logins", "Logins of auth.py that were refused.", labels=["reason"]
    )
    for reason in Reason:
        family.add_metric([reason], refused_logins[reason])
    return family


def _gauge(name: str, documentation: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{_PREFIX}{name}", documentation, value=value)
