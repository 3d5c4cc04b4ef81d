"""Processes killed with SIGKILL: what was committed is published, what was not is not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.outbox.drain import drain
from framework.runtime.unit_of_work import UnitOfWorkFactory
from framework.testkit import eventually
from tests.runtime.data.processes import commit_and_hang, publish_and_hang, start, write_and_relay
from tests.runtime.data.support import message_of, numbers_of_orders, place, rows_of_outbox, stream_of


@pytest.fixture
async def broker(redis_url: str) -> AsyncIterator[EventBroker]:
    """The real broker."""
    broker = EventBroker(url=redis_url)
    yield broker
    await broker.close()


async def published(broker: EventBroker) -> list[int]:
    return [message_of(event).number for event in await stream_of(broker)]


async def test_killed_between_commit_and_publishing(
    database: Database, database_url: str, broker: EventBroker
) -> None:
    child = start(commit_and_hang, database_url)
    assert await child.hear() == "committed"
    await child.kill()
    assert await published(broker) == []
    await drain(database.engine, broker, 500)
    assert await published(broker) == [1]


async def test_killed_between_publishing_and_marking(
    work: UnitOfWorkFactory, database: Database, database_url: str, broker: EventBroker, redis_url: str
) -> None:
    async with work.command("orders.place") as unit:
        await place(unit.session, 1)
    child = start(publish_and_hang, database_url, redis_url)
    assert await child.hear() == "published"
    assert (await drain(database.engine, broker, 500)).is_contended, "it holds the lock while it lives"
    await child.kill()

    async def is_drained() -> bool:
        return (await drain(database.engine, broker, 500)).published > 0

    await eventually(is_drained, within=60)  # when PostgreSQL has noticed
    assert await published(broker) == [1, 1], "a duplicate, and no loss"
    assert len({event.id for event in await stream_of(broker)}) == 1, "which an inbox can tell"


async def test_killed_at_random_under_load(
    database: Database, database_url: str, broker: EventBroker, redis_url: str
) -> None:
    told: set[int] = set()
    for life, seconds in enumerate((0.05, 0.1, 0.2, 0.4, 0.8)):
        child = start(write_and_relay, database_url, redis_url, life * 100_000)
        for _ in range(life + 1):
            told.add(await child.hear())
        await asyncio.sleep(seconds)
        await child.kill()
        while (number := await child.hear()) is not None:
            told.add(number)
    if database.engine.dialect.name == "postgresql":
        async with database.engine.begin() as connection:  # what was committed last may still be under way
            await connection.execute(text("LOCK TABLE orders IN SHARE MODE"))
    async with asyncio.timeout(60):
        while not all(row.published_at for row in await rows_of_outbox(database)):
            await drain(database.engine, broker, 500)
    stored = set(await numbers_of_orders(database))
    sent = await published(broker)
    assert told <= stored, "a commit that was reported is gone"
    assert set(sent) == stored, "an event without its order, or an order without its event"
    assert len(told) > 5, "each life ended with its first orders"
