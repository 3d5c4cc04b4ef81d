"""Putting endpoints to use, unless a setting or an untested FastAPI speaks against it."""

from __future__ import annotations

import logging
from typing import Final

import fastapi
from fastapi import FastAPI
from pydantic import Field
from starlette.middleware import Middleware

from framework.runtime.endpoints.operations import is_readable
from framework.runtime.endpoints.router import OperationRouter
from framework.runtime.endpoints.running import EndpointMiddleware, OperationRoute
from framework.runtime.settings import Settings

logger = logging.getLogger(__name__)

TESTED: Final = ((0, 165), (0, 166))
"""The FastAPI that endpoints were held against: from the first version on, up to before the second."""


class EndpointSettings(Settings):
    """Read from `FAST_ENDPOINTS`."""

    fast_endpoints: bool = Field(
        True, description="Write off to have FastAPI itself handle every request, else on."
    )


def are_trusted(version: str) -> bool:
    """Whether endpoints answer as a version of FastAPI does, as far as tests have shown."""
    numbers = tuple(int(part) for part in version.split(".")[:2])
    return TESTED[0] <= numbers < TESTED[1]


def install(app: FastAPI, router: OperationRouter) -> None:
    """Have the endpoints of routes that `app` has already answer in front of them."""
    if not are_trusted(fastapi.__version__):
        logger.warning(
            "endpoints were not tested with FastAPI %s: it handles every request itself", fastapi.__version__
        )
        return
    routes = app.router.routes
    first = next((index for index, route in enumerate(routes) if router.endpoint(route)), None)
    if first is None:
        return
    while first > 0 and is_readable(routes[first - 1]):
        first -= 1
    routes.insert(first, OperationRoute(routes, router))
    app.user_middleware.append(Middleware(EndpointMiddleware, routes=routes, router=router))
