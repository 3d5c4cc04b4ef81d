"""`GET /metrics`."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import REGISTRY, CollectorRegistry, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from framework.runtime.operations.paths import METRICS
from framework.runtime.telemetry.metrics.gauges import Gauges


class _Everything(Collector):
    """Ours, and what stands in the registry of prometheus_client: the process, and what a service adds."""

    def __init__(self, ours: CollectorRegistry) -> None:
        self._ours = ours

    def collect(self) -> Iterator[Metric]:
        yield from self._ours.collect()
        yield from REGISTRY.collect()


def metrics_route(ours: CollectorRegistry, gauges: Gauges) -> Route:
    """The route that Prometheus scrapes, in the text format or in OpenMetrics, as it asks for."""
    everything = _Everything(ours)

    async def metrics(request: Request) -> Response:
        await gauges.refresh()
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(everything), media_type=content_type)

    return Route(METRICS, metrics, include_in_schema=False)
