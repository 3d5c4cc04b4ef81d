"""The publisher of a relay, with a span for every event that the broker took."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from opentelemetry.trace import SpanKind, StatusCode, Tracer

from framework.runtime.envelope import CloudEvent
from framework.runtime.telemetry.tracing.contexts import is_sampled, parent
from framework.runtime.telemetry.tracing.otel_spans import messaging

if TYPE_CHECKING:
    from framework.runtime.outbox.drain import BatchPublisher


class TracedPublisher:
    """Implements `drain.BatchPublisher` over another one.

    A relay belongs to no trace: each of its events has one, in which it shows how long the outbox and the
    broker took. The event goes on as it is, so that it is handled on behalf of who wrote it.
    """

    def __init__(self, inner: BatchPublisher, tracer: Tracer, system: str) -> None:
        self._inner = inner
        self._tracer = tracer
        self._system = system

    async def publish_many(self, events: Sequence[CloudEvent]) -> list[Exception | None]:
        """Publish; an outage makes no spans, as it is the same events that are published after it."""
        begin = time.time_ns()
        answers = await self._inner.publish_many(events)
        end = time.time_ns()
        for event, refusal in zip(events, answers, strict=True):
            self._tell(event, refusal, begin, end, len(events))
        return answers

    def _tell(self, event: CloudEvent, refusal: Exception | None, begin: int, end: int, batch: int) -> None:
        context = parent(event.traceparent)
        if context is None or not is_sampled(context):
            return
        span = self._tracer.start_span(
            f"send {event.type}",
            context=context,
            kind=SpanKind.CLIENT,
            start_time=begin,
            attributes={
                **messaging(self._system, "send", event.type),
                "messaging.message.id": event.id,
                "messaging.batch.message_count": batch,
            },
        )
        if refusal is not None:
            span.set_attribute("error.type", type(refusal).__name__)
            span.set_status(StatusCode.ERROR)
        span.end(end)
