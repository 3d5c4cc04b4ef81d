"""Events taken from the outbox to the broker, counted and timed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram

_SECONDS_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_DELAY_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600)
_BATCH_BUCKETS: Final = (1, 2, 5, 10, 25, 50, 100, 250, 500)


class OutboxMetrics:
    """How many events the relays of this process published, how fast, and how late."""

    def __init__(self, service: str, registry: CollectorRegistry) -> None:
        self._service = service
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
            buckets=_SECONDS_BUCKETS,
            registry=registry,
        ).labels(service)
        self._batch = Histogram(
            "outbox_batch_events",
            "Events in one batch of the outbox.",
            ["service"],
            buckets=_BATCH_BUCKETS,
            registry=registry,
        ).labels(service)

    def published(self, delays: Sequence[tuple[str, float]], refused: Sequence[str], seconds: float) -> None:
        """Count a batch of the outbox: the event and the delay of each that was taken, the events refused."""
        self._publishing.observe(seconds)
        self._batch.observe(len(delays) + len(refused))
        for event, delay in delays:
            self._published.labels(self._service, event).inc()
            self._delay.observe(max(0, delay))
        for event in refused:
            self._refused.labels(self._service, event).inc()
