"""An application whose endpoints stand in front of everything, as long as nobody could tell."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.middleware import Middleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from framework.runtime.endpoints.running import EndpointMiddleware
from framework.runtime.middleware.body_limit import MAX_BODY_SIZE, BodyLimit


class Application(FastAPI):
    """FastAPI.

    Where a service has no middleware but the limit of bodies, a request that an endpoint answers meets none:
    those that FastAPI puts around the others do nothing as long as nothing fails. What fails meets them all.
    """

    def __init__(self, *, telemetry: TelemetryConfig | None = None, **options: Any) -> None:
        super().__init__(telemetry=telemetry, **options)
        kinds = ("tracing", "metrics", "logs")
        self._is_watched = telemetry is None or any(telemetry.get(kind, True) for kind in kinds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; for a request that nobody watches FastAPI itself would only name the application."""
        first = self.middleware_stack
        if type(first) is not _StraightWay or self._is_watched or self.root_path or scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        scope["app"] = self
        await first(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        """Put together what a request goes through."""
        stack = super().build_middleware_stack()
        kinds: list[Any] = [each.cls for each in self.user_middleware]
        if kinds != [BodyLimit, EndpointMiddleware] or not isinstance(stack, ServerErrorMiddleware):
            return stack
        return _StraightWay(stack, *self.user_middleware)


class _StraightWay(EndpointMiddleware, ServerErrorMiddleware):
    """Endpoints, and to whoever looks into an application still what stands outermost in it."""

    def __init__(self, stack: ServerErrorMiddleware, limit: Middleware, endpoints: Middleware) -> None:
        ServerErrorMiddleware.__init__(self, stack.app, stack.handler, stack.debug)
        largest: Any = limit.kwargs.get("limit", MAX_BODY_SIZE)
        given: Any = endpoints.kwargs
        EndpointMiddleware.__init__(self, stack, **given, max_body=largest)
