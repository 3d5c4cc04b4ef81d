"""Processes that the tests start and kill: `python -m tests.runtime.data.processes ROLE ...`."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.envelope import CloudEvent
from framework.runtime.relay import Relay
from framework.runtime.unit_of_work import UnitOfWorkFactory
from tests.runtime.data.support import place

ROOT = Path(__file__).parents[3]


async def spawn(role: str, *arguments: object) -> Process:
    """Start a process of this module."""
    command = [sys.executable, "-m", __spec__.name, role, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return await create_subprocess_exec(*command, stdout=PIPE, cwd=ROOT, env=environment)


async def line_of(process: Process) -> str:
    """Wait for the next line that a process prints; empty when it has ended."""
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()


async def write_together(url: str, first: str) -> None:
    """Write 25 orders at once."""
    database = Database("shop", url=url)
    work = UnitOfWorkFactory("shop", database.session)

    async def one(number: int) -> None:
        async with work.command("orders.place") as unit:
            await place(unit.session, number, f"customer {number % 5}")

    await asyncio.gather(*(one(int(first) + offset) for offset in range(25)))
    await database.close()


async def commit_and_hang(url: str, number: str) -> None:
    """Commit one order, and do nothing more."""
    work = UnitOfWorkFactory("shop", Database("shop", url=url).session)
    async with work.command("orders.place") as unit:
        await place(unit.session, int(number))
    print("committed", flush=True)
    await asyncio.Event().wait()


class HangingBroker(EventBroker):
    """Publishes, and never comes back to say so."""

    async def publish_many(self, events: Sequence[CloudEvent]) -> list[Exception | None]:
        await super().publish_many(events)
        print("published", flush=True)
        await asyncio.Event().wait()
        return []


async def publish_and_hang(url: str, redis_url: str) -> None:
    """Relay, but never mark."""
    await Relay(Database("shop", url=url), HangingBroker(url=redis_url)).run()


async def write_and_relay(url: str, redis_url: str, first: str) -> None:
    """Write orders one after the other and relay them, until killed; print what is committed."""
    database = Database("shop", url=url)
    work = UnitOfWorkFactory("shop", database.session)
    relay = asyncio.create_task(Relay(database, EventBroker(url=redis_url)).run())
    number = int(first)
    while not relay.done():
        async with work.command("orders.place") as unit:
            await place(unit.session, number, f"customer {number % 3}")
        print(number, flush=True)
        number += 1


ROLES: dict[str, Callable[..., Awaitable[None]]] = {
    role.__name__: role for role in (write_together, commit_and_hang, publish_and_hang, write_and_relay)
}

if __name__ == "__main__":
    asyncio.run(ROLES[sys.argv[1]](*sys.argv[2:]))  # type: ignore[arg-type]
