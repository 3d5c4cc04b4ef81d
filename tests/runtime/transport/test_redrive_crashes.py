"""Whoever is killed while dead letters are sent again: none is lost, and none is sent or handled twice."""

import asyncio
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from framework.runtime.broker import EventBroker
from framework.runtime.dead_letters import Selection
from framework.runtime.transport import BrokerUnavailable
from framework.servers.redis import RedisServer, start_redis
from tests.runtime.transport.processes import START, Process, kept
from tests.runtime.transport.support import DEAD_LETTERS, GROUP, REDRIVES, STREAM, Note, publish, until

LETTERS = 5_000


@pytest.fixture
def durable(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis that keeps everything it has acknowledged."""
    server = start_redis(["--appendonly", "yes", "--appendfsync", "always", "--dir", str(tmp_path)])
    yield server
    server.close()


async def originals(broker: EventBroker, stream: str) -> Counter[bytes]:
    entries: Any = await broker.redis.xrange(stream)
    return Counter(fields[b"original_id"] for _, fields in entries)


async def is_back(broker: EventBroker) -> bool:
    """Whether Redis has read all that it kept."""
    with suppress(BrokerUnavailable):
        await broker.check()
        return True
    return False


async def test_redis_is_killed_while_thousands_are_sent_again(durable: RedisServer) -> None:
    broker, watcher = EventBroker(url=durable.url), EventBroker(url=durable.url)
    async with broker.redis.pipeline(transaction=False) as pipe:
        for number in range(LETTERS):
            pipe.xadd(DEAD_LETTERS, {"original_id": f"{number}-1", "stream": STREAM, "redrives": "0"})
        ids = [id_.decode() for id_ in await pipe.execute()]

    async def is_under_way() -> bool:
        return int(await watcher.redis.xlen(REDRIVES)) > 500

    sending = asyncio.create_task(broker.dead_letters(GROUP).redrive(ids))
    await until(is_under_way)
    durable.kill()
    with pytest.raises(BrokerUnavailable):
        await sending
    durable.start()
    await until(lambda: is_back(broker))
    left, sent = await originals(broker, DEAD_LETTERS), await originals(broker, REDRIVES)
    assert 500 < len(sent) < LETTERS
    assert left.keys().isdisjoint(sent)
    assert left.total() + sent.total() == len(left) + len(sent) == LETTERS
    await broker.dead_letters(GROUP).redrive(ids)
    assert await originals(broker, REDRIVES) == left + sent
    assert await broker.redis.exists(DEAD_LETTERS) == 1
    assert await broker.dead_letters(GROUP).count() == 0
    await broker.close()
    await watcher.close()


@pytest.mark.timeout(900)
async def test_a_process_is_killed_while_it_handles_what_was_sent_again(
    broker: EventBroker, database: Path, run: Callable[..., Process]
) -> None:
    numbers = range(40)
    letters = broker.dead_letters(GROUP)
    broken = run(RETRY="")
    await publish(broker, *(Note(id=number, text="fail") for number in numbers))

    async def all_failed() -> bool:
        return await letters.count() == len(numbers)

    await until(all_failed, START)
    broken.stop()
    ids = [letter.id async for letter in letters.find(Selection())]
    assert len(await letters.redrive(ids)) == len(numbers)
    environment = {"HEALTHY": 1, "EVENTS_LEASE": 1, "EVENTS_CONCURRENCY": 4}
    for goal in (1, 12):
        process = run(**environment, WORK_SECONDS=0.5)  # so that it cannot handle all before it is killed
        await until(lambda: len(kept(database)) >= goal, START)  # noqa: B023
        process.send(signal.SIGKILL)
    assert len(kept(database)) < len(numbers)
    run(**environment)
    await until(lambda: kept(database) == Counter(numbers), START)

    async def is_empty() -> bool:
        return await broker.redis.xlen(REDRIVES) == await letters.count() == 0

    await until(is_empty, START)
    assert kept(database) == Counter(numbers)
