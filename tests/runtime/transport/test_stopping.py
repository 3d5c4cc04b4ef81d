"""How a consumer stops: what runs is finished, the rest given back."""

import asyncio

from framework.runtime.broker import EventBroker
from framework.runtime.redis_streams.group import Group
from framework.runtime.redis_streams.places import HEIR
from tests.runtime.transport.support import (
    DEAD_LETTERS,
    GROUP,
    REDRIVES,
    STREAM,
    Note,
    abandon,
    consuming,
    pending_entries,
    publish,
    until,
)


async def test_a_stop_finishes_what_runs_and_gives_back_the_rest_at_once(
    broker: EventBroker, redis_url: str
) -> None:
    """Lease of 60 s: what another process gets within seconds was given back, and did not expire."""
    other_broker = EventBroker(url=redis_url)
    done: list[int] = []
    begun, finish = asyncio.Event(), asyncio.Event()
    await publish(broker, Note(id=0))

    async def work(note: Note) -> None:
        begun.set()
        await finish.wait()
        done.append(note.id)

    async with consuming(broker, work, concurrency=1, lease=60, grace=60) as consumer:
        await begun.wait()
        await publish(broker, Note(id=1), Note(id=2))
        assert await abandon(broker, HEIR, counter=0) == 2
        await until(lambda: consumer.counts.claimed == 1)

        async def finish_when_the_rest_is_given_back() -> None:
            await until(lambda: consumer.counts.released == 1)
            finish.set()

        finishing = asyncio.create_task(finish_when_the_rest_is_given_back())
    await finishing
    assert done == [0]
    assert consumer.counts.released == 1
    left = {entry.consumer: entry.deliveries for entry in await pending_entries(broker)}
    assert left == {HEIR: 0}, "the delivery that did not count is taken back"

    async with consuming(other_broker, work, lease=60):
        await until(lambda: sorted(done) == [0, 1, 2])
    await other_broker.close()


async def test_a_stop_cuts_off_what_exceeds_the_grace_time(broker: EventBroker, redis_url: str) -> None:
    other_broker = EventBroker(url=redis_url)
    done: list[int] = []
    begun = asyncio.Event()

    async def hang(note: Note) -> None:
        begun.set()
        await asyncio.sleep(3600)

    async def finish(note: Note) -> None:
        done.append(note.id)

    loop = asyncio.get_running_loop()
    async with consuming(broker, hang, lease=60, grace=0.3):
        await publish(broker, Note(id=1))
        await begun.wait()
        begin = loop.time()
    assert loop.time() - begin < 20
    async with consuming(other_broker, finish, lease=60):
        await until(lambda: done == [1])
    await other_broker.close()


async def test_a_retry_that_is_given_back_keeps_its_failures(broker: EventBroker) -> None:
    """Counters that Lua would write as 1e+16 among them."""
    begun = asyncio.Event()

    async def hang(note: Note) -> None:
        begun.set()
        await asyncio.sleep(3600)

    counters = [2_000, 7_003_000, 10**12, 10**12 + 2_000]
    for counter in counters:
        await publish(broker, Note(id=counter))
        await abandon(broker, f"gone-{counter}", counter=counter)
    async with consuming(broker, hang, lease=60, grace=0.1, concurrency=10) as consumer:
        await begun.wait()
        await until(lambda: consumer._holdings.count == 4)
        begun.clear()
    left = await pending_entries(broker)
    assert [(entry.consumer, entry.deliveries) for entry in left] == [(HEIR, each) for each in counters]


async def test_a_stop_need_not_wait_for_an_event(broker: EventBroker) -> None:
    group = Group(broker.redis, GROUP, "me", [STREAM], dead_letters=DEAD_LETTERS, redrives=REDRIVES)
    await group.create()
    reading = asyncio.create_task(group.read(1, 0))

    async def waits() -> bool:
        if not group._reader:
            return False
        (reader,) = await broker.redis.client_list(client_id=[str(group._reader)])
        return "b" in reader["flags"]

    await until(waits)
    await group.wake()

    assert await reading == []
    await group.close()
