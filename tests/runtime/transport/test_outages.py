"""Redis and databases that go away under a running consumer: waited for, told once, charged to no event."""

import asyncio
import logging

import pytest

from framework.runtime.broker import EventBroker
from framework.runtime.errors import Conflict
from framework.runtime.events import PublishFailed
from framework.runtime.events import publish as publish_event
from framework.runtime.redis_streams.places import retry_place
from framework.runtime.transport import BrokerNotConfigured, BrokerUnavailable
from framework.servers.redis import RedisServer
from tests.runtime.transport.support import (
    NOTED,
    STREAM,
    Note,
    abandon,
    consuming,
    dead_letters,
    pending,
    publish,
    until,
)


async def test_flushall_is_survived(broker: EventBroker) -> None:
    seen: list[int] = []

    async def keep(note: Note) -> None:
        seen.append(note.id)

    async with consuming(broker, keep):
        await publish(broker, Note(id=1))
        await until(lambda: seen == [1])
        await broker.redis.flushall()
        await publish(broker, Note(id=2))
        await until(lambda: seen == [1, 2])
        await broker.redis.delete(STREAM)
        await publish(broker, Note(id=3), Note(id=4))
        await until(lambda: seen == [1, 2, 3, 4])
        await until(lambda: _is_zero(broker))


async def test_a_flush_while_a_handler_runs_does_not_stop_the_handler(broker: EventBroker) -> None:
    begun = asyncio.Event()
    done: list[int] = []

    async def work(note: Note) -> None:
        begun.set()
        await asyncio.sleep(0.8)
        done.append(note.id)

    async with consuming(broker, work, lease=0.6):
        await publish(broker, Note(id=1))
        await begun.wait()
        await broker.redis.flushall()
        await until(lambda: done == [1])
        await publish(broker, Note(id=2))
        await until(lambda: done == [1, 2])


async def test_a_key_of_another_type_in_the_place_of_the_stream_is_told_and_outlived(
    broker: EventBroker, caplog: pytest.LogCaptureFixture
) -> None:
    await broker.redis.set(STREAM, "a string")
    seen: list[int] = []

    async def keep(note: Note) -> None:
        seen.append(note.id)

    async with consuming(broker, keep):
        await until(lambda: "WRONGTYPE" in caplog.text)
        await broker.redis.delete(STREAM)
        await publish(broker, Note(id=1))
        await until(lambda: seen == [1])


async def test_a_restart_of_redis_is_waited_for_and_told_once(
    broker: EventBroker, redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    seen: list[int] = []

    async def keep(note: Note) -> None:
        seen.append(note.id)

    async with consuming(broker, keep):
        await publish(broker, Note(id=1))
        await until(lambda: seen == [1])
        redis_server.kill()
        await until(lambda: "Redis is down" in caplog.text)
        await asyncio.sleep(1)
        redis_server.start()
        await until(lambda: "Redis is back" in caplog.text)
        await publish(broker, Note(id=2))
        await until(lambda: seen == [1, 2])
    told = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(told) == 1, told


async def test_redis_may_come_after_the_consumer(
    redis_url: str, redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    redis_server.kill()
    broker = EventBroker(url=redis_url)
    seen: list[int] = []

    async def keep(note: Note) -> None:
        seen.append(note.id)

    async with consuming(broker, keep):
        await until(lambda: "Redis is down" in caplog.text)
        redis_server.start()
        await publish(broker, Note(id=1))
        await until(lambda: seen == [1])
    await broker.close()


async def test_a_stop_during_an_outage_ends(redis_url: str, redis_server: RedisServer) -> None:
    broker = EventBroker(url=redis_url)
    begun = asyncio.Event()

    async def hang(note: Note) -> None:
        begun.set()
        await asyncio.sleep(3600)

    loop = asyncio.get_running_loop()
    async with consuming(broker, hang, grace=0.2):
        await publish(broker, Note(id=1))
        await begun.wait()
        redis_server.kill()
        start = loop.time()
    assert loop.time() - start < 30
    await broker.close()


async def test_an_outage_of_the_database_is_waited_for_and_charged_to_nobody(
    broker: EventBroker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    is_up = False
    tries: list[int] = []
    done: list[int] = []

    async def probe() -> None:
        if not is_up:
            raise OSError("connection refused")

    async def write(note: Note) -> None:
        tries.append(note.id)
        if not is_up:
            raise RuntimeError("some error of a driver")
        done.append(note.id)

    async with consuming(broker, write, concurrency=2, probes={"the database": probe}) as consumer:
        await publish(broker, *(Note(id=i) for i in range(10)))
        await until(lambda: "the database is down" in caplog.text)
        await asyncio.sleep(1.5)
        assert await pending(broker) == 2, "reading is paused"
        assert len(tries) == 2
        is_up = True
        await until(lambda: len(done) == 10)
    assert consumer.counts.failed == 0
    assert consumer.counts.claimed == 0
    told = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert told == ["the database is down, waiting for it: connection refused"]


async def test_an_error_while_everything_works_is_the_handlers_own(broker: EventBroker) -> None:
    async def probe() -> None:
        return

    async def fail(note: Note) -> None:
        raise OSError("disk full")

    async with consuming(broker, fail, probes={"the database": probe}) as consumer:
        await publish(broker, Note(id=1))
        await until(lambda: consumer.counts.failed == 1)


async def test_an_outage_at_the_last_attempt_does_not_make_a_dead_letter(broker: EventBroker) -> None:
    looks = 0
    done: list[int] = []

    async def probe() -> None:
        nonlocal looks
        looks += 1
        if looks < 3:
            raise OSError("connection refused")

    async def write(note: Note) -> None:
        if looks < 3:
            raise RuntimeError("some error of a driver")
        done.append(note.id)

    await publish(broker, Note(id=1))
    await abandon(broker, retry_place(3), counter=3_000)
    async with consuming(broker, write, probes={"the database": probe}) as consumer:
        await until(lambda: done == [1])
        await until(lambda: _is_zero(broker))
    assert (consumer.counts.failed, consumer.counts.dead) == (0, 0)
    assert await dead_letters(broker) == []


async def test_a_failure_during_an_outage_of_redis_gives_its_slot_back(
    broker: EventBroker, redis_server: RedisServer
) -> None:
    """This Redis forgets everything when it is killed: nothing is left to park."""
    begun, finish = asyncio.Event(), asyncio.Event()
    done: list[int] = []

    async def work(note: Note) -> None:
        if note.id == 1:
            begun.set()
            await finish.wait()
            raise Conflict("refused for good")
        done.append(note.id)

    async with consuming(broker, work, concurrency=1):
        await publish(broker, Note(id=1))
        await begun.wait()
        redis_server.kill()
        finish.set()
        redis_server.start()
        await publish(broker, Note(id=2))
        await until(lambda: done == [2])


async def test_what_waits_for_the_end_of_an_outage_is_given_back_at_a_stop(broker: EventBroker) -> None:
    async def probe() -> None:
        raise OSError

    tries: list[int] = []

    async def fail(note: Note) -> None:
        tries.append(note.id)
        raise RuntimeError

    loop = asyncio.get_running_loop()
    async with consuming(broker, fail, grace=3600, probes={"the database": probe}) as consumer:
        await publish(broker, Note(id=1))
        await until(lambda: tries and not consumer._holdings.running())
        start = loop.time()
    assert loop.time() - start < 30
    assert consumer.counts.released == 1


async def test_publishing_while_redis_is_down_is_refused_after_three_tries(
    redis_url: str, redis_server: RedisServer
) -> None:
    redis_server.kill()
    broker = EventBroker(url=redis_url)
    event = NOTED.envelope(Note(id=1), source="tests")
    with pytest.raises(BrokerUnavailable):
        await broker.publish_many([event])
    with pytest.raises(PublishFailed):
        await publish_event(broker, NOTED, Note(id=1), None)
    sending = asyncio.create_task(broker.publish(event))
    await asyncio.sleep(0.2)
    redis_server.start()
    await sending
    assert await broker.redis.xlen(STREAM) == 1
    await broker.close()


async def test_one_event_that_is_refused_keeps_back_no_other(broker: EventBroker) -> None:
    good = NOTED.envelope(Note(id=1), source="tests")
    unwritable = good.model_copy(update={"subject": "x" * 70_000})
    elsewhere = good.model_copy(update={"type": "taken"})
    await broker.redis.set("taken", "a string")
    answers = await broker.publish_many([good, unwritable, elsewhere, good])
    assert [answer is None for answer in answers] == [True, False, False, True]
    assert await broker.redis.xlen(STREAM) == 2
    assert await broker.publish_many([]) == []


@pytest.mark.parametrize("url", [None, "", "localhost:6379", "http://localhost"])
async def test_a_missing_or_malformed_url_is_named_at_connect(
    url: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    broker = EventBroker(url=url)
    with pytest.raises(BrokerNotConfigured, match=r"REDIS_URL is not .* redis://localhost:6379/0"):
        await broker.connect()
    await broker.close()


async def _is_zero(broker: EventBroker) -> bool:
    return await pending(broker) == 0
