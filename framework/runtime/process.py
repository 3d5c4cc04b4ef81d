"""A service that is a piece of work of your own, run beside what every service has."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final, Protocol

from framework.runtime.event_loop import loop_factory
from framework.runtime.service import ServiceParts
from framework.runtime.tasks import end

if TYPE_CHECKING:  # a service without a database does not load SQLAlchemy
    from framework.runtime.broker import EventBroker
    from framework.runtime.database import Database

logger = logging.getLogger(__name__)

_STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_FAREWELL: Final = 10.0
"""Seconds that the work gets, when the service stops, to give up what it has begun."""


class Work(Protocol):
    """What the service does, from its start to its end; its end by itself is that of the service."""

    def __call__(self) -> Coroutine[Any, Any, None]:
        """Do it. Cancelled when the service is stopped."""


class Process:
    """A service that does its own work. Make one with the generated `create_app()`."""

    def __init__(self, service: str, parts: ServiceParts, work: Work) -> None:
        self._service = service
        self._parts = parts
        self._work = work

    def run(self) -> None:
        """Work until that is done, or until SIGINT or SIGTERM cancels it.

        Raises SystemExit with status 1, after logging why, if the work cannot begin or fails.
        """
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            if not runner.run(self._until_signal()):
                raise SystemExit(1)

    async def _until_signal(self) -> bool:
        """Whether the work ended well; when it is told to stop, it did."""
        async with self.running() as work:
            for number in _STOP_SIGNALS:
                asyncio.get_running_loop().add_signal_handler(number, work.cancel)
            await asyncio.wait([work])
        error = None if work.cancelled() else work.exception()
        if error is not None:
            logger.error("the work of %s has failed", self._service, exc_info=error)
        return error is None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Task[None]]:
        """Run for the block, which gets the work as a task; it is cancelled at the end of the block."""
        async with self._parts.running():
            work = asyncio.create_task(self._begin(), name=f"{self._service}:work")
            try:
                yield work
            finally:
                work.cancel()
                await end([work], _FAREWELL)

    async def _begin(self) -> None:
        await self._parts.until_started()
        await self._work()


def create_process(
    *, service: str, broker: EventBroker, database: Database | None, port: int, work: Work
) -> Process:
    """A service that does `work`, which is begun once everything that the service depends on is there.

    It answers health checks, metrics and administration on `port`, unless `OPERATIONS_PORT` names another.
    Raises SystemExit, after saying on standard error what to set, if a setting is missing or malformed.
    """
    return Process(service, ServiceParts(service, broker, database, None, port=port), work)
