"""A Redis that comes back without its last second: a replay of the outbox brings everything back, once."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.envelope import now
from framework.runtime.events import publish
from framework.runtime.migrate import migrate_runtime
from framework.runtime.outbox.drain import drain
from framework.runtime.outbox.replay import Selection, plan_replay, replay
from framework.runtime.unit_of_work import UnitOfWorkFactory
from framework.servers.redis import RedisServer, start_redis
from tests.runtime.transport.support import GROUP, NOTED, OPERATION, STREAM, Note, consuming, pending, until

pytestmark = pytest.mark.usefixtures("often")


@pytest.fixture
def durable_redis(tmp_path: Path) -> Iterator[tuple[RedisServer, Path]]:
    """One that writes down every command at once, and where."""
    server = start_redis(["--appendonly", "yes", "--appendfsync", "always", "--dir", str(tmp_path)])
    yield server, tmp_path / "appendonlydir"
    server.close()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """That of a service which publishes, and handles what it publishes."""
    url = f"sqlite:///{tmp_path / 'archive.db'}"
    await migrate_runtime(url)
    database = Database("archive", url=url)
    yield database
    await database.close()


async def test_nothing_is_lost_and_nothing_applied_twice(
    durable_redis: tuple[RedisServer, Path], database: Database, tmp_path: Path
) -> None:
    server, log = durable_redis
    broker = EventBroker(url=server.url)
    work = UnitOfWorkFactory(GROUP, database.session)
    applied: Counter[int] = Counter()

    async def apply(note: Note) -> None:
        async with work.command(OPERATION):
            applied[note.id] += 1

    async def write(numbers: range) -> None:
        async with work.command("notes.take") as unit:
            for number in numbers:
                await publish(broker, NOTED, Note(id=number), unit.session)
        assert (await drain(database.engine, broker, 500)).published == len(numbers)

    async def handle_all(total: int) -> int:
        """How many of them had been handled before."""
        async with consuming(broker, apply) as consumer:
            await until(lambda: len(applied) == total)
            await until(lambda: _is_idle(broker))
            return consumer.counts.suppressed

    await write(range(10))
    assert await handle_all(10) == 0
    shutil.copytree(log, tmp_path / "before")
    begin = now()
    await write(range(10, 15))
    assert await handle_all(15) == 0
    await write(range(15, 20))  # nobody has handled these
    await broker.close()
    server.kill()
    shutil.rmtree(log)
    shutil.copytree(tmp_path / "before", log)
    server.start()
    assert await broker.redis.xlen(STREAM) == 10, "the last second is gone"
    plan = await plan_replay(database.engine, Selection(since=begin))
    assert plan.counts == {NOTED.name: 10}
    assert await replay(database.engine, plan) == 10
    assert (await drain(database.engine, broker, 500)).published == 10
    assert await handle_all(20) == 5
    assert applied == Counter(range(20))
    await broker.close()


async def test_all_of_redis_may_be_lost(database: Database, broker: EventBroker) -> None:
    """Its group too: the service makes it anew and is given everything that is replayed."""
    work = UnitOfWorkFactory(GROUP, database.session)
    applied: Counter[int] = Counter()

    async def apply(note: Note) -> None:
        async with work.command(OPERATION):
            applied[note.id] += 1

    async with work.command("notes.take") as unit:
        for number in range(5):
            await publish(broker, NOTED, Note(id=number), unit.session)
    await drain(database.engine, broker, 500)
    async with consuming(broker, apply) as consumer:
        await until(lambda: len(applied) == 5)
        await broker.redis.flushall()
        await replay(database.engine, await plan_replay(database.engine, Selection(event=NOTED.name)))
        await drain(database.engine, broker, 500)
        await until(lambda: consumer.counts.suppressed == 5)
    assert applied == Counter(range(5))


async def _is_idle(broker: EventBroker) -> bool:
    groups = await broker.redis.xinfo_groups(STREAM)
    return not await pending(broker) and all(group["lag"] == 0 for group in groups)
