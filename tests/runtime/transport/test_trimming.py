"""Old events leave their streams, and nothing that somebody has yet to handle."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from framework.runtime.broker import EventBroker
from framework.runtime.events import RETENTION, EventDefinition
from framework.runtime.redis_streams.trimming import LOCK_PREFIX
from framework.runtime.service import create_worker_app
from framework.runtime.trimming import keep_trimmed
from framework.servers.redis import RedisServer
from framework.testkit import serve
from tests.runtime.transport.support import DEAD_LETTERS, GROUP, STREAM, Note, until

HOUR = 3_600_000
PAUSE = timedelta(minutes=1)
KEPT = EventDefinition(name=STREAM, message=Note, key="id", retention=timedelta(hours=2))


@pytest.fixture
async def broker(broker: EventBroker) -> AsyncIterator[EventBroker]:
    """Its Redis trims entry by entry, and not only whole blocks."""
    broker.declare(KEPT)
    await broker.redis.config_set("stream-node-max-entries", 1)
    yield broker
    await broker.redis.config_set("stream-node-max-entries", 100)


async def add(broker: EventBroker, *hours: float) -> list[str]:
    """Entries that were written so many hours ago, as ids."""
    seconds, _ = await broker.redis.time()
    ids = [f"{seconds * 1000 - int(each * HOUR)}-1" for each in hours]
    for id_ in ids:
        await broker.redis.xadd(STREAM, {"a": "b"}, id=id_)
    return ids


async def left(broker: EventBroker, stream: str = STREAM) -> list[str]:
    entries: Any = await broker.redis.xrange(stream)
    return [id_.decode() for id_, _ in entries]


async def read(broker: EventBroker, group: str, count: int) -> None:
    await broker.redis.xreadgroup(group, "one", {STREAM: ">"}, count=count)


async def make_group(broker: EventBroker, group: str = GROUP) -> None:
    await broker.redis.xgroup_create(STREAM, group, id="0", mkstream=True)


async def test_what_is_handled_goes_when_it_is_older_than_its_retention(broker: EventBroker) -> None:
    await make_group(broker)
    ids = await add(broker, 5, 4, 3, 1, 0)
    await read(broker, GROUP, 5)
    await broker.redis.xack(STREAM, GROUP, *ids)
    assert await broker.trim(PAUSE) == 3
    assert await left(broker) == ids[3:]


async def test_without_subscribers_the_retention_alone_counts(broker: EventBroker) -> None:
    ids = await add(broker, 5, 4, 3, 1, 0)
    assert await broker.trim(PAUSE) == 3
    assert await left(broker) == ids[3:]


async def test_what_is_pending_stays_however_old_it_is_and_all_that_follows(broker: EventBroker) -> None:
    """A retry that is parked for days has its message when it is due."""
    await make_group(broker)
    ids = await add(broker, 50, 40, 30, 20, 0)
    await read(broker, GROUP, 5)
    await broker.redis.xclaim(STREAM, GROUP, "__retry_1__", 0, [ids[2]])
    await broker.redis.xack(STREAM, GROUP, ids[0], ids[1], ids[3], ids[4])
    assert await broker.trim(PAUSE) == 2
    assert await left(broker) == ids[2:]


async def test_what_a_group_has_not_read_stays_however_old_it_is(broker: EventBroker) -> None:
    await make_group(broker)
    await make_group(broker, "slow")
    await make_group(broker, "new")
    ids = await add(broker, 50, 40, 30, 20, 0)
    await read(broker, GROUP, 5)
    await broker.redis.xack(STREAM, GROUP, *ids)
    assert await broker.trim(PAUSE) == 0
    await broker.redis.xgroup_destroy(STREAM, "new")
    await read(broker, "slow", 3)
    await broker.redis.xack(STREAM, "slow", *ids[:3])
    await _unlock(broker)
    assert await broker.trim(PAUSE) == 2
    assert await left(broker) == ids[2:], "the last that was read, and what follows it"


async def test_one_process_at_a_time_trims(broker: EventBroker, redis_url: str) -> None:
    other_broker = EventBroker(url=redis_url)
    other_broker.declare(KEPT)
    await add(broker, 5)
    assert await broker.trim(PAUSE) == 1
    await broker.redis.delete(STREAM)
    await add(broker, 5)
    assert await other_broker.trim(PAUSE) == 0
    assert 0 < await broker.redis.pttl(LOCK_PREFIX + STREAM) <= 60_000
    await _unlock(broker)
    assert await other_broker.trim(PAUSE) == 1
    await other_broker.close()


async def test_there_is_no_limit_to_what_goes_at_once(broker: EventBroker) -> None:
    await broker.redis.config_set("stream-node-max-entries", 100)
    pipe = broker.redis.pipeline(transaction=False)
    for number in range(1, 12_001):
        pipe.xadd(STREAM, {"a": "b"}, id=f"{number}-0")
    await pipe.execute()
    assert await broker.trim(PAUSE) >= 11_900


async def test_streams_of_other_prefixes_and_dead_letters_are_left_alone(redis_url: str) -> None:
    broker = EventBroker(stream_prefix="shop:", url=redis_url)
    broker.declare(KEPT)
    await add(broker, 5)
    await broker.redis.xadd(DEAD_LETTERS, {"a": "b"}, id="1-1")
    await broker.redis.set("shop:" + STREAM, "no stream")
    assert await broker.trim(PAUSE) == 0
    assert len(await left(broker)) == len(await left(broker, DEAD_LETTERS)) == 1
    await broker.close()


async def test_an_event_is_kept_for_three_days_unless_its_spec_says_otherwise() -> None:
    assert EventDefinition(name="a", message=Note, key=None).retention == RETENTION == timedelta(days=3)


async def test_a_running_service_trims(
    redis_url: str, broker: EventBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setattr("framework.runtime.trimming.keep_trimmed.__defaults__", (timedelta(seconds=0.1),))
    await add(broker, 5)
    app = create_worker_app(service=GROUP, broker=broker, database=None, register=None)
    async with serve(app):
        await until(lambda: _is_trimmed(broker))


async def test_an_outage_is_nothing_to_tell_of(
    redis_url: str, redis_server: RedisServer, broker: EventBroker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await add(broker, 5)
    trimming = asyncio.create_task(keep_trimmed(broker, timedelta(seconds=0.05)))
    redis_server.kill()
    await until(lambda: "no trimming while the broker is down" in caplog.text)
    redis_server.start()
    await add(broker, 5)
    await until(lambda: _is_trimmed(broker))
    trimming.cancel()
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def _is_trimmed(broker: EventBroker) -> bool:
    return await left(broker) == []


async def _unlock(broker: EventBroker) -> None:
    await broker.redis.delete(LOCK_PREFIX + STREAM)
