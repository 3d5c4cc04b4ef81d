"""What the tests of the transport share: an event, and a consumer whose leases are short."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from redis.exceptions import ResponseError

from framework.runtime.broker import EventBroker
from framework.runtime.consumer_settings import ConsumerSettings
from framework.runtime.events import EventDefinition
from framework.runtime.failures import OperationFailed
from framework.runtime.redis_streams.consumer import RedisConsumer
from framework.runtime.schema import Schema
from framework.runtime.transport import Probe


class Note(Schema):
    id: int
    text: str = ""


NOTED = EventDefinition(name="note.taken", message=Note, key="id")
NOTE_FAILED = EventDefinition(name="note.failed", message=OperationFailed, key=None)
STREAM = "note.taken"
GROUP = "archive"
OPERATION = "notes.keep"
DEAD_LETTERS = "event_dlq:archive"
REDRIVES = "event_redrive:archive"
LONG_MS = 10**8
"""Longer than any lease or delay here."""

Handler = Callable[[Note], Awaitable[None]]


async def publish(broker: EventBroker, *notes: Note) -> None:
    events = [NOTED.envelope(note, source="tests") for note in notes]
    assert await broker.publish_many(events) == [None] * len(events)


@asynccontextmanager
async def consuming(
    broker: EventBroker,
    handler: Handler,
    *,
    concurrency: int = 16,
    lease: float = 30,
    grace: float = 5,
    probes: dict[str, Probe] | None = None,
    event: EventDefinition[Any] = NOTED,
    retry: Sequence[float] | None = None,
) -> AsyncIterator[RedisConsumer]:
    """A consumer of the group, stopped at the end of the block."""

    @broker.subscriber(event, group=GROUP, operation=OPERATION, retry=retry)
    async def handle(payload: Note) -> None:
        await handler(payload)

    settings = ConsumerSettings(concurrency=concurrency, lease=lease, grace=grace)
    consumer = broker.consumer(GROUP, settings=settings, probes=probes or {})
    assert isinstance(consumer, RedisConsumer)
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def until(condition: Callable[[], object | Awaitable[object]], seconds: float = 60) -> None:
    """Wait for the condition to hold; fails if it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if await result if isinstance(result, Awaitable) else result:
            return
        assert time.monotonic() < deadline, f"still not so after {seconds} s"
        await asyncio.sleep(0.01)


@dataclass(frozen=True)
class Pending:
    id: Any
    consumer: str
    idle_ms: int
    deliveries: int


async def pending_entries(broker: EventBroker, stream: str = STREAM) -> list[Pending]:
    """What has been delivered to the group, if it exists, and not acknowledged."""
    try:
        answer: Any = await broker.redis.xpending_range(stream, GROUP, "-", "+", 1000)
    except ResponseError:
        return []
    return [
        Pending(
            each["message_id"],
            each["consumer"].decode(),
            each["time_since_delivered"],
            each["times_delivered"],
        )
        for each in answer
    ]


async def pending(broker: EventBroker, stream: str = STREAM) -> int:
    return len(await pending_entries(broker, stream))


async def abandon(
    broker: EventBroker, name: str = "gone", *, counter: int = 1, idle_ms: int = LONG_MS
) -> int:
    """Read what is new under another name and leave it there, as a process that was killed does.

    Under the name of a place it lies there as what was given back or parked does.
    """
    redis = broker.redis
    with suppress(ResponseError):  # it exists
        await redis.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
    await redis.xreadgroup(GROUP, name, {STREAM: ">"})
    ids: list[Any] = [each.id for each in await pending_entries(broker) if each.consumer == name]
    await redis.xclaim(STREAM, GROUP, name, 0, ids, idle=idle_ms, retrycount=counter, justid=True)
    return len(ids)


async def age(broker: EventBroker, place: str, milliseconds: int = LONG_MS) -> None:
    """Make what waits at a place look as if it had lain there for so long."""
    for entry in await pending_entries(broker):
        if entry.consumer == place:
            await broker.redis.xclaim(
                STREAM,
                GROUP,
                entry.consumer,
                0,
                [entry.id],
                idle=milliseconds,
                retrycount=entry.deliveries,
                justid=True,
            )


async def dead_letters(broker: EventBroker) -> list[dict[str, bytes]]:
    entries: Any = await broker.redis.xrange(DEAD_LETTERS)
    return [{name.decode(): value for name, value in fields.items()} for _, fields in entries]


async def consumers(broker: EventBroker, stream: str = STREAM) -> dict[str, int]:
    """The consumers of the group and how many entries are pending on each."""
    answer: Any = await broker.redis.xinfo_consumers(stream, GROUP)
    return {each["name"].decode(): each["pending"] for each in answer}
