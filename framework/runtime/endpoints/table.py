"""The route that stands in front of all generated ones: it finds the operation, and runs its endpoint."""

from __future__ import annotations

from itertools import takewhile
from typing import Any, Final, NamedTuple

from fastapi.routing import APIRoute
from starlette.datastructures import URLPath
from starlette.requests import Request as StarletteRequest
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, NoMatchFound, Route, request_response
from starlette.types import Receive, Scope, Send

from framework.runtime.endpoints.path_table import PathTable, is_plain
from framework.runtime.endpoints.request import NotCovered, Request
from framework.runtime.endpoints.router import Endpoint, OperationRouter

_FOUND: Final = "framework.operation"
"""Where in the scope stands what was found."""
_NOTHING: Final[tuple[None, dict[str, str]]] = (None, {})


class _Operation(NamedTuple):
    """A generated route and its endpoint."""

    route: Route
    endpoint: Endpoint


class OperationTable(BaseRoute):
    """Answers for the generated routes behind it, as far as they have endpoints.

    Whatever it does not know, other methods and paths among it, is left to the routes behind it. Those are
    FastAPI's, are what OpenAPI shows, and answer every request that an endpoint does not cover.
    """

    def __init__(self, routes: list[BaseRoute], router: OperationRouter) -> None:
        """`routes` are those of the application, of which this one is to be a part."""
        self._routes = routes
        self._router = router
        self._known = -1
        self._table: PathTable[_Operation | None] = PathTable(())
        self.path_format: str | None = None
        """That of the route found last: FastAPI asks for it at once, to name the span of the request."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether an operation has this path and this method."""
        if scope["type"] != "http":
            return Match.NONE, {}
        if len(self._routes) != self._known:
            self._build()
        operation, parameters = self._table.find(scope["method"], _path(scope)) or _NOTHING
        if operation is None:
            return Match.NONE, {}
        route = operation.route
        self.path_format = route.path_format
        outer = scope.get("path_params")
        return Match.FULL, {
            "endpoint": route.endpoint,
            "path_params": {**outer, **parameters} if outer else parameters,
            "route": route,
            _FOUND: operation,
        }

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the endpoint, or else the route."""
        operation: _Operation = scope[_FOUND]
        if scope["app"].dependency_overrides:
            await operation.route.handle(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            reply = await operation.endpoint(request)
        except NotCovered:
            await operation.route.handle(scope, request.replay, send)
        except Exception as error:
            await _failing(error)(scope, request.replay, send)
        else:
            await reply.send(send)

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """None: the routes behind it know their addresses."""
        raise NoMatchFound(name, path_params)

    def _build(self) -> None:
        """Learn the routes behind this one, up to the first that is not of the plain kind."""
        self._known = len(self._routes)
        behind = takewhile(is_readable, self._routes[self._routes.index(self) + 1 :])
        self._table = PathTable(
            (route.path, route.methods or (), self._operation(route))
            for route in behind
            if isinstance(route, Route)
        )

    def _operation(self, route: Route) -> _Operation | None:
        endpoint = self._router.endpoint(route)
        return _Operation(route, endpoint) if endpoint else None


def is_readable(route: BaseRoute) -> bool:
    """Whether a table can know what the route matches: it is an ordinary one with a plain path."""
    return (
        isinstance(route, Route)
        and type(route) in {Route, APIRoute}
        and route.methods is not None
        and is_plain(route.path)
    )


def _path(scope: Scope) -> str:
    """The path within the application, as Starlette sees it."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    if root and path.startswith(root) and path[len(root) :][:1] in {"", "/"}:
        return path[len(root) :]
    return path


def _failing(error: Exception) -> Any:
    """An application that fails so: the handlers of errors are given a request whose body they can read."""

    async def fail(_: StarletteRequest) -> Response:
        raise error

    return request_response(fail)
