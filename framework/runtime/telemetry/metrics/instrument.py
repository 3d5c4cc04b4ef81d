"""The metrics of one service: what counts, what is looked up, and where both are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from starlette.routing import BaseRoute

from framework.runtime.telemetry.metrics.endpoint import metrics_route
from framework.runtime.telemetry.metrics.gauges import Gauges
from framework.runtime.telemetry.metrics.handling import HandlingMetrics
from framework.runtime.telemetry.metrics.outbox import OutboxMetrics
from framework.runtime.telemetry.metrics.requests import MeasuredRequests, RequestMetrics

if TYPE_CHECKING:
    from framework.runtime.operations.running import RunningService
    from framework.runtime.outbox.drain import BatchPublisher


class Metrics:
    """Implements `telemetry.Instrument`."""

    def __init__(self, service: str) -> None:
        self._registry = CollectorRegistry()
        self.observer = HandlingMetrics(service, self._registry)
        self._outbox = OutboxMetrics(service, self._registry)
        self._requests = RequestMetrics(service, self._registry)

    def watch(self, app: FastAPI) -> None:
        """Measure requests."""
        app.add_middleware(MeasuredRequests, metrics=self._requests)

    def publisher(self, inner: BatchPublisher) -> BatchPublisher:
        """Measure what a relay publishes."""
        from framework.runtime.telemetry.metrics.publishing import MeasuredPublisher

        return MeasuredPublisher(inner, self._outbox)

    def routes(self, service: RunningService) -> Iterator[BaseRoute]:
        """`/metrics`."""
        gauges = Gauges(service)
        self._registry.register(gauges)
        yield metrics_route(self._registry, gauges)

    async def close(self) -> None:
        """Nothing is left over: Prometheus comes by itself."""
