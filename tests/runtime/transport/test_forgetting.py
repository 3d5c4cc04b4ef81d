"""The inbox forgets what cannot come again, and nothing else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.envelope import CloudEvent, now
from framework.runtime.inbox import forgetting
from framework.runtime.inbox.forgetting import MEMORY, forget, keep_forgetting
from framework.runtime.inbox.recording import record
from framework.runtime.migrate import migrate_runtime
from framework.runtime.redis_streams.wire import encode
from framework.runtime.service import create_worker_app
from framework.runtime.tables import inbox
from framework.runtime.unit_of_work import UnitOfWorkFactory
from framework.servers.redis import RedisServer
from framework.testkit import serve
from tests.runtime.data.support import delivery_of, incoming
from tests.runtime.transport.support import (
    DEAD_LETTERS,
    GROUP,
    NOTED,
    OPERATION,
    STREAM,
    Note,
    age,
    consuming,
    pending,
    until,
)

pytestmark = pytest.mark.usefixtures("often")

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database with the runtime's tables, SQLite unless a test asks for PostgreSQL."""
    is_postgres = getattr(request, "param", "sqlite") == "postgres"
    url = request.getfixturevalue("postgres_url") if is_postgres else f"sqlite:///{tmp_path / 'inbox.db'}"
    await migrate_runtime(url)
    database = Database("archive", url=url)
    yield database
    await database.close()


@pytest.fixture
def subscribed(broker: EventBroker) -> EventBroker:
    """The group subscribes; nobody reads."""

    @broker.subscriber(NOTED, group=GROUP, operation=OPERATION)
    async def handle(payload: Note) -> None:
        raise AssertionError

    return broker


async def remember(database: Database, *ages: timedelta, operation: str = OPERATION) -> list[CloudEvent]:
    """Events that the operation handled so long ago."""
    events = [incoming() for _ in ages]
    async with database.session() as session:
        for event, ago in zip(events, ages, strict=True):
            await record(await session.connection(), delivery_of(event, operation=operation))
            await session.execute(update(inbox).where(inbox.c.id == event.id).values(handled_at=now() - ago))
        await session.commit()
    return events


async def remembered(database: Database) -> set[str]:
    async with database.session() as session:
        return set(await session.scalars(select(inbox.c.id)))


async def add(broker: EventBroker, stream: str, ago: timedelta, fields: dict[Any, Any]) -> bytes:
    """An entry that was written so long ago."""
    at = int((datetime.now(UTC) - ago).timestamp() * 1000)
    id_: Any = await broker.redis.xadd(stream, fields, id=f"{at}-0")
    return bytes(id_)


@pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
async def test_without_anything_to_come_what_is_older_than_the_memory_goes(
    subscribed: EventBroker, database: Database
) -> None:
    _, young = await remember(database, MEMORY + HOUR, MEMORY - HOUR)
    (other,) = await remember(database, 50 * DAY, operation="notes.burn")
    assert await subscribed.oldest(GROUP) == {OPERATION: None}
    assert await forget(database.engine, await subscribed.oldest(GROUP)) == 1
    assert await remembered(database) == {young.id, other.id}, "another process may know that operation"


async def test_what_the_stream_holds_is_remembered_and_so_long_before(
    subscribed: EventBroker, database: Database
) -> None:
    """All of it, handled or not: it is read again from its beginning when the group is lost."""
    await add(subscribed, STREAM, 30 * DAY, {"a": "b"})
    _, young = await remember(database, 30 * DAY + MEMORY + HOUR, 30 * DAY + MEMORY - HOUR)
    assert await forget(database.engine, await subscribed.oldest(GROUP)) == 1
    assert await remembered(database) == {young.id}


@pytest.mark.parametrize("records", [DEAD_LETTERS, "event_redrive:archive"])
async def test_what_dead_letters_and_redrives_came_from_is_remembered(
    subscribed: EventBroker, database: Database, records: str
) -> None:
    """By the age of the original entries, which has nothing to do with the order of the records."""
    redis = subscribed.redis
    ids = [f"{int((datetime.now(UTC) - ago).timestamp() * 1000)}-0" for ago in (20 * DAY, 30 * DAY, DAY)]
    pipe = redis.pipeline(transaction=False)
    for id_ in ids * 700:  # several pages
        pipe.xadd(records, {"stream": STREAM, "original_id": id_})
    await pipe.execute()
    await redis.xadd(records, {"stream": "another", "original_id": "1-0"})
    await redis.xadd(records, {"by": "hand"})
    _, young = await remember(database, 30 * DAY + MEMORY + HOUR, 30 * DAY + MEMORY - HOUR)
    assert await forget(database.engine, await subscribed.oldest(GROUP)) == 1
    assert await remembered(database) == {young.id}


async def test_an_operation_of_a_clock_and_an_event_remembers_for_both(subscribed: EventBroker) -> None:
    async def handle(payload: Any) -> None:
        raise AssertionError

    other = type(NOTED)(name="note.shelved", message=Note, key="id")
    subscribed.subscriber(other, group=GROUP, operation=OPERATION)(handle)
    older = await add(subscribed, "note.shelved", 3 * DAY, {"a": "b"})
    await add(subscribed, STREAM, DAY, {"a": "b"})
    (found,) = (await subscribed.oldest(GROUP)).values()
    assert found is not None
    assert int(found.timestamp() * 1000) == int(older.partition(b"-")[0])


async def test_it_goes_in_batches(
    subscribed: EventBroker, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "BATCH", 3)
    await remember(database, *[MEMORY + HOUR] * 10)
    assert await forgetting._remove_batch(database.engine, OPERATION, now() - MEMORY) == 3
    assert await forget(database.engine, await subscribed.oldest(GROUP)) == 7
    assert await remembered(database) == set()


async def test_an_event_parked_for_longer_than_the_memory_is_not_applied_twice(
    broker: EventBroker, database: Database
) -> None:
    """Its effect was committed, its acknowledgement never came; weeks later it is delivered again."""
    work = UnitOfWorkFactory(GROUP, database.session)
    applied: list[int] = []
    event = NOTED.envelope(Note(id=1), source="tests")

    async def apply(note: Note) -> None:
        async with work.command(OPERATION):
            applied.append(note.id)

    await add(broker, STREAM, 30 * DAY, encode(event))
    async with consuming(broker, apply) as consumer:
        await until(lambda: consumer.counts.handled)
    assert applied == [1]
    async with database.session() as session:
        await session.execute(update(inbox).values(handled_at=now() - 30 * DAY + timedelta(seconds=1)))
        await session.commit()
    await broker.redis.xgroup_setid(STREAM, GROUP, "0")  # what a Redis taken back by a second does
    await broker.redis.xreadgroup(GROUP, "__retry_1__", {STREAM: ">"})
    assert await pending(broker) == 1
    await forget(database.engine, await broker.oldest(GROUP))
    assert await remembered(database) == {event.id}
    await age(broker, "__retry_1__")
    async with consuming(broker, apply) as consumer:
        await until(lambda: consumer.counts.suppressed)
    assert applied == [1]


async def test_a_running_service_forgets(
    subscribed: EventBroker, database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("DATABASE_URL", str(database.engine.url).replace("+aiosqlite", ""))
    monkeypatch.setattr(
        "framework.runtime.inbox.forgetting.keep_forgetting.__defaults__", (timedelta(seconds=0.1),)
    )
    await remember(database, MEMORY + HOUR)

    async def is_clean() -> bool:
        return not await remembered(database)

    app = create_worker_app(service=GROUP, broker=subscribed, database=database, register=lambda broker: None)
    async with serve(app):
        await until(is_clean)


async def test_an_outage_is_nothing_to_tell_of(
    subscribed: EventBroker, database: Database, redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, forgetting.__name__)
    await remember(database, MEMORY + HOUR)
    redis_server.kill()
    running = asyncio.create_task(keep_forgetting(database, subscribed, GROUP, timedelta(seconds=0.05)))
    await until(lambda: "while the broker is down" in caplog.text)
    redis_server.start()

    async def is_clean() -> bool:
        return not await remembered(database)

    await until(is_clean)
    running.cancel()
    assert not [each for each in caplog.records if each.levelno >= logging.WARNING]
