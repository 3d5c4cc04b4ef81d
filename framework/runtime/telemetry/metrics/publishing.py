"""The publisher of a relay, measured."""

from __future__ import annotations

import time
from collections.abc import Sequence

from framework.runtime.envelope import CloudEvent, now
from framework.runtime.outbox.drain import BatchPublisher
from framework.runtime.telemetry.metrics.outbox import OutboxMetrics


class MeasuredPublisher:
    """Implements `drain.BatchPublisher` over another one."""

    def __init__(self, inner: BatchPublisher, metrics: OutboxMetrics) -> None:
        self._inner = inner
        self._metrics = metrics

    async def publish_many(self, events: Sequence[CloudEvent]) -> list[Exception | None]:
        """Publish, and count what the broker took."""
        begin = time.perf_counter()
        answers = await self._inner.publish_many(events)
        seconds, end = time.perf_counter() - begin, now()
        taken: list[tuple[str, float]] = []
        refused: list[str] = []
        for event, answer in zip(events, answers, strict=True):
            if answer is None:
                taken.append((event.type, (end - event.time).total_seconds()))
            else:
                refused.append(event.type)
        self._metrics.published(taken, refused, seconds)
        return answers
