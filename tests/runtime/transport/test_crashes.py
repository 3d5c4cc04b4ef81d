"""What a process leaves behind when it dies, and events that kill their process.

An entry abandoned under another name has one crash behind it, as one of a killed process has.
"""

import asyncio

import pytest

from framework.runtime.broker import EventBroker
from framework.runtime.redis_streams.handling import CRASH_LIMIT
from framework.runtime.redis_streams.places import retry_place
from tests.runtime.transport.support import (
    GROUP,
    STREAM,
    Note,
    abandon,
    consumers,
    consuming,
    dead_letters,
    pending,
    pending_entries,
    publish,
    until,
)

pytestmark = pytest.mark.usefixtures("often")


async def test_the_dead_are_removed_and_what_they_held_is_handled(broker: EventBroker) -> None:
    done: list[int] = []

    async def finish(note: Note) -> None:
        done.append(note.id)

    redis = broker.redis
    await redis.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
    await publish(broker, *(Note(id=i) for i in range(5)))
    await redis.xreadgroup(GROUP, "dead", {STREAM: ">"})
    await redis.xgroup_createconsumer(STREAM, GROUP, "idle")
    await redis.xgroup_createconsumer(STREAM, GROUP, retry_place(1))
    async with consuming(broker, finish, lease=0.5) as consumer:
        await until(lambda: sorted(done) == list(range(5)))
        await until(lambda: _names(broker, {retry_place(1), consumer._group.consumer}))


async def test_a_crash_takes_no_retry_away(broker: EventBroker) -> None:
    """Two failures, then a crash: the third failure of four deliveries is not the last."""
    await publish(broker, Note(id=1))
    await abandon(broker, counter=2_001)

    async def fail(note: Note) -> None:
        raise LookupError

    async with consuming(broker, fail) as consumer:
        await until(lambda: consumer.counts.failed == 1)
    (entry,) = await pending_entries(broker)
    assert (entry.consumer, entry.deliveries % 1_000_000) == (retry_place(3), 3_001)
    assert await dead_letters(broker) == []


async def test_what_has_crashed_too_often_is_not_run_again(
    broker: EventBroker, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[int] = []

    async def keep(note: Note) -> None:
        done.append(note.id)

    for id_, crashes in enumerate((CRASH_LIMIT - 1, CRASH_LIMIT, CRASH_LIMIT + 1)):
        await publish(broker, Note(id=id_))
        await abandon(broker, f"gone-{id_}", counter=1_000 + crashes)
    async with consuming(broker, keep) as consumer:
        await until(lambda: consumer.counts.dead == 2)
        await until(lambda: _is_zero(broker))
    assert done == [0]
    letters = await dead_letters(broker)
    assert {letter["error_type"] for letter in letters} == {b"CrashLoop"}
    assert "Traceback" not in caplog.text


async def test_what_has_crashed_runs_alone(broker: EventBroker) -> None:
    running: set[int] = set()
    together: set[frozenset[int]] = set()
    done: list[int] = []

    async def work(note: Note) -> None:
        running.add(note.id)
        if note.id in {1, 2}:  # news must wait
            await publish(broker, Note(id=note.id + 10))
        await asyncio.sleep(0.3)
        together.add(frozenset(running))
        running.discard(note.id)
        done.append(note.id)

    await publish(broker, Note(id=1), Note(id=2))
    await abandon(broker)
    await publish(broker, Note(id=3), Note(id=4))
    async with consuming(broker, work):
        await until(lambda: sorted(done) == [1, 2, 3, 4, 11, 12])
    assert all(len(each) == 1 for each in together if each & {1, 2}), together


async def test_one_that_has_crashed_and_hangs_does_not_keep_the_process_from_reading(
    broker: EventBroker,
) -> None:
    finish = asyncio.Event()
    done: list[int] = []

    async def work(note: Note) -> None:
        if note.id <= 2:
            await finish.wait()
        done.append(note.id)

    await publish(broker, Note(id=1))
    await abandon(broker)
    await publish(broker, Note(id=2))
    async with consuming(broker, work, lease=0.5) as consumer:
        await until(lambda: len(consumer._holdings.running()) == 2)
        await publish(broker, Note(id=3))
        await until(lambda: done == [3])
        finish.set()
        await until(lambda: sorted(done) == [1, 2, 3])


async def _names(broker: EventBroker, expected: set[str]) -> bool:
    return set(await consumers(broker)) == expected


async def _is_zero(broker: EventBroker) -> bool:
    return await pending(broker) == 0
