"""The relay publishes what is committed, once as a rule, in the order of each key, whatever is down."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.envelope import CloudEvent
from framework.runtime.events import PublishFailed, publish
from framework.runtime.outbox.backlog import Refusal
from framework.runtime.outbox.drain import drain
from framework.runtime.outbox.relay import Relay
from framework.runtime.tables import outbox
from framework.runtime.unit_of_work import UnitOfWorkFactory
from framework.servers.postgres import PostgresServer
from framework.servers.redis import RedisServer
from framework.testkit import eventually, published
from tests.runtime.data.support import (
    ORDER_PLACED,
    OrderPlaced,
    RecordingBroker,
    broker,
    message_of,
    place,
    rows_of_outbox,
    stream_of,
)


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[None]:
    task = asyncio.create_task(relay.run())
    try:
        yield
    finally:
        relay.stop()
        await asyncio.wait_for(task, 60)


async def until(holds: Callable[[], bool]) -> None:
    async def claim() -> bool:
        return holds()

    await eventually(claim, within=60)


async def place_each(work: UnitOfWorkFactory, orders: list[tuple[int, str]]) -> None:
    for number, customer in orders:
        async with work.command("orders.place") as unit:
            await place(unit.session, number, customer)


@pytest.fixture
async def redis_broker(redis_url: str) -> AsyncIterator[EventBroker]:
    """The real broker."""
    redis_broker = EventBroker(url=redis_url)
    yield redis_broker
    await redis_broker.close()


@pytest.fixture
def retries_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused is not tried again while the test lasts."""
    monkeypatch.setattr(Refusal, "delay", timedelta(hours=1))


async def test_what_is_committed_arrives_whole(
    work: UnitOfWorkFactory, database: Database, redis_broker: EventBroker
) -> None:
    await place_each(work, [(1, "ann"), (2, "žofie")])
    (first, second) = await rows_of_outbox(database)
    drained = await drain(database.engine, redis_broker, 500)
    assert (drained.published, drained.refusals) == (2, [])
    events = {event.id: event for event in await stream_of(redis_broker)}
    assert set(events) == {first.id, second.id}
    event = events[second.id]
    assert (event.type, event.source, event.subject, event.sequence) == ("order.placed", "shop", "žofie", 1)
    assert event.time == second.created_at
    assert message_of(event).number == 2
    assert all(row.published_at is not None for row in await rows_of_outbox(database)), "kept for replay"
    assert (await drain(database.engine, redis_broker, 500)).published == 0


async def test_a_commit_is_published_at_once(work: UnitOfWorkFactory, database: Database) -> None:
    async with running(Relay(database, broker, poll_seconds=3600)):
        await asyncio.sleep(0.2)  # it sleeps
        await place_each(work, [(1, "ann")])
        await until(lambda: broker.numbers == [1])


async def test_commits_of_other_processes_are_found_by_polling(
    work: UnitOfWorkFactory, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("framework.runtime.outbox.writing.wake_relays", lambda _: None)
    async with running(Relay(database, broker, poll_seconds=0.3)):
        await asyncio.sleep(0.1)
        await place_each(work, [(1, "ann")])
        await until(lambda: broker.numbers == [1])


async def test_stopping_publishes_the_rest(work: UnitOfWorkFactory, database: Database) -> None:
    relay = Relay(database, broker, batch_size=2)
    await place_each(work, [(number, "ann") for number in range(7)])
    relay.stop()
    await relay.run()
    assert broker.numbers == list(range(7))


async def test_a_backlog_goes_out_in_order(work: UnitOfWorkFactory, database: Database) -> None:
    orders = [(number, f"customer {number % 20}") for number in range(150)]
    async with work.command("orders.place") as unit:
        for number, customer in orders:
            await place(unit.session, number, customer)
    async with running(Relay(database, broker, batch_size=20, poll_seconds=3600)):
        await until(lambda: len(broker.events) >= 150)
    for subject in {event.subject for event in broker.events}:
        numbers = [message_of(event).number for event in broker.events if event.subject == subject]
        assert numbers == sorted(numbers)
    assert sorted(broker.numbers) == list(range(150))


@pytest.mark.usefixtures("retries_later")
async def test_a_refused_event_keeps_back_its_key_and_nothing_else(
    work: UnitOfWorkFactory, database: Database
) -> None:
    await place_each(work, [(1, "ann"), (2, "ann"), (3, "bob"), (4, "ann"), (5, "cid")])
    broker.refuse = {2}
    await drain(database.engine, broker, 500)
    assert sorted(set(broker.numbers)) == [1, 3, 4, 5], "the broker took 4 in the same pipeline"
    rows = {row.sequence: row for row in await rows_of_outbox(database) if row.key == "ann"}
    assert (rows[2].attempts, rows[2].last_error) == (1, "ValueError: too large")
    assert rows[1].published_at is not None
    assert rows[3].published_at is None, "it would never come after the refused one"
    broker.events.clear()
    await place_each(work, [(6, "ann"), (7, "bob")])
    await drain(database.engine, broker, 500)
    assert broker.numbers == [7], "what follows of the key waits without being tried"
    broker.refuse = set()
    broker.events.clear()
    async with database.session() as session:
        await session.execute(
            update(outbox).where(outbox.c.retry_at.is_not(None)).values(retry_at=rows[1].created_at)
        )
        await session.commit()
    await drain(database.engine, broker, 500)
    assert broker.numbers == [2, 4, 6]
    assert all(row.published_at for row in await rows_of_outbox(database))


async def test_a_refused_event_is_tried_again_by_itself(
    work: UnitOfWorkFactory, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    broker.refuse = {1}
    async with running(Relay(database, broker, poll_seconds=0.1)):
        await place_each(work, [(1, "ann"), (2, "ann")])
        await until(lambda: "the broker refuses `order.placed`" in caplog.text)
        broker.refuse = set()
        await until(lambda: broker.numbers[-2:] == [1, 2])


async def test_a_damaged_row_keeps_back_its_key_and_nothing_else(
    work: UnitOfWorkFactory, database: Database
) -> None:
    await place_each(work, [(1, "ann"), (2, "ann"), (3, "bob")])
    async with database.session() as session:
        await session.execute(update(outbox).where(outbox.c.position == 1).values(attributes="{"))
        await session.commit()
    await drain(database.engine, broker, 500)
    assert broker.numbers == [3]
    assert "JSONDecodeError" in (await rows_of_outbox(database))[0].last_error


@pytest.mark.usefixtures("retries_later")
async def test_what_waits_for_a_refused_event_does_not_fill_the_batches(
    work: UnitOfWorkFactory, database: Database
) -> None:
    async with work.command("orders.place") as unit:
        for number in range(60):
            await place(unit.session, number, "ann")
        await place(unit.session, 60, "customer 6")
    assert len({row.partition for row in await rows_of_outbox(database)}) == 1, "choose another customer"
    broker.refuse = {0}
    for _ in range(2):
        await drain(database.engine, broker, 10)
    assert 60 in broker.numbers


async def test_events_without_a_key_do_not_wait_for_each_other(
    work: UnitOfWorkFactory, database: Database
) -> None:
    unordered = replace(ORDER_PLACED, key=None)
    async with work.command("orders.place") as unit:
        for number in range(20):
            await publish(broker, unordered, OrderPlaced(customer="ann", number=number), unit.session)
    assert all(row.sequence is None for row in await rows_of_outbox(database))
    broker.refuse = {0, 1}
    await drain(database.engine, broker, 500)
    await drain(database.engine, broker, 500)
    assert sorted(broker.numbers) == list(range(2, 20))


async def test_a_broker_that_is_down_is_waited_for(
    work: UnitOfWorkFactory, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "framework.runtime.outbox.relay")
    counting = CountingBroker(ConnectionError("nobody answers"))
    async with running(Relay(database, counting)):
        async with asyncio.timeout(60):
            await place_each(work, [(number, "ann") for number in range(5)])
        await until(lambda: counting.tries > 2)
        counting.error = None
        await until(lambda: counting.numbers == list(range(5)))
    expected = ["the relay waits for the broker: PublishFailed: nobody answers", "the relay goes on"]
    assert [
        record.message for record in caplog.records if record.name == "framework.runtime.outbox.relay"
    ] == expected


async def test_a_broker_that_is_back_is_published_to_at_once(
    work: UnitOfWorkFactory, database: Database
) -> None:
    looks = 0

    async def check() -> None:
        nonlocal looks
        looks += 1
        if counting.error is not None:
            raise counting.error

    counting = CountingBroker(ConnectionError("nobody answers"))
    async with running(Relay(database, counting, check_broker=check)):
        await place_each(work, [(1, "ann")])
        await until(lambda: looks > 5)
        assert counting.tries == 1, "who looks whether it is back does not try in vain"
        counting.error = None
        await until(lambda: counting.numbers == [1])
        assert counting.tries == 2


async def test_a_drain_that_fails_leaves_nothing_locked(work: UnitOfWorkFactory, database: Database) -> None:
    await place_each(work, [(1, "ann")])
    broker.error = ConnectionError("nobody answers")
    with pytest.raises(PublishFailed):
        await drain(database.engine, broker, 500)
    broker.error = None
    held = HeldBroker()
    cancelled = asyncio.create_task(drain(database.engine, held, 500))
    await held.has_begun.wait()
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    drained = await drain(database.engine, broker, 500)
    assert (drained.published, drained.is_contended) == (1, False)


async def test_redis_down_does_not_make_commits_fail(
    work: UnitOfWorkFactory, database: Database, redis_server: RedisServer, redis_broker: EventBroker
) -> None:
    redis_server.kill()
    async with running(Relay(database, redis_broker)):
        async with asyncio.timeout(60):
            await place_each(work, [(number, "ann") for number in range(5)])
        redis_server.start()
        assert len(await published(redis_broker, ORDER_PLACED, count=5, within=60)) == 5


async def test_a_database_that_is_down_is_waited_for(
    work: UnitOfWorkFactory, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await place_each(work, [(1, "ann")])
    await rename(database, "framework_outbox", "gone")
    async with running(Relay(database, broker)):
        await until(lambda: "the relay waits for the database" in caplog.text)
        await rename(database, "gone", "framework_outbox")
        await until(lambda: broker.numbers == [1])


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_database_that_was_killed_is_waited_for(
    work: UnitOfWorkFactory,
    database: Database,
    postgres_server: PostgresServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with running(Relay(database, broker)):
        await place_each(work, [(1, "ann")])
        await until(lambda: broker.numbers == [1])
        postgres_server.kill()
        await until(lambda: "the relay waits for the database" in caplog.text)
        postgres_server.start()
        for number in range(2, 30):  # what was open to the old server fails, once each
            with suppress(DBAPIError, OSError):
                await place_each(work, [(number, "ann")])
        await until(lambda: 29 in broker.numbers)


async def test_while_another_relay_is_at_work_this_one_does_nothing(
    work: UnitOfWorkFactory, database: Database
) -> None:
    await place_each(work, [(1, "ann")])
    other = HeldBroker()
    first = asyncio.create_task(drain(database.engine, other, 500))
    await other.has_begun.wait()
    drained = await drain(database.engine, broker, 500)
    assert (drained.published, drained.is_contended) == (0, True)
    other.may_end.set()
    assert (await first).published == 1
    assert (await drain(database.engine, broker, 500)).published == 0


async def test_what_a_commit_names_is_drained_alone(work: UnitOfWorkFactory, database: Database) -> None:
    await place_each(work, [(1, "ann"), (2, "bob")])
    ann, bob = (row.partition for row in await rows_of_outbox(database))
    assert ann != bob, "choose another customer"
    await drain(database.engine, broker, 500, {ann})
    assert broker.numbers == [1]
    await drain(database.engine, broker, 500, {ann, bob})
    assert broker.numbers == [1, 2]


async def test_a_commit_beside_another_relay_finds_what_is_free(
    work: UnitOfWorkFactory, database: Database
) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("one relay has the whole file")
    await place_each(work, [(1, "ann")])
    other = HeldBroker()
    first = asyncio.create_task(drain(database.engine, other, 500))
    await other.has_begun.wait()
    await place_each(work, [(2, "ann"), (3, "bob")])
    partitions = {row.partition for row in await rows_of_outbox(database)}
    drained = await drain(database.engine, broker, 500, partitions)
    assert (broker.numbers, drained.is_contended) == ([3], True)
    other.may_end.set()
    await first
    await drain(database.engine, broker, 500, partitions)
    assert broker.numbers == [3, 2]


async def test_writers_do_not_wait_for_the_broker(work: UnitOfWorkFactory, database: Database) -> None:
    await place_each(work, [(1, "ann")])
    slow = HeldBroker()
    draining = asyncio.create_task(drain(database.engine, slow, 500))
    await slow.has_begun.wait()
    async with asyncio.timeout(60):
        await place_each(work, [(2, "ann"), (3, "bob")])
    slow.may_end.set()
    await draining
    await drain(database.engine, broker, 500)
    assert sorted(broker.numbers) == [2, 3]


class HeldBroker(RecordingBroker):
    """Answers when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.has_begun = asyncio.Event()
        self.may_end = asyncio.Event()

    async def publish_many(self, events: Sequence[CloudEvent]) -> list[Exception | None]:
        self.has_begun.set()
        await self.may_end.wait()
        return await super().publish_many(events)


class CountingBroker(RecordingBroker):
    """Is down at first."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error
        self.tries = 0

    async def publish_many(self, events: Sequence[CloudEvent]) -> list[Exception | None]:
        self.tries += 1
        return await super().publish_many(events)


async def rename(database: Database, old: str, new: str) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))
