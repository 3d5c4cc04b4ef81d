"""What tests of a service need in one line each: its tables, its events, a session, clients."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

import httpx
import uvicorn
from alembic import command
from alembic.config import Config
from pydantic import BaseModel

from framework.deployment import SERVING
from framework.dev.project import open_project
from framework.node.programs import find_node
from framework.runtime.broker import EventBroker
from framework.runtime.database import WRITING, create_engine
from framework.runtime.delivery import AlreadyHandled, Delivery, handling
from framework.runtime.events import EventDefinition, Told, recording, with_event_id
from framework.runtime.migrate import migrate_runtime
from framework.runtime.redis_streams.wire import decode
from framework.runtime.unit_of_work import UnitOfWork
from framework.servers.ports import HOST, NOBODY
from framework.servers.process import Launch, ServerProcess, start_on_free_port
from framework.system import Service, ServiceType

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from framework.runtime.envelope import CloudEvent

M = TypeVar("M", bound=BaseModel)

POLL_INTERVAL = 0.01
"""Seconds between two looks at what is waited for."""


def migrations(service: Path, database_url: str) -> Config:
    """Alembic's configuration of the service in this folder, for the commands in `alembic.command`."""
    config = Config()
    config.set_main_option("script_location", str(service / "migrations").replace("%", "%%"))
    config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    return config


async def migrate(service: Path, database_url: str) -> None:
    """Make the tables of the service in this folder, and those of the runtime, in an empty database."""
    await migrate_runtime(database_url)
    command.upgrade(migrations(service, database_url), "head")


@asynccontextmanager
async def serve(application: Callable[..., Any]) -> AsyncIterator[str]:
    """Run an ASGI application, its lifespan included, on a free port of this machine; yields its address.

    It runs in the event loop of the test. Raises RuntimeError if the application does not start.
    """
    config = uvicorn.Config(application, host=HOST, port=0, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(_run(server))
    try:
        while not server.started:
            if serving.done():
                raise RuntimeError(
                    "the application did not start; the log tells why"
                ) from serving.exception()
            await asyncio.sleep(POLL_INTERVAL)
        yield f"http://{HOST}:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await asyncio.wait([serving])


async def _run(server: uvicorn.Server) -> None:
    with suppress(SystemExit):  # so uvicorn says that the application did not start
        await server.serve()


async def eventually(claim: Callable[[], Awaitable[bool]], *, within: float = 30.0) -> None:
    """Wait until `claim` is true. Raises TimeoutError after `within` seconds."""
    deadline = time.monotonic() + within
    while not await claim():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{claim} was not true within {within} s")
        await asyncio.sleep(POLL_INTERVAL)


async def published(
    broker: EventBroker, event: EventDefinition[Any], *, count: int = 1, within: float = 30.0
) -> list[CloudEvent]:
    """All events of this kind, oldest first, once there are at least `count`.

    Raises TimeoutError if there are fewer after `within` seconds.
    """
    found: list[CloudEvent] = []

    async def are_enough() -> bool:
        entries: Any = await broker.redis.xrange(broker.stream(event.name))
        found[:] = [decode(fields) for _, fields in entries]
        return len(found) >= count

    try:
        await eventually(are_enough, within=within)
    except TimeoutError:
        message = f"{len(found)} of {count} `{event.name}` were published within {within} s; "
        raise TimeoutError(message + "what is published with the fixture `session` is rolled back") from None
    return found


class Events:
    """The events of the project, for tests: what was published, and what happens when one arrives."""

    def __init__(self, broker: EventBroker, redis_url: str | None = None) -> None:
        """`redis_url` is where services publish, if `broker`, as in a process that is none, has no Redis."""
        self._broker = broker
        self._redis_url = redis_url

    async def published(self, event: EventDefinition[M], *, count: int = 1, within: float = 30.0) -> list[M]:
        """The messages of all events of this kind, oldest first, once there are at least `count`.

        Raises TimeoutError if there are fewer after `within` seconds.
        """
        if self._redis_url is None:
            found = await published(self._broker, event, count=count, within=within)
        else:
            reader = EventBroker(stream_prefix=self._broker.stream(""), url=self._redis_url)
            try:
                found = await published(reader, event, count=count, within=within)
            finally:
                await reader.close()
        return [event.message.model_validate_json(each.data) for each in found]

    async def deliver(self, event: EventDefinition[M], message: M, *, event_id: str | None = None) -> None:
        """Have an event handled by those who subscribe to it in this process, as their last attempt.

        Each handler works in its own unit of work, as ever; an event of an `event_id` that it has handled is
        suppressed. Raises what a handler raises, and LookupError if nobody subscribes here: a service does so
        from its `create_app()` on.
        """
        with with_event_id(event_id or str(uuid4())):
            envelope = event.envelope(message, source="test")
        subscriptions = [each for each in self._broker.subscriptions if each.event.name == event.name]
        if not subscriptions:
            raise LookupError(
                f"nobody in this process subscribes to `{event.name}`: a service does from its "
                "`create_app()` on, so let a fixture `serve` that"
            )
        for each in subscriptions:
            with suppress(AlreadyHandled), handling(Delivery(envelope, each.operation, each.records, True)):
                await each.handler(message)


class _Trial(UnitOfWork):
    """The work of a test, which goes on after the last row of an operation."""

    def settle(self, told: Told | None, *, is_committed: bool) -> None:
        """Refuse nothing."""


@asynccontextmanager
async def rolled_back(database_url: str) -> AsyncIterator[AsyncSession]:
    """A session as a controller gets it, on a migrated database that stays as it was.

    What is published with the session goes nowhere, and a rollback of the code under test is one to a
    savepoint.
    """
    from sqlalchemy.ext.asyncio import AsyncSession

    engine = create_engine(database_url)
    try:
        async with engine.execution_options(**WRITING).connect() as connection:
            transaction = await connection.begin()
            async with AsyncSession(
                connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
            ) as session:
                with recording(_Trial("a test", session)):
                    yield session
            await transaction.rollback()
    finally:
        await engine.dispose()


class Clients:
    """Services of the project as processes of their own, each with a new database, and clients of them."""

    def __init__(self, root: Path, directory: Path, environment: Mapping[str, str]) -> None:
        """`directory` takes databases and logs; `environment` is what every service reads."""
        self._services = {service.name: service for service in open_project(root).services}
        self._root = root
        self._directory = directory
        self._environment = environment
        self._running: dict[str, ServerProcess] = {}
        self._clients = AsyncExitStack()

    async def of(self, service: str, **variables: str) -> httpx.AsyncClient:
        """Start a service, `variables` added to its environment, and return a client once it is ready.

        It finds what it calls if that was started before. What has no HTTP of its own is seen by its
        operations port. Raises KeyError for a service that is not there, and `ServerError`, with the end of
        its log, for one that does not get ready.
        """
        described = self._services[service]
        own = {**self._environment, **self._neighbours(described), **variables}
        if described.database:
            own.setdefault("DATABASE_URL", f"sqlite:///{self._directory / service}.db")
            await migrate(self._root / "services" / service, own["DATABASE_URL"])
        process = start_on_free_port(lambda port: self._process(described, port, own))
        self._running[service] = process
        client = httpx.AsyncClient(base_url=_address(process.port), timeout=30, trust_env=False)
        return await self._clients.enter_async_context(client)

    def process(self, service: str) -> ServerProcess:
        """The process of a service that was started, to be killed and started again on its port.

        Raises KeyError for one that was not.
        """
        return self._running[service]

    async def close(self) -> None:
        """Stop everything; the logs go to standard output, where pytest shows them if the test failed."""
        await self._clients.aclose()
        for process in reversed(self._running.values()):
            process.stop()
        for log in sorted(self._directory.glob("*.log")):
            sys.stdout.write(f"{log.name}:\n{log.read_text(errors='replace')}\n")

    def _neighbours(self, service: Service) -> dict[str, str]:
        """Where the services are that this one calls."""
        ports = {name: process.port for name, process in self._running.items()}
        return {
            client.setting.upper(): _address(ports.get(client.target, NOBODY)) for client in service.clients
        }

    def _process(self, service: Service, port: int, environment: Mapping[str, str]) -> ServerProcess:
        if service.type is ServiceType.NODE:
            return self._node_process(service, port, environment)
        module = f"services.{service.name}.src.main"
        arguments = ["uvicorn", f"{module}:app", "--host", HOST, "--port", str(port), *SERVING]
        own = dict(environment)
        if not service.type.is_application:
            arguments, own["OPERATIONS_PORT"] = [module], str(port)
        return ServerProcess(
            Launch(
                name=service.name,
                command=[sys.executable, "-m", *arguments],
                directory=self._root,
                log=self._directory / f"{service.name}.log",
                port=port,
                is_ready=lambda _: _answers(port, "/health/ready"),
                environment=own,
            )
        )

    def _node_process(self, service: Service, port: int, environment: Mapping[str, str]) -> ServerProcess:
        """The development server of a node service, in which the page is as it will be."""
        node, folder = find_node(), self._root / "services" / service.name
        return ServerProcess(
            Launch(
                name=service.name,
                command=node.script_command(folder, "dev"),
                directory=folder,
                log=self._directory / f"{service.name}.log",
                port=port,
                is_ready=lambda _: _answers(port, "/"),
                environment=node.environment(folder, {**environment, "PORT": str(port)}),
            )
        )


def _address(port: int) -> str:
    return f"http://{HOST}:{port}"


def _answers(port: int, path: str) -> bool:
    try:
        return httpx.get(f"{_address(port)}{path}", trust_env=False).is_success
    except httpx.TransportError:
        return False
