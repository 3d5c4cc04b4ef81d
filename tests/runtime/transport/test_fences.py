"""What a consumer says of an entry counts only while the entry is its own: who was paused may be too late."""

from collections.abc import Awaitable, Callable

import pytest

from framework.runtime.broker import EventBroker
from framework.runtime.redis_streams.attempts import Attempts
from framework.runtime.redis_streams.group import Entry, Group
from framework.runtime.redis_streams.places import HEIR, retry_place
from tests.runtime.transport.support import (
    DEAD_LETTERS,
    GROUP,
    LONG_MS,
    REDRIVES,
    STREAM,
    Note,
    pending_entries,
    publish,
)

THIEF = "thief"

Word = Callable[[Group, Entry], Awaitable[bool]]
"""Something that a consumer tells Redis of an entry; whether it was heeded."""


async def acknowledge(group: Group, entry: Entry) -> bool:
    return not await group.acknowledge({entry.key})


async def renew(group: Group, entry: Entry) -> bool:
    return not await group.renew({entry.key})


async def release(group: Group, entry: Entry) -> bool:
    return not await group.release({entry.key})


async def park(group: Group, entry: Entry) -> bool:
    return await group.park(entry, Attempts(failures=1))


async def bury(group: Group, entry: Entry) -> bool:
    return await group.bury(entry, {b"error": b"none"})


WORDS: dict[Word, list[str]] = {
    acknowledge: [],
    renew: ["me"],
    release: [HEIR],
    park: [retry_place(1)],
    bury: [],
}
"""With whom the entry is pending when the word has been heeded."""


@pytest.fixture
async def group(broker: EventBroker) -> Group:
    group = Group(broker.redis, GROUP, "me", [STREAM], dead_letters=DEAD_LETTERS, redrives=REDRIVES)
    await group.create()
    return group


@pytest.fixture
async def entry(broker: EventBroker, group: Group) -> Entry:
    """One that was delivered to `group`, whose lease would have ended long ago."""
    await publish(broker, Note(id=1))
    (entry,) = await group.read(1, 1000)
    await broker.redis.xclaim(STREAM, GROUP, "me", 0, [entry.id], idle=LONG_MS, justid=True)
    return entry


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.__name__)
async def test_who_holds_an_entry_is_heeded(
    broker: EventBroker, group: Group, entry: Entry, word: Word
) -> None:
    assert await word(group, entry)
    assert [each.consumer for each in await pending_entries(broker)] == WORDS[word]
    assert await broker.redis.xlen(DEAD_LETTERS) == (word is bury)
    if word is renew:
        (mine,) = await pending_entries(broker)
        assert (mine.idle_ms < LONG_MS, mine.deliveries) == (True, 1)
    await group.close()


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.__name__)
async def test_who_has_lost_an_entry_changes_nothing(
    broker: EventBroker, group: Group, entry: Entry, word: Word
) -> None:
    await broker.redis.xclaim(STREAM, GROUP, THIEF, 0, [entry.id], idle=LONG_MS, retrycount=7)
    assert not await word(group, entry)
    (stolen,) = await pending_entries(broker)
    assert (stolen.consumer, stolen.deliveries, stolen.idle_ms >= LONG_MS) == (THIEF, 7, True)
    assert await broker.redis.xlen(DEAD_LETTERS) == 0
    await group.close()


async def test_a_heartbeat_does_not_bring_back_what_another_has_settled(
    broker: EventBroker, group: Group, entry: Entry
) -> None:
    await broker.redis.xack(STREAM, GROUP, entry.id)
    assert not await group.renew({entry.key}), "nobody else holds it either"
    assert await group.release({entry.key}) == {entry.key}
    assert await pending_entries(broker) == []
    await group.close()
