"""What is counted while it happens: events handled, events published, requests answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram

from framework.runtime.telemetry.observer import Attempt, AttemptOutcome, Observer

_HANDLING_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_REQUEST_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
_DELAY_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600)
_BATCH_BUCKETS: Final = (1, 2, 5, 10, 25, 50, 100, 250, 500)

MOST_ERRORS: Final = 50
"""How many types of errors a service is told apart; the others are counted as `other`."""


class Counting(Observer):
    """The counters and histograms of one service."""

    def __init__(self, service: str, registry: CollectorRegistry) -> None:
        self._service = service
        self._errors: set[str] = set()
        self._handling = Histogram(
            "events_handling_seconds",
            "Time of one try to handle an event, by what came of it: handled, suppressed (the inbox had it), "
            "retried, dead (kept among the dead letters) or outage.",
            ["service", "event", "operation", "outcome"],
            buckets=_HANDLING_BUCKETS,
            registry=registry,
        )
        self._suppressed = Counter(
            "events_suppressed",
            "Events that were delivered again after they had been handled: the inbox had them.",
            ["service", "event", "operation"],
            registry=registry,
        )
        self._redriven = Counter(
            "events_redriven",
            "Events that were handled once more on purpose, mostly from the dead letters.",
            ["service", "event", "operation"],
            registry=registry,
        )
        self._given_up = Counter(
            "events_given_up",
            "Events that were given up, and kept among the dead letters, by the type of the last error.",
            ["service", "event", "operation", "error"],
            registry=registry,
        )
        self._published = Counter(
            "outbox_published",
            "Events that this process took from the outbox to the broker.",
            ["service", "event"],
            registry=registry,
        )
        self._refused = Counter(
            "outbox_refused",
            "Times that the broker refused an event of the outbox.",
            ["service", "event"],
            registry=registry,
        )
        self._delay = Histogram(
            "outbox_delay_seconds",
            "Time from the writing of an event to its publication.",
            ["service"],
            buckets=_DELAY_BUCKETS,
            registry=registry,
        ).labels(service)
        self._publishing = Histogram(
            "outbox_batch_seconds",
            "Time that the broker took for one batch of the outbox.",
            ["service"],
            buckets=_HANDLING_BUCKETS,
            registry=registry,
        ).labels(service)
        self._batch = Histogram(
            "outbox_batch_events",
            "Events in one batch of the outbox.",
            ["service"],
            buckets=_BATCH_BUCKETS,
            registry=registry,
        ).labels(service)
        self._requests = Histogram(
            "http_server_request_duration_seconds",
            "Time from a request to the end of its answer.",
            ["service", "method", "route", "status"],
            buckets=_REQUEST_BUCKETS,
            registry=registry,
        )

    def attempted(self, attempt: Attempt) -> None:
        """Count one try to handle an event."""
        labels = (self._service, attempt.event, attempt.operation)
        self._handling.labels(*labels, attempt.outcome).observe(attempt.seconds)
        if attempt.outcome is AttemptOutcome.SUPPRESSED:
            self._suppressed.labels(*labels).inc()
        if attempt.is_redrive:
            self._redriven.labels(*labels).inc()
        if attempt.outcome is AttemptOutcome.DEAD:
            self._given_up.labels(*labels, self._error(attempt.error)).inc()

    def _error(self, error: Exception | None) -> str:
        name = type(error).__name__
        if len(self._errors) < MOST_ERRORS:
            self._errors.add(name)
        return name if name in self._errors else "other"

    def published(self, delays: Sequence[tuple[str, float]], refused: Sequence[str], seconds: float) -> None:
        """Count a batch of the outbox: the event and the delay of each that was taken, the events refused."""
        self._publishing.observe(seconds)
        self._batch.observe(len(delays) + len(refused))
        for event, delay in delays:
            self._published.labels(self._service, event).inc()
            self._delay.observe(max(0, delay))
        for event in refused:
            self._refused.labels(self._service, event).inc()

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(self._service, method, route, str(status)).observe(seconds)
