"""The delivery loop on a real Redis: what is delivered when, and what is left behind."""

import asyncio

import pytest

from framework.runtime.broker import EventBroker
from framework.runtime.consumer_settings import ConsumerSettings
from framework.runtime.delivery import AlreadyHandled, current_delivery
from framework.runtime.events import EventDefinition
from framework.runtime.redis_streams import consumer as loop
from framework.runtime.redis_streams.places import HEIR
from tests.runtime.transport.support import (
    GROUP,
    NOTED,
    OPERATION,
    STREAM,
    Note,
    abandon,
    age,
    consumers,
    consuming,
    pending,
    pending_entries,
    publish,
    until,
)


async def test_what_was_published_before_the_group_existed_is_delivered_and_acknowledged(
    broker: EventBroker,
) -> None:
    await publish(broker, *(Note(id=i) for i in range(50)))
    seen: list[int] = []

    async def keep(note: Note) -> None:
        seen.append(note.id)

    async with consuming(broker, keep) as consumer:
        await until(lambda: len(seen) == 50)
        await publish(broker, Note(id=50))
        await until(lambda: 50 in seen)
    assert seen == sorted(seen)
    assert await pending(broker) == 0
    assert await consumers(broker) == {}, "the consumer has left"
    assert consumer.counts.handled == 51


async def test_the_handler_knows_which_event_it_handles(broker: EventBroker) -> None:
    found = []

    async def look(note: Note) -> None:
        found.append(current_delivery())

    async with consuming(broker, look):
        event = NOTED.envelope(Note(id=7, text="Привет, 世界 🙂"), source="служба")
        await broker.publish(event)
        await until(lambda: found)
    (delivery,) = found
    assert delivery is not None
    assert delivery.event == event
    assert (delivery.operation, delivery.records, delivery.is_final) == (OPERATION, True, False)


async def test_text_of_every_script_arrives_as_it_was_sent(broker: EventBroker) -> None:
    texts = ["Привет", "日本語", "🙂🎉", "\u202eעברית", "a\u0301", "x" * 100_000, "\x7f\x01 \"'%\\"]
    seen: list[str] = []

    async def keep(note: Note) -> None:
        seen.append(note.text)

    async with consuming(broker, keep, concurrency=1):
        await publish(broker, *(Note(id=i, text=text) for i, text in enumerate(texts)))
        await until(lambda: len(seen) == len(texts))
    assert seen == texts


async def test_no_more_handlers_run_than_allowed_and_the_rest_is_not_read(broker: EventBroker) -> None:
    await publish(broker, *(Note(id=i) for i in range(20)))
    running, most, done = 0, 0, 0
    finish = asyncio.Event()

    async def work(note: Note) -> None:
        nonlocal running, most, done
        running += 1
        most = max(most, running)
        await finish.wait()
        await asyncio.sleep(0.02)
        running -= 1
        done += 1

    async with consuming(broker, work, concurrency=3):
        await until(lambda: running == 3)
        assert await pending(broker) <= 6
        finish.set()
        await until(lambda: done == 20)
    assert most == 3


async def test_however_much_there_is_no_more_is_read_than_twice_what_is_handled_at_a_time(
    broker: EventBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fast handlers let a consumer read ahead; its memory must not depend on the backlog."""
    monkeypatch.setattr(loop, "_AHEAD", 60)  # so that handlers are fast on every machine
    held: list[int] = []
    await publish(broker, *(Note(id=i) for i in range(800)))

    async def look(note: Note) -> None:
        held.append(consumer._holdings.count)
        await asyncio.sleep(0.01)  # longer than a read: what a read brings then finds others still here

    async with consuming(broker, look, concurrency=8) as consumer:
        await until(lambda: len(held) == 800)
    assert 8 < max(held) <= 16


async def test_slow_handlers_leave_the_rest_to_others(broker: EventBroker) -> None:
    finish = asyncio.Event()
    await publish(broker, *(Note(id=i) for i in range(100)))

    async def hang(note: Note) -> None:
        await finish.wait()

    async with consuming(broker, hang, concurrency=8) as consumer:
        await until(lambda: len(consumer._holdings.running()) == 8)
        await asyncio.sleep(0.2)
        assert await pending(broker) == 8
        finish.set()


async def test_two_replicas_share(broker: EventBroker, redis_url: str) -> None:
    other_broker = EventBroker(url=redis_url)
    here: list[int] = []
    there: list[int] = []

    both_read = asyncio.Event()

    async def handle(note: Note, where: list[int]) -> None:
        where.append(note.id)
        if here and there:
            both_read.set()
        await both_read.wait()  # lest one has handled all before the other has got ready
        await asyncio.sleep(0.005)

    async def handle_here(note: Note) -> None:
        await handle(note, here)

    async def handle_there(note: Note) -> None:
        await handle(note, there)

    async with (
        consuming(broker, handle_here, concurrency=4),
        consuming(other_broker, handle_there, concurrency=4),
    ):
        await publish(broker, *(Note(id=i) for i in range(200)))
        await until(lambda: len(here) + len(there) == 200)
    await other_broker.close()
    assert sorted(here + there) == list(range(200))
    assert len(here) > 20
    assert len(there) > 20


async def test_what_was_handled_before_is_acknowledged(broker: EventBroker) -> None:
    async def suppress(note: Note) -> None:
        raise AlreadyHandled

    async with consuming(broker, suppress) as consumer:
        await publish(broker, Note(id=1))
        await until(lambda: consumer.counts.suppressed == 1)
        await until(lambda: _is_zero(broker))


async def test_the_heartbeat_keeps_a_long_handler_from_running_twice(
    broker: EventBroker, redis_url: str
) -> None:
    """Made to look as if it had been left for long, it looks young again before anybody may take it over."""
    other_broker = EventBroker(url=redis_url)
    runs: list[int] = []
    begun, finish = asyncio.Event(), asyncio.Event()

    async def take_long(note: Note) -> None:
        runs.append(note.id)
        begun.set()
        await finish.wait()

    async with consuming(broker, take_long, lease=0.3) as one:
        await publish(broker, Note(id=1))
        await begun.wait()
        for _ in range(3):
            await age(broker, one._group.consumer)
            await until(lambda: _is_renewed(broker))
        async with consuming(other_broker, take_long, lease=60) as two:
            await two._sweeper.sweep()
        finish.set()
        await until(lambda: one.counts.handled == 1)
    await other_broker.close()
    assert two.counts.claimed == 0
    assert runs == [1]


async def test_what_another_process_took_over_while_it_waited_here_is_left_to_it(
    broker: EventBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "_SWEEP", 3600)  # it looks once, lest it takes back what is left by the thief
    done: list[int] = []
    begun, finish = asyncio.Event(), asyncio.Event()
    await publish(broker, Note(id=0))

    async def work(note: Note) -> None:
        begun.set()
        await finish.wait()
        done.append(note.id)

    async with consuming(broker, work, concurrency=1, lease=1.5) as consumer:
        await begun.wait()
        await publish(broker, Note(id=1))
        await abandon(broker, HEIR, counter=0)
        await consumer._sweeper.sweep()
        assert consumer.counts.claimed == 1
        waiting = {entry.id for entry in await pending_entries(broker)} - await _first(broker)
        await broker.redis.xclaim(STREAM, GROUP, "thief", 0, list(waiting))
        await until(lambda: any(held.is_taken for held in consumer._holdings.all()))
        finish.set()
        await until(lambda: consumer._holdings.count == 0)
        assert done == [0]
        assert (await consumers(broker))["thief"] == 1


async def test_one_process_reads_many_streams_and_one_that_is_lost_harms_no_other(
    broker: EventBroker,
) -> None:
    events = [EventDefinition(name=f"note.{i}", message=Note, key="id") for i in range(5)]
    seen: list[tuple[str, int]] = []

    def declare(event: EventDefinition[Note]) -> None:
        @broker.subscriber(event, group=GROUP, operation=f"notes.on_{event.name}")
        async def handle(payload: Note) -> None:
            seen.append((event.name, payload.id))

    for event in events:
        declare(event)
    consumer = broker.consumer(GROUP, settings=ConsumerSettings(concurrency=3))
    await consumer.start()
    for number in range(20):
        await broker.publish_many([event.envelope(Note(id=number), source="tests") for event in events])
    await until(lambda: len(seen) == 100)
    await broker.redis.delete("note.3")
    await broker.publish_many([event.envelope(Note(id=20), source="tests") for event in events])
    await until(lambda: len(seen) == 105)
    await consumer.stop()
    assert len(set(seen)) == 105
    assert [await pending(broker, event.name) for event in events] == [0] * 5


async def test_a_consumer_without_subscriptions_does_nothing(
    broker: EventBroker, caplog: pytest.LogCaptureFixture
) -> None:
    consumer = broker.consumer("nobody")
    await consumer.start()
    await asyncio.sleep(0.1)
    await consumer.stop()
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def _first(broker: EventBroker) -> set[bytes]:
    ((id_, _),) = await broker.redis.xrange(STREAM, count=1)  # type: ignore[misc]
    return {id_}  # type: ignore[arg-type]


async def _is_renewed(broker: EventBroker) -> bool:
    return all(entry.idle_ms < 60_000 for entry in await pending_entries(broker))


async def _is_zero(broker: EventBroker) -> bool:
    return await pending(broker) == 0
