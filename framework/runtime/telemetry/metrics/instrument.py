"""The metrics of one service: what counts, what is looked up, and where both are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from starlette.routing import BaseRoute

from framework.runtime.telemetry.metrics.counting import Counting
from framework.runtime.telemetry.metrics.endpoint import metrics_route
from framework.runtime.telemetry.metrics.gauges import Gauges
from framework.runtime.telemetry.metrics.requests import MeasuredRequests

if TYPE_CHECKING:
    from framework.runtime.operations.running import RunningService
    from framework.runtime.outbox.drain import BatchPublisher


class Metrics:
    """Implements `telemetry.Instrument`."""

    def __init__(self, service: str) -> None:
        self._registry = CollectorRegistry()
        self.observer = Counting(service, self._registry)

    def watch(self, app: FastAPI) -> None:
        """Measure requests."""
        app.add_middleware(MeasuredRequests, counting=self.observer)

    def publisher(self, inner: BatchPublisher) -> BatchPublisher:
        """Measure what a relay publishes."""
        from framework.runtime.telemetry.metrics.publishing import MeasuredPublisher

        return MeasuredPublisher(inner, self.observer)

    def routes(self, service: RunningService) -> Iterator[BaseRoute]:
        """`/metrics`."""
        gauges = Gauges(service)
        self._registry.register(gauges)
        yield metrics_route(self._registry, gauges)

    async def close(self) -> None:
        """Nothing is left over: Prometheus comes by itself."""
