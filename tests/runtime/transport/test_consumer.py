"""The delivery loop on a real Redis: what is delivered when, and what is left behind."""

import asyncio

import pytest

from framework.runtime.broker import EventBroker
from framework.runtime.consumer_settings import ConsumerSettings
from framework.runtime.delivery import AlreadyHandled, current_delivery
from framework.runtime.errors import Conflict
from framework.runtime.events import EventDefinition
from framework.runtime.redis_streams.group import HEIR
from tests.runtime.transport.support import (
    GROUP,
    NOTED,
    OPERATION,
    STREAM,
    Note,
    abandon,
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

    async def work(note: Note) -> None:
        nonlocal running, most, done
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.02)
        running -= 1
        done += 1

    async with consuming(broker, work, concurrency=3):
        await until(lambda: running == 3)
        assert await pending(broker) <= 6
        await until(lambda: done == 20)
    assert most == 3


async def test_two_replicas_share(broker: EventBroker, redis_url: str) -> None:
    other_broker = EventBroker(url=redis_url)
    here: list[int] = []
    there: list[int] = []

    async def handle_here(note: Note) -> None:
        here.append(note.id)
        await asyncio.sleep(0.005)

    async def handle_there(note: Note) -> None:
        there.append(note.id)
        await asyncio.sleep(0.005)

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


async def test_a_failure_is_told_and_tried_again_after_the_lease(
    broker: EventBroker, caplog: pytest.LogCaptureFixture
) -> None:
    loop = asyncio.get_running_loop()
    tries: list[float] = []

    async def fail_once(note: Note) -> None:
        tries.append(loop.time())
        if len(tries) == 1:
            raise LookupError("no such shelf")

    async with consuming(broker, fail_once, lease=1):
        event = NOTED.envelope(Note(id=1), source="tests")
        await broker.publish(event)
        await until(lambda: len(tries) == 2)
        await until(lambda: _is_zero(broker))
    assert 0.9 < tries[1] - tries[0] < 20
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert all(words in record.getMessage() for words in (event.id, OPERATION, "delivery 1", "no such shelf"))
    assert record.exc_info


async def test_only_the_first_delivery_is_told_with_a_traceback(
    broker: EventBroker, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(note: Note) -> None:
        raise LookupError("no such shelf\nin this room")

    async with consuming(broker, fail, lease=0.3) as consumer:
        await publish(broker, Note(id=1))
        await until(lambda: consumer.counts.failed >= 3)
    first, *later = [record for record in caplog.records if record.levelname == "ERROR"]
    assert "delivery 1;" in first.getMessage()
    assert first.exc_info
    assert "delivery 2;" in later[0].getMessage()
    assert all(record.exc_info is None for record in later)
    assert all("no such shelf in this room" in record.getMessage() for record in later)


async def test_a_controller_that_is_not_written_is_told_without_a_traceback(
    broker: EventBroker, caplog: pytest.LogCaptureFixture
) -> None:
    async def stub(note: Note) -> None:
        raise NotImplementedError("keep the note here")

    async with consuming(broker, stub) as consumer:
        await publish(broker, Note(id=1))
        await until(lambda: consumer.counts.failed)
        assert await pending(broker) == 1
    assert "delivery 1;" in caplog.text
    assert "keep the note here" in caplog.text
    assert "Traceback" not in caplog.text


async def test_a_refusal_by_the_controller_stays_pending_without_a_traceback(
    broker: EventBroker, caplog: pytest.LogCaptureFixture
) -> None:
    async def refuse(note: Note) -> None:
        raise Conflict("already on the shelf")

    async with consuming(broker, refuse) as consumer:
        await publish(broker, Note(id=1))
        await until(lambda: consumer.counts.failed)
        assert await pending(broker) == 1
    assert "already on the shelf" in caplog.text
    assert "Traceback" not in caplog.text


async def test_what_was_handled_before_is_acknowledged(broker: EventBroker) -> None:
    async def suppress(note: Note) -> None:
        raise AlreadyHandled

    async with consuming(broker, suppress) as consumer:
        await publish(broker, Note(id=1))
        await until(lambda: consumer.counts.suppressed == 1)
        await until(lambda: _is_zero(broker))


async def test_what_cannot_be_decoded_is_told_and_starves_nobody(
    broker: EventBroker, caplog: pytest.LogCaptureFixture
) -> None:
    redis = broker.redis
    for _ in range(3):
        await redis.xadd(STREAM, {"foo": "bar"})
        await redis.xadd(STREAM, {"__data__": b"\xff\x00 no message"})
        await redis.xadd(STREAM, {"__data__": b'{"data": "x", "headers": {"ce-id": 1}}'})
        await redis.xadd(STREAM, {"__data__": b'{"data": "x", "headers": []}'})
    seen: list[int] = []

    async def keep(note: Note) -> None:
        seen.append(note.id)

    async with consuming(broker, keep, concurrency=4, lease=0.3) as consumer:
        for i in range(20):
            await publish(broker, Note(id=i))
            await asyncio.sleep(0.05)
        await until(lambda: len(seen) == 20)
        assert consumer.counts.failed >= 12
        await until(lambda: _all_again(broker, 12), 20)
    assert "notes.keep" in caplog.text


async def test_a_message_of_another_shape_is_undecodable_and_one_of_a_newer_shape_is_not(
    broker: EventBroker, caplog: pytest.LogCaptureFixture
) -> None:
    newer = NOTED.envelope(Note(id=1), source="tests").model_copy(
        update={"data": b'{"id": 1, "text": "x", "colour": "red"}'}
    )
    other = newer.model_copy(update={"id": "other", "data": b'{"id": "secret-value"}'})
    seen: list[Note] = []

    async def keep(note: Note) -> None:
        seen.append(note)

    async with consuming(broker, keep) as consumer:
        await broker.publish_many([newer, other])
        await until(lambda: consumer.counts.failed == 1)
    assert seen == [Note(id=1, text="x")]
    assert "id: Input should be a valid integer" in caplog.text
    assert "secret-value" not in caplog.text


async def test_the_heartbeat_keeps_a_long_handler_from_running_twice(
    broker: EventBroker, redis_url: str
) -> None:
    other_broker = EventBroker(url=redis_url)
    runs: list[int] = []

    async def take_long(note: Note) -> None:
        runs.append(note.id)
        await asyncio.sleep(5)

    async with (
        consuming(broker, take_long, lease=2) as one,
        consuming(other_broker, take_long, lease=2) as two,
    ):
        await publish(broker, Note(id=1))
        await until(lambda: one.counts.handled + two.counts.handled == 1)
        await asyncio.sleep(1)
    await other_broker.close()
    assert runs == [1]


async def test_a_failed_entry_is_not_renewed(broker: EventBroker) -> None:
    async def fail(note: Note) -> None:
        raise RuntimeError

    async with consuming(broker, fail, lease=3) as consumer:
        await publish(broker, Note(id=1))
        await until(lambda: consumer.counts.failed)
        await asyncio.sleep(1.5)
        (entry,) = await pending_entries(broker)
        assert entry.idle_ms > 1400


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

    async with consuming(broker, work, concurrency=1, lease=60) as consumer:
        await begun.wait()
        await publish(broker, Note(id=1), Note(id=2))
        assert await abandon(broker) == 2
        await until(lambda: consumer.counts.claimed == 1)
        asyncio.get_running_loop().call_later(0.5, finish.set)
    assert done == [0]
    assert consumer.counts.released == 1
    left = {entry.consumer: entry.deliveries for entry in await pending_entries(broker)}
    assert left == {HEIR: 1, "gone": 1}, "the delivery that did not count is taken back"

    async with consuming(other_broker, work, lease=60):
        await until(lambda: sorted(done) == [0, 1, 2])
    await other_broker.close()


async def test_a_stop_cuts_off_what_exceeds_the_grace_time(broker: EventBroker, redis_url: str) -> None:
    other_broker = EventBroker(url=redis_url)
    done: list[int] = []

    async def hang(note: Note) -> None:
        await asyncio.sleep(3600)

    async def finish(note: Note) -> None:
        done.append(note.id)

    loop = asyncio.get_running_loop()
    async with consuming(broker, hang, lease=60, grace=0.3):
        await publish(broker, Note(id=1))
        await until(lambda: _is_one(broker))
        begin = loop.time()
    assert loop.time() - begin < 20
    async with consuming(other_broker, finish, lease=60):
        await until(lambda: done == [1])
    await other_broker.close()


async def test_a_failed_entry_keeps_its_lease_and_count_when_its_process_stops(broker: EventBroker) -> None:
    async def fail(note: Note) -> None:
        raise RuntimeError

    async with consuming(broker, fail, lease=60) as consumer:
        await publish(broker, Note(id=1))
        await until(lambda: consumer.counts.failed)
        await asyncio.sleep(0.3)
    (entry,) = await pending_entries(broker)
    assert entry.deliveries == 1
    assert 200 < entry.idle_ms < 50_000


async def test_the_dead_are_removed_and_what_they_held_is_handled(broker: EventBroker) -> None:
    done: list[int] = []

    async def finish(note: Note) -> None:
        done.append(note.id)

    redis = broker.redis
    await redis.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
    await publish(broker, *(Note(id=i) for i in range(5)))
    await redis.xreadgroup(GROUP, "dead", {STREAM: ">"})
    await redis.xgroup_createconsumer(STREAM, GROUP, "idle")
    await redis.xgroup_createconsumer(STREAM, GROUP, "__parked__")
    async with consuming(broker, finish, lease=0.5) as consumer:
        await until(lambda: sorted(done) == list(range(5)))
        await until(lambda: _names(broker, {"__parked__", consumer._group.consumer}))


async def test_what_another_process_took_over_while_it_waited_here_is_left_to_it(broker: EventBroker) -> None:
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
        await abandon(broker)
        await until(lambda: consumer.counts.claimed == 1)
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


async def test_a_handler_that_cancels_itself_has_failed(broker: EventBroker) -> None:
    async def cancel(note: Note) -> None:
        raise asyncio.CancelledError

    async with consuming(broker, cancel) as consumer:
        await publish(broker, Note(id=1))
        await until(lambda: consumer.counts.failed == 1)
        assert consumer._holdings.count == 0


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


async def _is_zero(broker: EventBroker) -> bool:
    return await pending(broker) == 0


async def _is_one(broker: EventBroker) -> bool:
    return await pending(broker) == 1


async def _names(broker: EventBroker, expected: set[str]) -> bool:
    return set(await consumers(broker)) == expected


async def _all_again(broker: EventBroker, expected: int) -> bool:
    deliveries = [entry.deliveries for entry in await pending_entries(broker)]
    return len(deliveries) == expected and min(deliveries) > 1
