"""The traces of one service."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI
from starlette.routing import BaseRoute

from framework.runtime.spans import install
from framework.runtime.tracing.otel_spans import HandlingSpans, OtelSpans
from framework.runtime.tracing.provider import tracer_provider

if TYPE_CHECKING:
    from framework.runtime.drain import BatchPublisher
    from framework.runtime.operations_port import RunningService

_FLUSH_MS: Final = 3_000


class Traces:
    """Implements `telemetry.Instrument`."""

    def __init__(self, service: str, exporter: str, system: str) -> None:
        self._provider = tracer_provider(service, exporter)
        self._tracer = self._provider.get_tracer("framework.runtime")
        self._system = system
        self.observer = HandlingSpans(self._tracer, system)
        install(OtelSpans(self._tracer, system))

    def watch(self, app: FastAPI) -> None:
        """Requests have spans of FastAPI's own making, as soon as there is a provider."""

    def publisher(self, inner: BatchPublisher) -> BatchPublisher:
        """Show in each trace when its events left the outbox."""
        from framework.runtime.tracing.publishing import TracedPublisher

        return TracedPublisher(inner, self._tracer, self._system)

    def routes(self, service: RunningService) -> Iterator[BaseRoute]:
        """None: spans are sent."""
        yield from ()

    async def close(self) -> None:
        """Send what has not been sent, as far as the collector takes it in time."""
        await asyncio.to_thread(self._provider.force_flush, _FLUSH_MS)
