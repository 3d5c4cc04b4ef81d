"""Dead letters are sent again, to the group that failed and to nobody else, and never twice."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from framework.runtime.broker import EventBroker
from framework.runtime.dead_letters import DeadLetter, Selection
from framework.runtime.redis_streams.attempts import Attempts
from framework.runtime.redis_streams.places import retry_place
from tests.runtime.transport.support import (
    DEAD_LETTERS,
    GROUP,
    NOTED,
    OPERATION,
    REDRIVES,
    STREAM,
    Note,
    consuming,
    pending,
    pending_entries,
    publish,
    until,
)

pytestmark = pytest.mark.usefixtures("often")


class Shelf:
    """Keeps notes, once it is mended."""

    def __init__(self) -> None:
        self.kept: list[Note] = []
        self.is_broken = True

    async def keep(self, note: Note) -> None:
        if self.is_broken:
            raise LookupError(f"no shelf for {note.id}")
        self.kept.append(note)


async def letters(broker: EventBroker, **selection: Any) -> list[DeadLetter]:
    return [each async for each in broker.dead_letters(GROUP).find(Selection(**selection))]


async def give_up(broker: EventBroker, *notes: Note) -> list[DeadLetter]:
    """Publish notes that end as dead letters."""
    async with consuming(broker, Shelf().keep, retry=[]) as consumer:
        await publish(broker, *notes)
        await until(lambda: consumer.counts.dead == len(notes))
    return await letters(broker)


async def redriven(broker: EventBroker) -> int:
    return int(await broker.redis.xlen(REDRIVES))


async def test_a_dead_letter_is_handled_by_the_operation_that_failed_and_by_nobody_else(
    broker: EventBroker,
) -> None:
    shelf = Shelf()
    others: list[int] = []

    async def overhear(payload: Note) -> None:
        others.append(payload.id)

    (letter,) = await give_up(broker, Note(id=7, text="Привет"))
    broker.subscriber(NOTED, group="others", operation="others.keep")(overhear)
    other = broker.consumer("others")
    await other.start()
    await until(lambda: others == [7])
    shelf.is_broken = False
    assert await broker.dead_letters(GROUP).redrive([letter.id]) == [letter.id]
    async with consuming(broker, shelf.keep) as consumer:
        await until(lambda: shelf.kept == [Note(id=7, text="Привет")])
        await until(lambda: _is_empty(broker))
        assert consumer.counts.handled == 1
    await publish(broker, Note(id=8))
    await until(lambda: others == [7, 8])
    await other.stop()
    assert await letters(broker) == []
    assert await broker.redis.xlen(STREAM) == 2, "nothing is added to the stream of the event"
    assert await pending(broker, REDRIVES) == 0


async def test_it_is_sent_once_whoever_asks_and_however_often(broker: EventBroker, redis_url: str) -> None:
    other_broker = EventBroker(url=redis_url)
    given_up = await give_up(broker, *(Note(id=i) for i in range(150)))
    ids = [letter.id for letter in given_up]
    one, two = await asyncio.gather(
        broker.dead_letters(GROUP).redrive(ids), other_broker.dead_letters(GROUP).redrive(ids)
    )
    assert sorted(one + two) == sorted(ids)
    assert await broker.dead_letters(GROUP).redrive(ids) == []
    assert (await redriven(broker), await letters(broker)) == (150, [])
    await other_broker.close()


async def test_what_fails_again_comes_back_and_remembers_where_it_came_from(broker: EventBroker) -> None:
    (first,) = await give_up(broker, Note(id=1))
    shelf = Shelf()
    async with consuming(broker, shelf.keep, retry=[0.01]) as consumer:
        for redrives in (1, 2):
            (letter,) = await letters(broker)
            await broker.dead_letters(GROUP).redrive([letter.id])
            await until(lambda: consumer.counts.dead == redrives)  # noqa: B023
            (letter,) = await letters(broker)
            assert letter.redrives == redrives
            assert letter.deliveries == 2, "its attempts begin anew"
            kept = ("original_id", "event", "operation", "first_failed_at", "envelope", "error")
            assert [getattr(letter, name) for name in kept] == [getattr(first, name) for name in kept]
            assert letter.failed_at > first.failed_at
        assert await redriven(broker) == 0
        shelf.is_broken = False
        await broker.dead_letters(GROUP).redrive([letter.id])
        await until(lambda: len(shelf.kept) == 1)
    assert await letters(broker) == []


async def test_it_is_retried_with_the_delays_of_its_operation(broker: EventBroker) -> None:
    """The event comes to a redrive stream that other events share; each has its own delays."""
    (letter,) = await give_up(broker, Note(id=1))
    await broker.dead_letters(GROUP).redrive([letter.id])
    async with consuming(broker, Shelf().keep, retry=[3600]) as consumer:
        await until(lambda: consumer.counts.failed == 1)
    (entry,) = await pending_entries(broker, REDRIVES)
    assert entry.consumer == retry_place(1, STREAM)
    failed = Attempts.read(entry.deliveries)
    assert (failed.failures, failed.crashes) == (1, 0)
    shelf = Shelf()
    shelf.is_broken = False
    async with consuming(broker, shelf.keep, retry=[0.01]):
        await until(lambda: len(shelf.kept) == 1)
        await until(lambda: _is_empty(broker))


async def test_a_redrive_outlives_the_process_that_handles_it(broker: EventBroker) -> None:
    (letter,) = await give_up(broker, Note(id=1))
    await broker.dead_letters(GROUP).redrive([letter.id])
    await broker.redis.xreadgroup(GROUP, "gone", {REDRIVES: ">"})
    (entry,) = await pending_entries(broker, REDRIVES)
    await broker.redis.xclaim(REDRIVES, GROUP, "gone", 0, [entry.id], idle=10**8, retrycount=1, justid=True)
    shelf = Shelf()
    shelf.is_broken = False
    async with consuming(broker, shelf.keep):
        await until(lambda: len(shelf.kept) == 1)
        await until(lambda: _is_empty(broker))


async def test_who_lost_its_lease_can_neither_delete_a_redrive_nor_bury_it(broker: EventBroker) -> None:
    (letter, other) = await give_up(broker, Note(id=1), Note(id=2))
    begun: list[int] = []
    finish = asyncio.Event()

    async def work(note: Note) -> None:
        begun.append(note.id)
        await finish.wait()
        if note.id == 2:
            raise LookupError

    async with consuming(broker, work, retry=[]) as consumer:
        await broker.dead_letters(GROUP).redrive([letter.id, other.id])
        await until(lambda: len(begun) == 2)
        mine: list[Any] = [entry.id for entry in await pending_entries(broker, REDRIVES)]
        await broker.redis.xclaim(REDRIVES, GROUP, "thief", 0, mine)
        finish.set()
        await until(lambda: consumer.counts.lost == 2)
    assert [entry.consumer for entry in await pending_entries(broker, REDRIVES)] == ["thief", "thief"]
    assert (await redriven(broker), await letters(broker)) == (2, [])


async def test_an_event_that_the_service_handles_no_more_comes_back_with_the_reason(
    broker: EventBroker, caplog: pytest.LogCaptureFixture
) -> None:
    (letter,) = await give_up(broker, Note(id=1))
    caplog.clear()
    (fields,) = await _raw(broker)
    await broker.redis.xadd(DEAD_LETTERS, fields | {b"stream": b"note.burnt"})
    await broker.dead_letters(GROUP).discard([letter.id])
    await broker.redis.xadd(REDRIVES, {"written": "by hand"})
    (letter,) = await letters(broker)
    await broker.dead_letters(GROUP).redrive([letter.id])
    async with consuming(broker, Shelf().keep) as consumer:
        await until(lambda: consumer.counts.dead == 2)
        await until(lambda: _is_empty(broker))
    by_hand, burnt = sorted(await letters(broker), key=lambda each: each.event)
    assert (burnt.event, burnt.operation, burnt.error_type) == ("note.burnt", OPERATION, "NotSubscribed")
    assert (burnt.original_id, burnt.redrives, burnt.envelope) == (letter.original_id, 1, letter.envelope)
    assert (by_hand.error_type, by_hand.envelope) == ("NotSubscribed", None)
    assert "Traceback" not in caplog.text


async def test_what_cannot_be_read_comes_back_byte_for_byte(broker: EventBroker) -> None:
    async with consuming(broker, Shelf().keep) as consumer:
        await broker.redis.xadd(STREAM, {b"\xff": b"\x00\xfe", b"stream": b"theirs"})
        await until(lambda: consumer.counts.dead == 1)
        (before,) = await _raw(broker)
        (letter,) = await letters(broker)
        await broker.dead_letters(GROUP).redrive([letter.id])
        await until(lambda: consumer.counts.dead == 2)
    assert letter.envelope is None
    assert letter.message == {"\\xff": "\x00\\xfe", "stream": "theirs"}
    (after,) = await _raw(broker)
    assert after[b"message.\xff"] == b"\x00\xfe"
    assert after[b"message.stream"] == before[b"message.stream"] == b"theirs"
    assert after[b"redrives"] == b"1"


async def test_trimming_leaves_redrives_alone_even_before_their_service_has_started(
    broker: EventBroker,
) -> None:
    (letter,) = await give_up(broker, Note(id=1))
    await broker.redis.delete(REDRIVES)
    await broker.dead_letters(GROUP).redrive([letter.id])
    broker.declare(NOTED)
    await broker.trim(timedelta(minutes=1))
    shelf = Shelf()
    shelf.is_broken = False
    async with consuming(broker, shelf.keep):
        await until(lambda: len(shelf.kept) == 1)


async def _raw(broker: EventBroker) -> list[Any]:
    entries: Any = await broker.redis.xrange(DEAD_LETTERS)
    return [fields for _, fields in entries]


async def _is_empty(broker: EventBroker) -> bool:
    return await redriven(broker) == 0
