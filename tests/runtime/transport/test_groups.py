"""Groups: how far each has got, which are dead and can go, and events run again on purpose."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.envelope import now
from framework.runtime.events import EventDefinition
from framework.runtime.groups import GroupIsAlive, GroupNotFound, GroupState, Past
from framework.runtime.redis_streams.places import retry_place
from framework.runtime.tables import inbox
from framework.runtime.unit_of_work import UnitOfWorkFactory
from tests.runtime.transport.archive import kept
from tests.runtime.transport.support import (
    DEAD_LETTERS,
    GROUP,
    NOTED,
    OPERATION,
    REDRIVES,
    STREAM,
    Note,
    abandon,
    consuming,
    pending,
    publish,
    until,
)

pytestmark = pytest.mark.usefixtures("often")

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
EVERYTHING = Past(since=LONG_AGO)


async def state(broker: EventBroker, stream: str = STREAM, group: str = GROUP) -> GroupState:
    found = await broker.groups().states()
    (one,) = (each for each in found if (each.group, each.stream) == (group, stream))
    return one


async def handle_all(broker: EventBroker, *notes: Note) -> list[Note]:
    """Publish notes and have them handled; the list goes on with what is handled in the same way later."""
    handled: list[Note] = []

    async def keep(note: Note) -> None:
        handled.append(note)

    async with consuming(broker, keep):
        await publish(broker, *notes)
        await until(lambda: len(handled) == len(notes))
    return handled


async def test_it_is_told_how_far_each_group_has_got(broker: EventBroker) -> None:
    begin = now() - timedelta(seconds=1)
    await publish(broker, Note(id=1), Note(id=2))
    await abandon(broker, "gone")
    await asyncio.sleep(0.01)  # Redis tells times in milliseconds: the next note is to be a later one
    await publish(broker, Note(id=3))
    await abandon(broker, retry_place(1), counter=1000)
    await publish(broker, *(Note(id=i) for i in range(4, 9)))
    await broker.redis.xgroup_create(STREAM, "new", id="0")
    await broker.redis.xadd(DEAD_LETTERS, {"a": "b"})
    mine, new = await broker.groups().states()
    assert (mine.group, mine.stream, mine.lag, mine.pending, mine.parked) == (GROUP, STREAM, 5, 3, 1)
    assert mine.consumers == ("gone",), "it has been heard of a moment ago"
    assert mine.oldest is not None
    assert mine.last_delivered is not None
    assert begin < mine.oldest < mine.last_delivered <= now() + timedelta(seconds=1)
    assert (new.group, new.lag, new.pending, new.last_delivered) == ("new", 8, 0, None)
    assert new.oldest == mine.oldest
    assert new.consumers == ()


async def test_who_is_up_to_date_has_nothing_old(broker: EventBroker) -> None:
    await handle_all(broker, Note(id=1))
    done = await state(broker)
    assert (done.lag, done.pending, done.oldest, done.consumers) == (0, 0, None, ())
    await broker.redis.xdel(STREAM, (await _ids(broker))[0])
    assert (await state(broker)).lag == 0


async def test_streams_of_other_projects_are_none_of_ours(broker: EventBroker, redis_url: str) -> None:
    shop = EventBroker(stream_prefix="shop:", url=redis_url)
    await publish(shop, Note(id=1))
    await publish(broker, Note(id=1))
    await broker.redis.xgroup_create(STREAM, "here", id="0")
    await shop.redis.xgroup_create("shop:" + STREAM, "there", id="0")
    assert [(each.group, each.stream) for each in await shop.groups().states()] == [("there", STREAM)]
    await shop.close()


async def test_a_group_that_lives_is_not_removed(broker: EventBroker) -> None:
    async def keep(note: Note) -> None:
        """Do nothing."""

    async with consuming(broker, keep) as consumer:
        await publish(broker, Note(id=1))
        await until(lambda: consumer.counts.handled)
        with pytest.raises(GroupIsAlive, match=consumer._group.consumer):
            await broker.groups().remove(GROUP)
        await publish(broker, Note(id=2))
        await until(lambda: consumer.counts.handled == 2)


async def test_a_dead_group_is_removed_from_all_streams(
    broker: EventBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = EventDefinition(name="note.burnt", message=Note, key="id")
    await publish(broker, Note(id=1))
    await abandon(broker, "gone")
    await broker.publish(other.envelope(Note(id=1), source="tests"))
    await broker.redis.xgroup_create("note.burnt", GROUP, id="0")
    await broker.redis.xgroup_create("note.burnt", "others", id="0")
    await broker.redis.xadd(REDRIVES, {"a": "b"})
    await broker.redis.xgroup_create(REDRIVES, GROUP, id="0")
    await broker.redis.xadd(DEAD_LETTERS, {"a": "b"})
    with pytest.raises(GroupIsAlive):
        await broker.groups().remove(GROUP)
    monkeypatch.setattr("framework.runtime.redis_streams.groups.SILENCE_SECONDS", 0)
    await broker.groups().remove(GROUP)
    assert [(each.group, each.stream) for each in await broker.groups().states()] == [
        ("others", "note.burnt")
    ]
    assert await broker.redis.exists(REDRIVES) == 0
    assert await broker.redis.exists(DEAD_LETTERS, STREAM) == 2
    with pytest.raises(GroupNotFound):
        await broker.groups().remove(GROUP)


async def test_what_was_handled_runs_again_for_this_group_alone(broker: EventBroker) -> None:
    handled = await handle_all(broker, Note(id=1), Note(id=2))
    await broker.redis.xgroup_create(STREAM, "others", id="$")
    assert await broker.groups().count(GROUP, EVERYTHING) == 2
    assert await broker.groups().replay(GROUP, EVERYTHING, None) == 2

    async def keep(note: Note) -> None:
        handled.append(note)

    async with consuming(broker, keep) as consumer:
        await until(lambda: consumer.counts.handled == 2)
        await until(lambda: _is_empty(broker))
    assert Counter(note.id for note in handled) == {1: 2, 2: 2}
    assert await broker.redis.xlen(STREAM) == 2
    assert (await state(broker, group="others")).lag == 0


async def test_what_is_under_way_is_not_sent_again(broker: EventBroker) -> None:
    await handle_all(broker, Note(id=1))
    await publish(broker, Note(id=2))
    await abandon(broker)
    await publish(broker, Note(id=3))
    assert await broker.groups().replay(GROUP, EVERYTHING, None) == 1


async def test_only_what_is_asked_for_is_sent_again(broker: EventBroker) -> None:
    await handle_all(broker, *(Note(id=i) for i in range(450)))
    groups = broker.groups()
    for past, count in (
        (EVERYTHING, 450),
        (Past(now() + timedelta(minutes=1)), 0),
        (Past(now() - timedelta(minutes=1), "note.*"), 450),
        (Past(LONG_AGO, "user.*"), 0),
    ):
        assert await groups.count(GROUP, past) == count
    with pytest.raises(GroupNotFound):
        await groups.count("nobody", EVERYTHING)
    assert not Past(LONG_AGO).fits("schedule:archive:sweep")
    assert Past(LONG_AGO, "schedule:*").fits("schedule:archive:sweep")


@pytest.fixture
async def archive(database: Path) -> AsyncIterator[Database]:
    """The database of a service that keeps notes, with its inbox."""
    archive = Database(GROUP)
    yield archive
    await archive.close()


def keeps(broker: EventBroker, archive: Database, broken: set[int]) -> None:
    work = UnitOfWorkFactory(GROUP, archive.session)

    @broker.subscriber(NOTED, group=GROUP, operation=OPERATION, retry=[])
    async def keep(payload: Note) -> None:
        async with work.command(OPERATION) as unit:
            await unit.session.execute(insert(kept), {"note_id": payload.id})
            if payload.id in broken:
                raise LookupError("no such shelf")


async def counts(archive: Database) -> tuple[dict[int, int], int]:
    """How often each note was kept, and how many events the inbox knows."""
    async with archive.session() as session:
        rows = await session.execute(select(kept.c.note_id, func.count()).group_by(kept.c.note_id))
        known = await session.scalar(select(func.count()).select_from(inbox))
        return {row[0]: row[1] for row in rows}, known or 0


async def test_the_inbox_suppresses_a_replay_unless_it_is_to_be_stepped_over(
    broker: EventBroker, archive: Database
) -> None:
    keeps(broker, archive, set())
    consumer: Any = broker.consumer(GROUP)
    await consumer.start()
    await publish(broker, Note(id=1), Note(id=2))
    await until(lambda: consumer.counts.handled == 2)
    await until(lambda: _is_acknowledged(broker))
    await broker.groups().replay(GROUP, EVERYTHING, None)
    await until(lambda: consumer.counts.suppressed == 2)
    assert await counts(archive) == ({1: 1, 2: 1}, 2)
    await broker.groups().replay(GROUP, EVERYTHING, now())
    await until(lambda: consumer.counts.handled == 4)
    assert await counts(archive) == ({1: 2, 2: 2}, 2)
    await consumer.stop()
    assert await _is_empty(broker)
    assert (await state(broker, REDRIVES)).lag == 0
    await broker.groups().replay(GROUP, EVERYTHING, None)
    assert (await state(broker, REDRIVES)).lag == 2


async def test_run_again_it_may_fail_and_come_back_and_still_steps_over_the_inbox_once(
    broker: EventBroker, archive: Database
) -> None:
    broken: set[int] = set()
    keeps(broker, archive, broken)
    consumer: Any = broker.consumer(GROUP)
    await consumer.start()
    await publish(broker, Note(id=1))
    await until(lambda: consumer.counts.handled == 1)
    await until(lambda: _is_acknowledged(broker))
    broken.add(1)
    asked = now()
    await broker.groups().replay(GROUP, EVERYTHING, asked)
    await until(lambda: consumer.counts.dead == 1)
    broken.clear()
    letters = broker.dead_letters(GROUP)
    ((id_, record),) = await _entries(broker, DEAD_LETTERS)
    assert record[b"again"].decode() == asked.isoformat()
    await letters.redrive([id_.decode()])
    await until(lambda: consumer.counts.handled == 2)
    assert await counts(archive) == ({1: 2}, 1)
    # The same wish, delivered a second time.
    await broker.groups().replay(GROUP, EVERYTHING, asked)
    await until(lambda: consumer.counts.suppressed == 1)
    assert await counts(archive) == ({1: 2}, 1)
    await consumer.stop()


async def test_a_dead_letter_whose_event_was_handled_meanwhile_is_suppressed(
    broker: EventBroker, archive: Database
) -> None:
    keeps(broker, archive, set())
    consumer: Any = broker.consumer(GROUP)
    await consumer.start()
    await publish(broker, Note(id=1))
    await until(lambda: consumer.counts.handled == 1)
    ((id_, fields),) = await _entries(broker, STREAM)
    message = {b"message." + name: value for name, value in fields.items()}
    letter: Any = await broker.redis.xadd(DEAD_LETTERS, {b"stream": STREAM, b"original_id": id_, **message})
    await broker.dead_letters(GROUP).redrive([letter.decode()])
    await until(lambda: consumer.counts.suppressed == 1)
    assert await counts(archive) == ({1: 1}, 1)
    await consumer.stop()


async def _entries(broker: EventBroker, stream: str) -> Any:
    return await broker.redis.xrange(stream)


async def _ids(broker: EventBroker) -> list[Any]:
    return [id_ for id_, _ in await _entries(broker, STREAM)]


async def _is_empty(broker: EventBroker) -> bool:
    return int(await broker.redis.xlen(REDRIVES)) == 0


async def _is_acknowledged(broker: EventBroker) -> bool:
    return await pending(broker) == 0
