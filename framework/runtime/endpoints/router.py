"""Generated routes together with their endpoints."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter
from starlette.routing import BaseRoute, Route

from framework.runtime.endpoints.request import Request
from framework.runtime.endpoints.response import Response

Endpoint = Callable[[Request], Awaitable[Response]]
"""Answers a valid request; raises `NotCovered` for any other."""

Endpoints = Mapping[str, Endpoint]
"""The endpoints of a domain, by the names of its operations."""


class OperationRouter(APIRouter):
    """The routes of a service, which are FastAPI's and work wherever they are included.

    Their endpoints only lie beside them: `routing.install` alone puts them to use.
    """

    def __init__(self) -> None:
        super().__init__()
        self.endpoints: dict[int, Endpoint] = {}
        """By the identity of their routes, which have no hash."""

    def add(self, router: APIRouter, endpoints: Endpoints) -> None:
        """Add the routes of a domain."""
        self.routes.extend(router.routes)
        self.endpoints |= {
            id(route): endpoints[route.name]
            for route in router.routes
            if isinstance(route, Route) and route.name in endpoints
        }

    def endpoint(self, route: BaseRoute) -> Endpoint | None:
        """The endpoint of a route, if it has one."""
        return self.endpoints.get(id(route))
