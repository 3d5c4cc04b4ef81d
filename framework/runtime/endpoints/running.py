"""Running endpoints: in front of FastAPI's routing where that is the same, else as a route."""

from __future__ import annotations

from typing import Any, Final

from starlette.datastructures import URLPath
from starlette.requests import Request as StarletteRequest
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, NoMatchFound, request_response
from starlette.types import ASGIApp, Receive, Scope, Send

from framework.runtime.endpoints.operations import Operation, Operations
from framework.runtime.endpoints.request import NotCovered, Request
from framework.runtime.endpoints.router import OperationRouter

_OPERATION: Final = "framework.operation"
"""Where in the scope a route finds what it has matched."""
_OUTCOME: Final = "framework.outcome"
"""Where in the scope stands what an endpoint raised that was run already; None if a middleware ran none."""


class EndpointMiddleware:
    """Stands innermost of all middlewares, and answers what an endpoint can answer.

    Everything else goes on to FastAPI: what is no generated operation, what an endpoint does not cover, and
    an error of the controller, which the handlers of errors answer.
    """

    def __init__(
        self, app: ASGIApp, routes: list[BaseRoute], router: OperationRouter, max_body: int | None = None
    ) -> None:
        """`max_body` limits the bytes of a body where no middleware around this one does."""
        self._app = app
        self._max_body = max_body
        self._operations = Operations(
            routes, router, lambda: (route for route in routes if not isinstance(route, OperationRoute))
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        if scope["type"] != "http" or _OUTCOME in scope:
            await self._app(scope, receive, send)
            return
        # FastAPI names the spans of requests by the routes that its router finds.
        is_traced = scope.get("fastapi.telemetry") is not None
        found = None if is_traced or scope["app"].dependency_overrides else self._operations.find(scope)
        if found is None:
            scope[_OUTCOME] = None
            await self._app(scope, receive, send)
            return
        operation, parameters = found
        outer = scope.get("path_params")
        scope["path_params"] = {**outer, **parameters} if outer else parameters
        scope["route"] = route = operation.route
        scope["endpoint"] = route.endpoint
        request = Request(scope, receive, self._max_body)
        try:
            reply = await operation.endpoint(request)
        except Exception as error:
            scope[_OUTCOME] = error
            await self._app(scope, request.replay, send)
        else:
            await reply.send(send)


class OperationRoute(BaseRoute):
    """Stands before the generated routes, and answers for them as far as they have endpoints.

    What it does not know, other methods and paths among it, is left to the routes behind it. Those are
    FastAPI's, are what OpenAPI shows, and answer every request that an endpoint does not cover.
    """

    def __init__(self, routes: list[BaseRoute], router: OperationRouter) -> None:
        """`routes` are those of the application, of which this one is to be a part."""
        self._operations = Operations(routes, router, lambda: routes[routes.index(self) + 1 :])
        self.path_format: str | None = None
        """That of the route found last: FastAPI asks for it at once, to name the span of the request."""

    @property
    def path(self) -> str | None:
        """The same, for what looks for a request's route by asking all of them."""
        return self.path_format

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether an operation has this path and this method."""
        found = self._operations.find(scope) if scope["type"] == "http" else None
        if found is None:
            return Match.NONE, {}
        operation, parameters = found
        self.path_format = operation.route.path_format
        return Match.FULL, {
            "endpoint": operation.route.endpoint,
            "path_params": {**scope.get("path_params", {}), **parameters},
            "route": operation.route,
            _OPERATION: operation,
        }

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the endpoint unless that was done; what it raised decides who answers."""
        operation: Operation = scope[_OPERATION]
        outcome: Exception | None = scope.pop(_OUTCOME, None)
        if outcome is None and not scope["app"].dependency_overrides:
            request = Request(scope, receive)
            receive = request.replay
            try:
                reply = await operation.endpoint(request)
            except Exception as error:
                outcome = error
            else:
                await reply.send(send)
                return
        if outcome is None or isinstance(outcome, NotCovered):
            await operation.route.handle(scope, receive, send)
        else:
            await _failing(outcome)(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """None: the routes behind it know their addresses."""
        raise NoMatchFound(name, path_params)


def _failing(error: Exception) -> ASGIApp:
    """An application that fails so: the handlers of errors are given a request whose body they can read."""

    async def fail(_: StarletteRequest) -> Response:
        raise error

    return request_response(fail)
