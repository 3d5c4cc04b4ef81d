"""What fails is tried again, when it is due, and disturbs nobody.

Delays of an hour are made to pass in Redis, which tells how long an entry has been parked.
"""

import asyncio
from collections import Counter

import pytest

from framework.runtime.broker import EventBroker
from framework.runtime.delivery import current_delivery
from framework.runtime.redis_streams.attempts import Attempts
from framework.runtime.redis_streams.group import Group
from framework.runtime.redis_streams.places import retry_place
from framework.runtime.redis_streams.redelivery import Redelivery
from tests.runtime.transport.support import (
    DEAD_LETTERS,
    GROUP,
    NOTED,
    OPERATION,
    REDRIVES,
    STREAM,
    Note,
    Pending,
    abandon,
    age,
    consuming,
    dead_letters,
    pending,
    pending_entries,
    publish,
    until,
)

pytestmark = pytest.mark.usefixtures("often")

HOUR = 3600.0


async def fail(note: Note) -> None:
    raise LookupError("no such shelf")


async def test_a_failure_is_told_and_tried_again(
    broker: EventBroker, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[int] = []

    async def fail_once(note: Note) -> None:
        tries.append(note.id)
        if len(tries) == 1:
            raise LookupError("no such shelf")

    event = NOTED.envelope(Note(id=1), source="tests")
    async with consuming(broker, fail_once, retry=[0.1]) as consumer:
        await broker.publish(event)
        await until(lambda: consumer.counts.handled == 1)
        await until(lambda: _is_zero(broker))
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    told = record.getMessage()
    assert all(
        words in told for words in (event.id, OPERATION, "delivery 1", "again in 0.1 s", "no such shelf")
    )
    assert record.exc_info
    assert await dead_letters(broker) == []


async def test_three_retries_after_1_5_and_30_seconds_unless_the_spec_says_otherwise(
    broker: EventBroker, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It looks when it is told to, lest the first second is over by itself.
    monkeypatch.setattr("framework.runtime.redis_streams.consumer._SWEEP", 3600)
    async with consuming(broker, fail) as consumer:
        await publish(broker, Note(id=1))
        for failures in (1, 2, 3):
            await until(lambda: _lies_at(broker, retry_place(failures)))  # noqa: B023
            await age(broker, retry_place(failures))
            await consumer._sweeper.sweep()
        await until(lambda: consumer.counts.dead == 1)
    assert consumer.counts.failed == 4
    told = [record for record in caplog.records if record.levelname == "ERROR"]
    ends = ["again in 1 s", "again in 5 s", "again in 30 s", "among the dead letters"]
    assert [end in record.getMessage() for end, record in zip(ends, told, strict=True)] == [True] * 4
    assert [bool(record.exc_info) for record in told] == [True, False, False, False]


async def test_nothing_is_tried_again_before_its_delay_is_over_by_the_clock_of_redis(
    broker: EventBroker,
) -> None:
    """The delays are the operation's own; a neighbour that is due shows that the consumer has looked."""
    tries: Counter[int] = Counter()

    async def count(note: Note) -> None:
        tries[note.id] += 1
        raise LookupError

    for neighbour in (8, 9):
        await publish(broker, Note(id=neighbour))
        await abandon(broker, retry_place(neighbour), counter=neighbour * 1000, idle_ms=0)
    async with consuming(broker, count, retry=[100, 200]):
        await publish(broker, Note(id=1))
        for failures, delay, neighbour in ((1, 100, 8), (2, 200, 9)):
            await until(lambda: _waits_at(broker, retry_place(failures)))  # noqa: B023
            await age(broker, retry_place(failures), delay * 1000 - 20_000)
            await age(broker, retry_place(neighbour))
            await until(lambda: tries[neighbour])  # noqa: B023
            assert tries[1] == failures
            await age(broker, retry_place(failures), delay * 1000 + 1)
            await until(lambda: tries[1] == failures + 1)  # noqa: B023


async def test_only_the_last_attempt_is_told_that_it_is_the_last(broker: EventBroker) -> None:
    told: list[bool] = []

    async def note_it(note: Note) -> None:
        delivery = current_delivery()
        assert delivery is not None
        told.append(delivery.is_final)
        raise LookupError

    async with consuming(broker, note_it, retry=[0.05, 0.05]) as consumer:
        await publish(broker, Note(id=1))
        await until(lambda: consumer.counts.dead)
    assert told == [False, False, True]


async def test_without_delays_the_first_attempt_is_the_last(broker: EventBroker) -> None:
    async with consuming(broker, fail, retry=[]) as consumer:
        await publish(broker, Note(id=1))
        await until(lambda: consumer.counts.dead == 1)
    assert consumer.counts.failed == 1


async def test_a_delay_of_zero_is_no_reason_to_take_what_another_is_at_work_on(
    broker: EventBroker, redis_url: str
) -> None:
    other_broker = EventBroker(url=redis_url)
    running, most = 0, 0
    tries: Counter[int] = Counter()

    async def work(note: Note) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.3)
        running -= 1
        tries[note.id] += 1
        if tries[note.id] < 3:
            raise LookupError

    async with (
        consuming(broker, work, retry=[0, 0]) as one,
        consuming(other_broker, work, retry=[0, 0]) as two,
    ):
        await publish(broker, Note(id=1))
        await until(lambda: one.counts.handled + two.counts.handled == 1)
    await other_broker.close()
    assert (tries[1], most) == (3, 1)


async def test_what_another_took_between_the_look_and_the_grasp_is_left_to_it(broker: EventBroker) -> None:
    """A process may be stopped for any time between the two."""
    await publish(broker, Note(id=1))
    await abandon(broker, retry_place(1), counter=1000)
    one, two = (
        Group(broker.redis, GROUP, name, [STREAM], dead_letters=DEAD_LETTERS, redrives=REDRIVES)
        for name in ("one", "two")
    )
    await one.create()
    due = await Redelivery(one, 30, {STREAM: [0]}).due(await one.members(), 10, set())
    (entry,) = await two.take(due)
    assert await one.take(due) == []
    assert [each.consumer for each in await pending_entries(broker)] == ["two"]
    assert (entry.behind, entry.deliveries) == (Attempts(failures=1), 2)


async def test_failures_among_neighbours_are_their_own_affair(broker: EventBroker) -> None:
    tries: Counter[int] = Counter()

    async def fail_every_third_twice(note: Note) -> None:
        tries[note.id] += 1
        if note.id % 3 == 0 and tries[note.id] <= 2:
            raise LookupError

    async with consuming(broker, fail_every_third_twice, retry=[0.05, 0.05, 0.05]) as consumer:
        await publish(broker, *(Note(id=i) for i in range(60)))
        await until(lambda: consumer.counts.handled == 60)
        await until(lambda: _is_zero(broker))
    assert tries == {i: 3 if i % 3 == 0 else 1 for i in range(60)}
    assert await dead_letters(broker) == []


async def test_what_fails_again_and_again_leaves_slots_to_others(broker: EventBroker) -> None:
    seen: list[int] = []

    async def work(note: Note) -> None:
        if note.id < 20:
            raise LookupError
        seen.append(note.id)

    async with consuming(broker, work, concurrency=2, retry=[0.01] * 20):
        await publish(broker, *(Note(id=i) for i in range(20)))
        await until(lambda: _all_failed(broker, 20))
        await publish(broker, *(Note(id=i) for i in range(20, 40)))
        await until(lambda: len(seen) == 20)


async def test_whoever_looks_first_takes_what_another_process_parked(
    broker: EventBroker, redis_url: str
) -> None:
    other_broker = EventBroker(url=redis_url)
    seen: list[int] = []

    async def keep(note: Note) -> None:
        seen.append(note.id)

    async with consuming(broker, fail, retry=[HOUR] * 3):
        await publish(broker, Note(id=1))
        await until(lambda: _lies_at(broker, retry_place(1)))
    (entry,) = await pending_entries(broker)
    assert entry.consumer == retry_place(1), "a stop leaves it where it is"
    failed = Attempts.read(entry.deliveries)
    assert (failed.failures, failed.crashes) == (1, 0)
    await age(broker, retry_place(1))
    async with consuming(other_broker, keep, retry=[HOUR] * 3):
        await until(lambda: seen == [1])
    await other_broker.close()


async def test_parked_by_a_process_with_more_delays_it_has_its_last_try_after_the_last(
    broker: EventBroker,
) -> None:
    told: list[bool] = []

    async def look(note: Note) -> None:
        delivery = current_delivery()
        assert delivery is not None
        told.append(delivery.is_final)

    await publish(broker, Note(id=1))
    await abandon(broker, retry_place(3), counter=3000, idle_ms=0)
    async with consuming(broker, look, retry=[HOUR, 0.05]) as consumer:
        await until(lambda: consumer.counts.handled)
    assert told == [True]


async def test_who_lost_its_lease_cannot_park(broker: EventBroker) -> None:
    begun, finish = asyncio.Event(), asyncio.Event()

    async def work(note: Note) -> None:
        begun.set()
        await finish.wait()
        raise LookupError

    async with consuming(broker, work) as consumer:
        await publish(broker, Note(id=1))
        await begun.wait()
        (mine,) = await pending_entries(broker)
        await broker.redis.xclaim(STREAM, GROUP, "thief", 0, [mine.id])
        finish.set()
        await until(lambda: consumer.counts.lost == 1)
    (entry,) = await pending_entries(broker)
    assert (entry.consumer, entry.deliveries) == ("thief", 2)


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


async def test_a_handler_that_cancels_itself_has_failed(broker: EventBroker) -> None:
    async def cancel(note: Note) -> None:
        raise asyncio.CancelledError

    async with consuming(broker, cancel) as consumer:
        await publish(broker, Note(id=1))
        await until(lambda: consumer.counts.failed == 1)
        await until(lambda: consumer._holdings.count == 0)


@pytest.mark.parametrize(
    ("attempts", "counter"),
    [
        (Attempts(), 0),
        (Attempts(failures=1), 1_000),
        (Attempts(failures=3, crashes=1), 3_001),
        (Attempts(failures=2, crashes=4, first_failure=17), 17_002_004),
    ],
)
def test_the_counter_of_an_entry_tells_failures_from_crashes(attempts: Attempts, counter: int) -> None:
    assert attempts.counter == counter
    assert Attempts.read(counter) == attempts


def test_the_first_failure_is_the_first_for_good() -> None:
    once = Attempts(crashes=1).failed(age=12.9)
    assert once == Attempts(failures=1, crashes=1, first_failure=12)
    assert once.failed(age=500) == Attempts(failures=2, crashes=1, first_failure=12)
    assert Attempts().failed(age=-3).first_failure == 0, "clocks differ"


async def _lies_at(broker: EventBroker, place: str) -> bool:
    return [entry.consumer for entry in await pending_entries(broker)] == [place]


async def _waits_at(broker: EventBroker, place: str) -> bool:
    return place in [entry.consumer for entry in await pending_entries(broker)]


async def _all_failed(broker: EventBroker, count: int) -> bool:
    def has_failed(entry: Pending) -> bool:
        return Attempts.read(entry.deliveries).failures > 0

    return sum(has_failed(entry) for entry in await pending_entries(broker)) == count


async def _is_zero(broker: EventBroker) -> bool:
    return await pending(broker) == 0
