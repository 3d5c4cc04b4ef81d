"""A line in the log for every request."""

from __future__ import annotations

import logging
import time
from typing import Final
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from framework.runtime.operations.paths import is_for_operators

logger = logging.getLogger("framework.access")

_LINE: Final = "%s %s %d in %.1f ms, %d bytes"


class AccessLog:
    """Middleware. Tells of each request when its answer is out, but not of what operators ask.

    As JSON the line has fields of their own: method, path, route, status, duration_ms and bytes. The query is
    never told: it may hold what belongs to a person.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and tell."""
        if (
            scope["type"] != "http"
            or is_for_operators(scope["path"])
            or not logger.isEnabledFor(logging.INFO)
        ):
            await self._app(scope, receive, send)
            return
        status = 500  # what an error that nobody caught is answered with, further out
        size = 0

        async def note(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        begin = time.perf_counter()
        try:
            await self._app(scope, receive, note)
        finally:
            _tell(scope, status, (time.perf_counter() - begin) * 1000, size)


def _tell(scope: Scope, status: int, duration: float, size: int) -> None:
    # As it was sent, so that no path can end the line.
    path = (scope.get("raw_path") or quote(scope["path"]).encode()).decode("latin-1")
    method = scope["method"]
    fields = {
        "method": method,
        "path": path,
        "route": getattr(scope.get("route"), "path", None),
        "status": status,
        "duration_ms": round(duration, 3),
        "bytes": size,
    }
    logger.info(_LINE, method, path, status, duration, size, extra=fields)
