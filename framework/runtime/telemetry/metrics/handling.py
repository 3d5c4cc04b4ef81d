"""Events handled, measured as they are."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram

from framework.runtime.telemetry.observer import Attempt, AttemptOutcome, Observer

_HANDLING_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

MOST_ERRORS: Final = 50
"""How many types of errors a service is told apart; the others are counted as `other`."""


class HandlingMetrics(Observer):
    """How often, how long and with what outcome a service handled events."""

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
