"""An application whose endpoints stand in front of everything, as long as nobody could tell."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.types import ASGIApp

from framework.runtime.endpoints.running import EndpointMiddleware
from framework.runtime.middleware.body_limit import MAX_BODY_SIZE, BodyLimit


class Application(FastAPI):
    """FastAPI.

    Where a service has no middleware but the limit of bodies, a request that an endpoint answers meets none:
    those that FastAPI puts around the others do nothing as long as nothing fails. What fails meets them all.
    """

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
