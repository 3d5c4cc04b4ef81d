"""The traces of one service."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.routing import BaseRoute

from framework.runtime.operations.paths import is_for_operators
from framework.runtime.telemetry.spans import install
from framework.runtime.telemetry.tracing.otel_spans import HandlingSpans, OtelSpans
from framework.runtime.telemetry.tracing.provider import tracer_provider

if TYPE_CHECKING:
    from framework.runtime.operations.running import RunningService
    from framework.runtime.outbox.drain import BatchPublisher

REQUESTS: Final[TelemetryConfig] = {
    "operation_spans": False,
    "metrics": False,
    "exclude": lambda scope: is_for_operators(scope["path"]),
}
"""FastAPI makes the spans of requests: one for each, and none of what operators ask."""
_FAREWELL: Final = 3.0
"""Seconds that a collector gets, when the service stops, to take what has not been sent."""


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
        from framework.runtime.telemetry.tracing.publishing import TracedPublisher

        return TracedPublisher(inner, self._tracer, self._system)

    def routes(self, service: RunningService) -> Iterator[BaseRoute]:
        """None: spans are sent."""
        yield from ()

    async def close(self) -> None:
        """Send what has not been sent, as far as the collector takes it in time."""
        done = asyncio.Event()
        loop = asyncio.get_running_loop()

        def flush() -> None:
            self._provider.force_flush(int(_FAREWELL * 1000))
            with suppress(RuntimeError):  # the loop has not waited
                loop.call_soon_threadsafe(done.set)

        # Not one of the event loop's own threads: the end of the process would wait for it.
        Thread(target=flush, daemon=True).start()
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), _FAREWELL)
