"""What was published long ago leaves the outbox; what waits to be published never does."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import update

from framework.runtime.database import Database
from framework.runtime.envelope import now
from framework.runtime.outbox.cleaning import OUTBOX_RETENTION, clean_outbox
from framework.runtime.outbox.relay import Relay
from framework.runtime.tables import outbox
from framework.runtime.unit_of_work import UnitOfWorkFactory
from framework.testkit import eventually
from tests.runtime.data.support import broker, place, rows_of_outbox

MINUTE = timedelta(minutes=1)


async def place_orders(work: UnitOfWorkFactory, count: int) -> None:
    async with work.command("orders.place") as unit:
        for number in range(count):
            await place(unit.session, number)


async def publish_ago(database: Database, age: timedelta, *, below: int) -> None:
    """Make the first rows look as if they had been published so long ago."""
    async with database.engine.begin() as connection:
        rows = update(outbox).where(outbox.c.sequence < below)
        await connection.execute(rows.values(published_at=now() - age))


async def sequences_left(database: Database) -> list[int]:
    return [row.sequence for row in await rows_of_outbox(database)]


async def test_only_what_was_published_longer_ago_than_the_retention_goes(
    work: UnitOfWorkFactory, database: Database
) -> None:
    await place_orders(work, 5)
    await publish_ago(database, OUTBOX_RETENTION - MINUTE, below=5)
    await publish_ago(database, OUTBOX_RETENTION + MINUTE, below=3)
    assert not await clean_outbox(database.engine)
    assert await sequences_left(database) == [3, 4, 5], "the last waits to be published"


async def test_it_goes_in_batches(work: UnitOfWorkFactory, database: Database) -> None:
    await place_orders(work, 510)
    await publish_ago(database, OUTBOX_RETENTION + MINUTE, below=511)
    assert await clean_outbox(database.engine), "there may be more"
    assert len(await sequences_left(database)) == 10
    assert not await clean_outbox(database.engine)
    assert await sequences_left(database) == []


async def test_the_relay_cleans_beside_its_work(work: UnitOfWorkFactory, database: Database) -> None:
    await place_orders(work, 510)
    await publish_ago(database, OUTBOX_RETENTION + MINUTE, below=510)
    relay = Relay(database, broker, poll_seconds=0.01)

    async def is_cleaned() -> bool:
        return await sequences_left(database) == [510]

    running = asyncio.create_task(relay.run())
    await eventually(is_cleaned, within=60)
    relay.stop()
    await asyncio.wait_for(running, 60)
    assert await sequences_left(database) == [510], "published a moment ago, it is kept for replay"
    assert len(broker.events) == 1
