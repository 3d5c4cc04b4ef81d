"""Processes that the tests start and kill; what they need is imported once, where they fork from."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.envelope import CloudEvent
from framework.runtime.outbox.relay import Relay
from framework.runtime.unit_of_work import UnitOfWorkFactory
from tests.runtime.data.support import place

Tell = Callable[[Any], None]
"""Sends something to the test."""

_context = get_context("forkserver")
_context.set_forkserver_preload([__name__])


@dataclass(frozen=True)
class Child:
    """A process that was started."""

    process: ForkServerProcess
    told: Connection

    async def hear(self) -> Any:
        """Wait for the next thing that it tells; None when it has ended."""
        try:
            return await asyncio.to_thread(self.told.recv)
        except EOFError:
            return None

    async def kill(self) -> None:
        """Kill it with SIGKILL."""
        self.process.kill()
        await asyncio.to_thread(self.process.join)


def start(role: Callable[..., Coroutine[Any, Any, None]], *arguments: object) -> Child:
    """Run `role(tell, *arguments)` in a process of its own."""
    told, tell = _context.Pipe(duplex=False)
    process = _context.Process(target=_run, args=(role, tell, *arguments), daemon=True)
    process.start()
    tell.close()  # so that its end is noticed
    return Child(process, told)


def _run(role: Callable[..., Coroutine[Any, Any, None]], tell: Connection, *arguments: object) -> None:
    asyncio.run(role(tell.send, *arguments))


async def write_together(tell: Tell, url: str, first: int) -> None:
    """Write 25 orders at once."""
    database = Database("shop", url=url)
    work = UnitOfWorkFactory("shop", database.session)

    async def one(number: int) -> None:
        async with work.command("orders.place") as unit:
            await place(unit.session, number, f"customer {number % 5}")

    await asyncio.gather(*(one(first + offset) for offset in range(25)))
    await database.close()
    tell("written")


async def commit_and_hang(tell: Tell, url: str) -> None:
    """Commit one order, and do nothing more."""
    work = UnitOfWorkFactory("shop", Database("shop", url=url).session)
    async with work.command("orders.place") as unit:
        await place(unit.session, 1)
    tell("committed")
    await asyncio.Event().wait()


class HangingBroker(EventBroker):
    """Publishes, and never comes back to say so."""

    def __init__(self, tell: Tell, url: str) -> None:
        super().__init__(url=url)
        self._tell = tell

    async def publish_many(self, events: Sequence[CloudEvent]) -> list[Exception | None]:
        await super().publish_many(events)
        self._tell("published")
        await asyncio.Event().wait()
        return []


async def publish_and_hang(tell: Tell, url: str, redis_url: str) -> None:
    """Relay, but never mark."""
    await Relay(Database("shop", url=url), HangingBroker(tell, redis_url)).run()


async def write_and_relay(tell: Tell, url: str, redis_url: str, first: int) -> None:
    """Write orders one after the other and relay them, until killed; tell what is committed."""
    database = Database("shop", url=url)
    work = UnitOfWorkFactory("shop", database.session)
    relay = asyncio.create_task(Relay(database, EventBroker(url=redis_url)).run())
    number = first
    while not relay.done():
        async with work.command("orders.place") as unit:
            await place(unit.session, number, f"customer {number % 3}")
        tell(number)
        number += 1
