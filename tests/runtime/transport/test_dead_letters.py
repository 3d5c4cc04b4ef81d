"""What is given up is kept: one record for each event, and nothing pending."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from framework.runtime.broker import EventBroker
from framework.runtime.errors import Conflict
from framework.runtime.redis_streams.redrives import MESSAGE_PREFIX
from framework.runtime.redis_streams.wire import decode
from tests.runtime.transport.support import (
    DEAD_LETTERS,
    GROUP,
    NOTED,
    OPERATION,
    STREAM,
    Note,
    abandon,
    consuming,
    dead_letters,
    pending,
    pending_entries,
    publish,
    until,
)

pytestmark = pytest.mark.usefixtures("often")

TRACE = "0af7651916cd43dd8448eb211c80319c"


async def fail(note: Note) -> None:
    raise LookupError("no such shelf\nin this room")


async def test_the_record_tells_everything_and_holds_the_message_as_it_was(broker: EventBroker) -> None:
    event = NOTED.envelope(Note(id=7, text="Привет"), source="tests").model_copy(
        update={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    )
    async with consuming(broker, fail, retry=[0.05]) as consumer:
        await broker.publish(event)
        await until(lambda: consumer.counts.dead)
        assert await pending(broker) == 0
    (letter,) = await dead_letters(broker)
    ((id_, fields),) = await _entries(broker, STREAM)
    message = {name.encode(): value for name, value in letter.items() if name.startswith(MESSAGE_PREFIX)}
    original = {name.removeprefix(MESSAGE_PREFIX.encode()): value for name, value in message.items()}
    assert original == fields
    assert decode(original) == event
    told = {name: value.decode() for name, value in letter.items() if not name.startswith(MESSAGE_PREFIX)}
    times = [datetime.fromisoformat(told.pop(name)) for name in ("first_failed_at", "failed_at")]
    assert times[0] <= times[1] <= datetime.now(UTC)
    assert times[1] - times[0] < timedelta(minutes=1)
    assert 'raise LookupError("no such shelf' in told.pop("traceback")
    assert told == {
        "original_id": id_.decode(),
        "stream": STREAM,
        "group": GROUP,
        "operation": OPERATION,
        "consumer": consumer._group.consumer,
        "event_id": event.id,
        "event_type": "note.taken",
        "subject": "7",
        "trace_id": TRACE,
        "deliveries": "2",
        "crashes": "0",
        "redrives": "0",
        "error_type": "LookupError",
        "error": "no such shelf\nin this room",
    }


async def test_the_time_of_the_first_failure_is_kept_through_retries_and_crashes(broker: EventBroker) -> None:
    """It failed an hour after it had been written, twice, and then crashed."""
    await publish(broker, Note(id=1))
    await abandon(broker, counter=3600_002_001)
    async with consuming(broker, fail, retry=[1, 1]) as consumer:
        await until(lambda: consumer.counts.dead)
    (letter,) = await dead_letters(broker)
    written = int(letter["original_id"].partition(b"-")[0]) / 1000
    first = datetime.fromisoformat(letter["first_failed_at"].decode()).timestamp()
    assert first - written == pytest.approx(3600, abs=0.01)
    assert (letter["deliveries"], letter["crashes"]) == (b"4", b"1")


async def test_a_refusal_by_the_controller_is_not_tried_again(
    broker: EventBroker, caplog: pytest.LogCaptureFixture
) -> None:
    async def refuse(note: Note) -> None:
        raise Conflict("already on the shelf")

    async with consuming(broker, refuse) as consumer:
        await publish(broker, Note(id=1))
        await until(lambda: consumer.counts.dead)
        assert await pending(broker) == 0
    (letter,) = await dead_letters(broker)
    assert (letter["error_type"], letter["error"]) == (b"Conflict", b"already on the shelf")
    assert "traceback" not in letter
    assert "already on the shelf" in caplog.text
    assert "Traceback" not in caplog.text


async def test_what_cannot_be_read_is_given_up_at_once_and_holds_up_nobody(
    broker: EventBroker, caplog: pytest.LogCaptureFixture
) -> None:
    foreign: list[dict[Any, Any]] = [
        {b"foo": b"bar", b"error": b"theirs"},
        {b"__data__": b"\xff\x00 no message"},
        {b"__data__": b'{"data": "x", "headers": {"ce-id": 1}}'},
        {b"__data__": b'{"data": "x", "headers": []}'},
    ]
    for fields in foreign:
        await broker.redis.xadd(STREAM, fields)
    seen: list[int] = []

    async def keep(note: Note) -> None:
        seen.append(note.id)

    async with consuming(broker, keep, concurrency=1) as consumer:
        await publish(broker, *(Note(id=i) for i in range(5)))
        await until(lambda: len(seen) == 5)
        await until(lambda: consumer.counts.dead == 4)
        await until(lambda: _is_zero(broker))
    letters = await dead_letters(broker)
    kept = [
        {
            name.removeprefix(MESSAGE_PREFIX).encode(): value
            for name, value in letter.items()
            if name.startswith(MESSAGE_PREFIX)
        }
        for letter in letters
    ]
    assert kept == foreign
    assert {letter["error_type"] for letter in letters} == {b"InvalidEnvelope"}
    assert OPERATION in caplog.text
    assert "Traceback" not in caplog.text


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
        await until(lambda: consumer.counts.dead == 1)
    assert seen == [Note(id=1, text="x")]
    (letter,) = await dead_letters(broker)
    assert letter["event_id"] == b"other"
    assert letter["error_type"] == b"UndecodableEvent"
    assert b"id: Input should be a valid integer" in letter["error"]
    assert b"secret-value" not in letter["error"]
    assert "secret-value" not in caplog.text


async def test_an_event_that_was_published_twice_is_kept_once(broker: EventBroker) -> None:
    event = NOTED.envelope(Note(id=1), source="tests")
    other = event.model_copy(update={"source": "elsewhere"})

    async def refuse(note: Note) -> None:
        raise LookupError

    async with consuming(broker, refuse, retry=[]) as consumer:
        await broker.publish_many([event, event, other])
        await until(lambda: consumer.counts.failed == 3)
        assert await broker.redis.xlen(DEAD_LETTERS) == 2
        assert await pending(broker) == 0
        await broker.redis.delete(DEAD_LETTERS)
        await broker.publish_many([event])
        await until(lambda: consumer.counts.failed == 4)
        assert await broker.redis.xlen(DEAD_LETTERS) == 1, "the letter that it had is gone"


async def test_who_lost_its_lease_cannot_write_a_dead_letter(broker: EventBroker) -> None:
    begun, finish = asyncio.Event(), asyncio.Event()

    async def work(note: Note) -> None:
        begun.set()
        await finish.wait()
        raise Conflict("refused")

    async with consuming(broker, work) as consumer:
        await publish(broker, Note(id=1))
        await begun.wait()
        (mine,) = await pending_entries(broker)
        await broker.redis.xclaim(STREAM, GROUP, "thief", 0, [mine.id])
        finish.set()
        await until(lambda: consumer.counts.lost == 1)
    assert [entry.consumer for entry in await pending_entries(broker)] == ["thief"]
    assert await dead_letters(broker) == []


async def test_two_processes_write_one_dead_letter_for_each_event(
    broker: EventBroker, redis_url: str
) -> None:
    other_broker = EventBroker(url=redis_url)
    async with (
        consuming(broker, fail, retry=[0, 0.01]) as one,
        consuming(other_broker, fail, retry=[0, 0.01]) as two,
    ):
        await publish(broker, *(Note(id=i) for i in range(40)))
        await until(lambda: one.counts.dead + two.counts.dead == 40)
        assert await pending(broker) == 0
    await other_broker.close()
    letters = await dead_letters(broker)
    assert len({letter["event_id"] for letter in letters}) == len(letters) == 40
    assert {letter["deliveries"] for letter in letters} == {b"3"}


async def test_an_event_is_not_lost_when_redis_refuses_its_dead_letter(
    broker: EventBroker, caplog: pytest.LogCaptureFixture
) -> None:
    await broker.redis.set(DEAD_LETTERS, "a string")
    async with consuming(broker, fail, retry=[]) as consumer:
        await publish(broker, Note(id=1))
        await until(lambda: "WRONGTYPE" in caplog.text)
        assert await pending(broker) == 1
        await broker.redis.delete(DEAD_LETTERS)
        await until(lambda: consumer.counts.dead == 1)
    assert len(await dead_letters(broker)) == 1


async def test_an_error_that_cannot_be_told_is_recorded_all_the_same(broker: EventBroker) -> None:
    class Silent(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    async def work(note: Note) -> None:
        raise Silent if note.id else Conflict("half a pair: \ud83d")

    async with consuming(broker, work, retry=[]) as consumer:
        await publish(broker, Note(id=0), Note(id=1))
        await until(lambda: consumer.counts.dead == 2)
    letters = await dead_letters(broker)
    assert {letter["error"] for letter in letters} == {rb"half a pair: \ud83d", b""}


async def test_the_prefix_of_the_project_begins_the_name_of_the_stream_too(redis_url: str) -> None:
    broker = EventBroker(stream_prefix="shop:", url=redis_url)
    async with consuming(broker, fail, retry=[]) as consumer:
        await publish(broker, Note(id=1))
        await until(lambda: consumer.counts.dead)
    assert await broker.redis.xlen("shop:" + DEAD_LETTERS) == 1
    await broker.close()


async def test_another_group_never_hears_of_it(broker: EventBroker) -> None:
    await broker.redis.xgroup_create(STREAM, "others", id="0", mkstream=True)
    async with consuming(broker, fail, retry=[0.01]) as consumer:
        await publish(broker, Note(id=1))
        await until(lambda: consumer.counts.dead)
    assert len(await _entries(broker, STREAM)) == 1
    answer: Any = await broker.redis.xreadgroup("others", "one", {STREAM: ">"})
    assert len(answer[0][1]) == 1


async def _entries(broker: EventBroker, stream: str) -> Any:
    return await broker.redis.xrange(stream)


async def _is_zero(broker: EventBroker) -> bool:
    return await pending(broker) == 0
