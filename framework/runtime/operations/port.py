"""What a service answers besides its own API: health, metrics, administration; on its own port or on another.

A route that every service is to have is added here, in `operations_routes`, and nowhere else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from pydantic import Field, SecretStr
from starlette.routing import BaseRoute, Mount

from framework.runtime import routing
from framework.runtime.admin.guard import Guard
from framework.runtime.operations.health import create_health_router
from framework.runtime.operations.paths import ADMIN
from framework.runtime.operations.running import RunningService
from framework.runtime.settings import Settings
from framework.runtime.telemetry.watching import Telemetry


class OperationsSettings(Settings):
    """Read from `OPERATIONS_PORT`, `OPERATIONS_HOST`, `ADMIN_TOKEN` and `READY_OUTBOX_AGE`."""

    operations_port: int | None = Field(
        None,
        ge=1,
        le=65_535,
        description="Write the port for health, metrics and administration; the service's own if left out.",
    )
    operations_host: str = Field(
        "127.0.0.1",
        description="Write the addresses that this port listens on, or their names: 0.0.0.0 for all of them.",
    )
    admin_token: SecretStr | None = Field(
        None, description="Write a long random text; without one there is no administration over HTTP."
    )
    ready_outbox_age: float = Field(
        60,
        gt=0,
        description="Write for how many seconds an event may wait in the outbox of a service that is ready.",
    )


def operations_routes(
    service: RunningService, settings: OperationsSettings, telemetry: Telemetry
) -> Iterator[BaseRoute]:
    """All of them. None stands in an OpenAPI document."""
    yield from create_health_router(service.checks, service.is_started, service.ended).routes
    yield from telemetry.routes(service)
    if settings.admin_token is not None:
        yield Mount(ADMIN, _admin(service, settings.admin_token))


def _admin(service: RunningService, token: SecretStr) -> Guard:
    from framework.runtime.admin import routers

    return Guard(
        _application(route for router in routers.admin_routers(service) for route in router.routes),
        token.get_secret_value(),
    )


def _application(routes: Iterator[BaseRoute]) -> FastAPI:
    app = FastAPI(openapi_url=None, telemetry={"tracing": False})
    routing.install_problem_handlers(app)
    app.router.routes.extend(routes)
    return app


class OperationsPort:
    """Where the routes of one service are served."""

    def __init__(
        self,
        service: RunningService,
        settings: OperationsSettings,
        telemetry: Telemetry,
        default_port: int | None = None,
    ) -> None:
        """`default_port` is that of a service that has no other HTTP server; None if it has one."""
        self._hosts = settings.operations_host
        self._port = default_port if settings.operations_port is None else settings.operations_port
        self._routes = list(operations_routes(service, settings, telemetry))

    def install(self, app: FastAPI) -> None:
        """Add the routes to the service's own application, unless they have a port of their own."""
        if self._port is None:
            app.router.routes.extend(self._routes)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Serve the routes for the block, if they have a port of their own."""
        if self._port is None:
            yield
            return
        from framework.runtime.operations.listener import listening

        async with listening(_application(iter(self._routes)), self._hosts, self._port):
            yield
