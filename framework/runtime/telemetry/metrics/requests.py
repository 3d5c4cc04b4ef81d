"""HTTP requests, measured by route and status."""

from __future__ import annotations

import time
from typing import Final

from prometheus_client import CollectorRegistry, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from framework.runtime.operations.paths import is_for_operators

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER: Final = "_OTHER"
"""What the semantic conventions of OpenTelemetry call a method that nobody knows."""
_UNMATCHED: Final = "unmatched"
_REQUEST_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)


class RequestMetrics:
    """How many requests a service answered, how fast, and with which status."""

    def __init__(self, service: str, registry: CollectorRegistry) -> None:
        self._service = service
        self._requests = Histogram(
            "http_server_request_duration_seconds",
            "Time from a request to the end of its answer.",
            ["service", "method", "route", "status"],
            buckets=_REQUEST_BUCKETS,
            registry=registry,
        )

        # Looking a child up by its labels costs more than counting.
        self._children: dict[tuple[str, str, int], Histogram] = {}

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        child = self._children.get((method, route, status))
        if child is None:
            child = self._requests.labels(self._service, method, route, str(status))
            self._children[method, route, status] = child
        child.observe(seconds)


class MeasuredRequests:
    """Middleware. Labels are route templates and never paths, so that their number is that of the routes."""

    def __init__(self, app: ASGIApp, metrics: RequestMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and measure."""
        if scope["type"] != "http" or is_for_operators(scope["path"]):
            await self._app(scope, receive, send)
            return
        status = 500  # what an error that nobody caught is answered with, further out

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        begin = time.perf_counter()
        try:
            await self._app(scope, receive, note_status)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else _OTHER
            route = getattr(scope.get("route"), "path", _UNMATCHED)
            self._metrics.answered(method, route, status, time.perf_counter() - begin)
