"""Finding the operation that a request is for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeGuard

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Route
from starlette.types import Scope

from framework.runtime.endpoints.path_table import PathTable, is_plain
from framework.runtime.endpoints.router import Endpoint, OperationRouter


class Operation(NamedTuple):
    """A generated route and its endpoint."""

    route: Route
    endpoint: Endpoint


Found = tuple[Operation, dict[str, str]]
"""An operation, and the parameters in the path."""


class Operations:
    """The operations among the routes of an application, found by table.

    The table holds the routes that `ahead` yields up to the first that cannot be read, so what it finds is
    what Starlette would. It is made when the first request comes, and anew when there are more routes or
    fewer.
    """

    def __init__(
        self, routes: list[BaseRoute], router: OperationRouter, ahead: Callable[[], Iterable[BaseRoute]]
    ) -> None:
        """`routes` are those of the application."""
        self._routes = routes
        self._router = router
        self._ahead = ahead
        self._known = -1
        self._table: PathTable[Operation | None] = PathTable(())

    def find(self, scope: Scope) -> Found | None:
        """What a request is for; None if that is no generated operation, or not surely one."""
        if len(self._routes) != self._known:
            self._read()
        path: str = scope["path"]
        root: str = scope.get("root_path", "")
        if root and path.startswith(root) and path[len(root) :][:1] in {"", "/"}:
            path = path[len(root) :]
        found = self._table.find(scope["method"], path)
        return None if found is None or found[0] is None else found  # type: ignore[return-value]

    def _read(self) -> None:
        self._known = len(self._routes)
        readable: list[tuple[str, Iterable[str], Operation | None]] = []
        for route in self._ahead():
            if not is_readable(route):
                break
            endpoint = self._router.endpoint(route)
            operation = Operation(route, endpoint) if endpoint else None
            readable.append((route.path, route.methods or (), operation))
        self._table = PathTable(readable)


def is_readable(route: BaseRoute) -> TypeGuard[Route]:
    """Whether a table can know what the route matches: it is an ordinary one with a plain path."""
    return (
        isinstance(route, Route)
        and type(route) in {Route, APIRoute}
        and route.methods is not None
        and is_plain(route.path)
    )
