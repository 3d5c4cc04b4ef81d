"""What the generated `create_app()` calls: a service with its routes, handlers, relay and health checks."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NoReturn

from fastapi import APIRouter, FastAPI
from pydantic import Field
from pydantic_settings import BaseSettings

from framework.runtime import routing
from framework.runtime.calls.targets import targets
from framework.runtime.consumer_settings import ConsumerSettings
from framework.runtime.endpoints.application import Application
from framework.runtime.endpoints.installing import EndpointSettings
from framework.runtime.http_settings import HttpSettings
from framework.runtime.idempotency.settings import IdempotencySettings
from framework.runtime.logging import LogSettings, configure
from framework.runtime.middleware import stack
from framework.runtime.middleware.settings import MiddlewareSettings
from framework.runtime.openapi import describe_refusals
from framework.runtime.operations.port import OperationsPort, OperationsSettings
from framework.runtime.operations.running import RunningService
from framework.runtime.outage import Dependency
from framework.runtime.outbox.relay_settings import RelaySettings
from framework.runtime.schedules.ticks import keep_ticking
from framework.runtime.settings import BrokerSettings, DatabaseSettings, DatabaseUrl, load
from framework.runtime.tasks import end
from framework.runtime.telemetry.watching import TelemetrySettings, start_telemetry
from framework.runtime.transport import Consumer, Probe
from framework.runtime.trimming import keep_trimmed

if TYPE_CHECKING:  # a service without a database does not load SQLAlchemy
    from framework.runtime.broker import EventBroker
    from framework.runtime.database import Database
    from framework.runtime.outbox.relay import Relay

logger = logging.getLogger(__name__)

POLL_SECONDS: Final = 1.0
"""How often the relay of a service looks for what others have committed; its own commits wake it."""
_COLLECTIONS: Final = (20_000, 20, 20)
"""How many new objects, how many collections of the young, and of those in turn: rarer than ever, since a
request leaves few circles behind, and a collection stops all others."""
_RELAY_FAREWELL: Final = 5.0
"""Seconds that the relay gets, when the service stops, to publish what has been committed."""


def create_fastapi_app(
    *,
    service: str,
    description: str,
    broker: EventBroker,
    database: Database | None,
    api_router: APIRouter | None,
    register: Callable[[EventBroker], None] | None,
) -> FastAPI:
    """A service that answers HTTP; it also handles events if `register` declares handlers.

    Raises SystemExit, after saying on standard error what to set, if a setting is missing or malformed.
    """
    parts = ServiceParts(service, broker, database, register)
    app = Application(
        title=service,
        description=description,
        lifespan=parts.lifespan,
        telemetry=parts.telemetry.requests,
    )
    _install(app, parts)
    if api_router is not None:
        routing.install(app, api_router, fast_endpoints=load(EndpointSettings).fast_endpoints)
    describe_refusals(app)
    return app


def create_worker_app(
    *,
    service: str,
    broker: EventBroker,
    database: Database | None,
    register: Callable[[EventBroker], None] | None,
) -> FastAPI:
    """A service that handles events; over HTTP it answers health checks only.

    Raises SystemExit, after saying on standard error what to set, if a setting is missing or malformed.
    """
    parts = ServiceParts(service, broker, database, register)
    app = FastAPI(
        title=service,
        lifespan=parts.lifespan,
        openapi_url=None,
        telemetry=parts.telemetry.requests,
    )
    _install(app, parts)
    return app


def _install(app: FastAPI, parts: ServiceParts) -> None:
    routing.install_problem_handlers(app)
    parts.operations_port.install(app)
    stack.install(app, load(MiddlewareSettings), parts.telemetry)


class _BrokerAndDatabaseSettings(BrokerSettings):
    database_url: DatabaseUrl = Field(description=DatabaseSettings.model_fields["database_url"].description)


def _check(*settings: type[BaseSettings]) -> None:
    """Tell everything that is wrong before giving up."""
    is_wrong = False
    for each in settings:
        try:
            load(each)
        except SystemExit:
            is_wrong = True
    if is_wrong:
        raise SystemExit(1)


class ServiceParts:
    """What runs in a service beside its routes, from the start of its process to its end."""

    def __init__(
        self,
        service: str,
        broker: EventBroker,
        database: Database | None,
        register: Callable[[EventBroker], None] | None,
        relay_poll: float | None = None,
        port: int | None = None,
    ) -> None:
        """`relay_poll` is given by a process that is there to relay: how often, in seconds, it looks.

        Without it the relay runs if `OUTBOX_RELAY` says so. `port` is given by a process without an HTTP
        server of its own: where its operators reach it, if no setting says so. Raises SystemExit, after
        saying on standard error what to set, if a setting is missing or malformed.
        """
        broker_settings = BrokerSettings if database is None else _BrokerAndDatabaseSettings
        common = (LogSettings, ConsumerSettings, OperationsSettings, TelemetrySettings, RelaySettings)
        _check(*common, EndpointSettings, HttpSettings, MiddlewareSettings, broker_settings)
        configure(service, load(LogSettings))
        if relay_poll is None and load(RelaySettings).relay == "inline":
            relay_poll = POLL_SECONDS
        self._relay_poll = relay_poll
        self._settings = load(ConsumerSettings)
        if register is not None:
            register(broker)
            _ = broker.faststream  # a handler that FastStream cannot call is told now
        self.is_started = False
        self._service = service
        self._broker = broker
        self._database = database
        self._handles_events = register is not None
        self._has_failed = False
        self._starting: asyncio.Task[None] | None = None
        self._consumer: Consumer | None = None
        self._relay: Relay | None = None
        self._relay_run: asyncio.Task[None] | None = None
        self._trimming: asyncio.Task[None] | None = None
        self._ticking: asyncio.Task[None] | None = None
        self._forgetting: list[asyncio.Task[None]] = []
        self._idempotency = load(IdempotencySettings)
        operations = load(OperationsSettings)
        self.telemetry = start_telemetry(service, broker.system, load(TelemetrySettings))
        self.operations_port = OperationsPort(self._running(operations), operations, self.telemetry, port)

    def _running(self, settings: OperationsSettings) -> RunningService:
        checks = dict(self.probes)
        if self._database is not None:
            checks["relay"] = _relay_check(self._database, settings.ready_outbox_age)
        return RunningService(
            name=self._service,
            broker=self._broker,
            database=self._database,
            handles_events=self._handles_events,
            checks=checks,
            is_started=lambda: self.is_started,
            ended=self._ended,
            lost_leases=lambda: self._consumer.lost_leases if self._consumer else 0,
        )

    def _ended(self) -> str | None:
        """What has ended although nobody stopped it."""
        if not self.is_started:
            return "the start" if self._has_failed else None
        if self._relay_run is not None and self._relay_run.done():
            return "the relay"
        if self._consumer is not None and not self._consumer.is_running:
            return "the consumer"
        if self._ticking is not None and self._ticking.done():
            return "the clock"
        return None

    @property
    def probes(self) -> Mapping[str, Probe]:
        """What the service cannot work without."""
        probes: dict[str, Probe] = {"broker": self._broker.check}
        if self._database is not None:
            probes["database"] = self._database.check
        return probes

    @asynccontextmanager
    async def lifespan(self, app: FastAPI) -> AsyncIterator[None]:
        """That of an application."""
        async with self.running():
            yield

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run for the block. It is entered at once; what is depended on is waited for in the background."""
        self._starting = start = asyncio.create_task(self._start(), name=f"{self._service}:start")
        # What exists now lives as long as the process: no collection needs to look at it again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(*_COLLECTIONS)
        async with targets().kept(), self.operations_port.listening():
            try:
                yield
            finally:
                await end([start], 0)
                await self._stop()

    async def until_started(self) -> None:
        """Wait until everything runs. Raises RuntimeError if it never will; the log tells why."""
        if self._starting is not None:
            await asyncio.shield(self._starting)
        if not self.is_started:
            raise RuntimeError(f"{self._service} could not be started")

    async def _start(self) -> None:
        try:
            await self._start_parts()
        except Exception:
            self._has_failed = True
            logger.exception("%s cannot start", self._service)

    async def _start_parts(self) -> None:
        for name, probe in self.probes.items():
            await Dependency(f"the {name}", probe).wait()
        self._trimming = asyncio.create_task(keep_trimmed(self._broker), name=f"{self._service}:trimming")
        if self._database is not None and self._relay_poll is not None:
            from framework.runtime.outbox.relay import Relay

            publisher = self.telemetry.publisher(self._broker)
            self._relay = Relay(
                self._database,
                publisher,
                check_broker=self._broker.check,
                poll_seconds=self._relay_poll,
            )
            self._relay_run = asyncio.create_task(self._relay.run(), name=f"{self._service}:relay")
        if self._database is not None:
            from framework.runtime.idempotency.forgetting import keep_forgetting_answers

            self._forget(keep_forgetting_answers(self._database, self._idempotency.memory))
        if self._handles_events:
            self._consumer = self._broker.consumer(
                self._service,
                probes=self._handlers_need(),
                settings=self._settings,
                observers=self.telemetry.observers,
            )
            await self._consumer.start()
            if self._broker.schedules(self._service):
                self._ticking = asyncio.create_task(
                    keep_ticking(self._broker, self._service), name=f"{self._service}:ticking"
                )
            if self._database is not None:
                from framework.runtime.inbox.forgetting import keep_forgetting

                self._forget(keep_forgetting(self._database, self._broker, self._service))
        self.is_started = True
        logger.info("%s is ready", self._service)

    def _forget(self, work: Coroutine[object, object, NoReturn]) -> None:
        self._forgetting.append(asyncio.create_task(work, name=f"{self._service}:forgetting"))

    def _handlers_need(self) -> Mapping[str, Probe]:
        return {} if self._database is None else {"the database": self._database.check}

    async def _stop(self) -> None:
        """The consumer first: what its handlers commit is still published by the relay."""
        self.is_started = False
        if self._ticking is not None:
            await end([self._ticking], 0)
        if self._consumer is not None:
            await self._consumer.stop()
        if self._relay is not None and self._relay_run is not None:
            self._relay.stop()
            await end([self._relay_run], _RELAY_FAREWELL)
        await end([task for task in (self._trimming, *self._forgetting) if task is not None], 0)
        await self._broker.close()
        if self._database is not None:
            await self._database.close()
        await self.telemetry.close()


def _relay_check(database: Database, longest: float) -> Probe:
    from framework.runtime.outbox.waiting import check_waiting

    async def check() -> None:
        await check_waiting(database.engine, timedelta(seconds=longest))

    return check
