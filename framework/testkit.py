"""What tests of a service need in one line each: its tables, a server for its application, its events."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from alembic import command
from alembic.config import Config

from framework.runtime.migrate import migrate_runtime
from framework.runtime.redis_streams.wire import decode
from framework.servers.ports import HOST

if TYPE_CHECKING:
    from framework.runtime.broker import EventBroker
    from framework.runtime.envelope import CloudEvent
    from framework.runtime.events import EventDefinition

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


async def eventually(claim: Callable[[], Awaitable[bool]], *, within: float = 10.0) -> None:
    """Wait until `claim` is true. Raises TimeoutError after `within` seconds."""
    deadline = time.monotonic() + within
    while not await claim():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{claim} was not true within {within} s")
        await asyncio.sleep(POLL_INTERVAL)


async def published(
    broker: EventBroker, event: EventDefinition[Any], *, count: int = 1, within: float = 10.0
) -> list[CloudEvent]:
    """All events of this kind, oldest first, once there are at least `count`.

    Raises TimeoutError if there are fewer after `within` seconds.
    """
    found: list[CloudEvent] = []

    async def are_enough() -> bool:
        entries: Any = await broker.redis.xrange(broker.stream(event.name))
        found[:] = [decode(fields) for _, fields in entries]
        return len(found) >= count

    await eventually(are_enough, within=within)
    return found
