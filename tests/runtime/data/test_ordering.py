"""Events of one key lie on the stream in the order of their commits, however many write and relay at once."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.outbox.relay import Relay
from framework.runtime.unit_of_work import UnitOfWorkFactory
from framework.testkit import eventually
from tests.runtime.data.support import ORDER_PLACED, message_of, place, stream_of

WRITERS = 8
TRANSACTIONS = 15
KEYS = 5
EVENTS = 3
"""In every second transaction, each of another key; the others have one, which is written in another way."""
TOTAL = WRITERS * sum(EVENTS if transaction % 2 else 1 for transaction in range(TRANSACTIONS))


@pytest.fixture
async def broker(redis_url: str) -> AsyncIterator[EventBroker]:
    """The real broker."""
    broker = EventBroker(url=redis_url)
    yield broker
    await broker.close()


async def write(work: UnitOfWorkFactory, writer: int, all_are_open: asyncio.Barrier) -> None:
    for transaction in range(TRANSACTIONS):
        first = (writer * TRANSACTIONS + transaction) * EVENTS
        async with work.command("orders.place") as unit:
            for number in range(first, first + (EVENTS if transaction % 2 else 1)):
                # Against the sorted order in which the keys are locked, and another one in each transaction.
                await place(unit.session, number, f"customer {(writer - number) % KEYS}")
            if unit.session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time
                await all_are_open.wait()


async def publish_all(url: str, redis_url: str, broker: EventBroker, relays: int) -> asyncio.Task[None]:
    """Relays with connections of their own, until everything is on the stream."""

    async def is_everything_there() -> bool:
        return int(await broker.redis.xlen(broker.stream(ORDER_PLACED.name))) >= TOTAL

    async def run() -> None:
        async with AsyncExitStack() as stack:
            running = []
            for _ in range(relays):
                database, own_broker = Database("shop", url=url), EventBroker(url=redis_url)
                stack.push_async_callback(database.close)
                stack.push_async_callback(own_broker.close)
                relay = Relay(database, own_broker, batch_size=10, poll_seconds=0.01)
                running.append((relay, asyncio.create_task(relay.run())))
            await eventually(is_everything_there, within=60)
            for relay, task in running:
                relay.stop()
                await task

    return asyncio.create_task(run())


@pytest.mark.parametrize("relays", [1, 3])
async def test_interleaved_transactions_of_eight_writers(
    work: UnitOfWorkFactory,
    database: Database,
    database_url: str,
    broker: EventBroker,
    redis_url: str,
    relays: int,
) -> None:
    publishing = await publish_all(database_url, redis_url, broker, relays)
    all_are_open = asyncio.Barrier(WRITERS)
    await asyncio.gather(*(write(work, writer, all_are_open) for writer in range(WRITERS)))
    await publishing
    sequences: dict[str, list[int | None]] = defaultdict(list)
    for event in await stream_of(broker):
        sequences[message_of(event).customer].append(event.sequence)
    assert len(sequences) == KEYS
    for customer, found in sequences.items():
        assert found == list(range(1, len(found) + 1)), f"{customer}: inverted, doubled or missing"
    assert sum(map(len, sequences.values())) == TOTAL
