"""HTTP requests, measured by route and status."""

from __future__ import annotations

import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from framework.runtime.operations.paths import is_for_operators
from framework.runtime.telemetry.metrics.counting import Counting

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER: Final = "_OTHER"
"""What the semantic conventions of OpenTelemetry call a method that nobody knows."""
_UNMATCHED: Final = "unmatched"


class MeasuredRequests:
    """Middleware. Labels are route templates and never paths, so that their number is that of the routes."""

    def __init__(self, app: ASGIApp, counting: Counting) -> None:
        self._app = app
        self._counting = counting

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
            self._counting.answered(method, route, status, time.perf_counter() - begin)
