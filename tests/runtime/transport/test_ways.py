"""Handlers are called straight, or through FastStream where it has a part in it; the promises are one."""

import asyncio
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import pytest
from faststream import BaseMiddleware, Depends
from faststream.redis import RedisStreamMessage

from framework.runtime.broker import EventBroker
from framework.runtime.consumer_settings import ConsumerSettings
from framework.runtime.delivery import AlreadyHandled, current_delivery
from framework.runtime.errors import Conflict
from framework.runtime.redis_streams.bridge import Bridge, goes_through_faststream
from framework.runtime.redis_streams.consumer import RedisConsumer
from tests.runtime.transport.support import (
    GROUP,
    NOTED,
    OPERATION,
    STREAM,
    Handler,
    Note,
    dead_letters,
    pending,
    publish,
    until,
)

colour: ContextVar[str] = ContextVar("colour", default="none")


class Middleware(BaseMiddleware):
    """Does nothing, and makes FastStream's pipeline necessary."""


@pytest.fixture(params=["straight", "through FastStream"])
def consume(request: pytest.FixtureRequest, broker: EventBroker) -> Callable[..., RedisConsumer]:
    def make(handler: Handler, *, concurrency: int = 4, retry: list[float] | None = None) -> RedisConsumer:
        async def handle(payload: Note) -> None:
            await handler(payload)

        broker.subscriber(NOTED, group=GROUP, operation=OPERATION, retry=retry)(handle)
        if request.param != "straight":
            broker.faststream.add_middleware(Middleware)
        consumer = broker.consumer(GROUP, settings=ConsumerSettings(concurrency=concurrency, grace=5))
        assert isinstance(consumer, RedisConsumer)
        return consumer

    return make


Consume = Callable[..., RedisConsumer]


async def test_what_is_handled_is_acknowledged(broker: EventBroker, consume: Consume) -> None:
    seen: list[Note] = []

    async def keep(note: Note) -> None:
        seen.append(note)

    consumer = consume(keep)
    await publish(broker, *(Note(id=i, text="Привет 🙂") for i in range(100)))
    await consumer.start()
    await until(lambda: len(seen) == 100)
    await consumer.stop()
    assert seen == [Note(id=i, text="Привет 🙂") for i in range(100)]
    assert (consumer.counts.handled, await pending(broker)) == (100, 0)


async def test_the_handler_knows_its_delivery_and_leaves_no_trace_in_the_next(
    broker: EventBroker, consume: Consume
) -> None:
    told: list[tuple[str, str]] = []
    events = [NOTED.envelope(Note(id=i), source="tests") for i in range(20)]

    async def look(note: Note) -> None:
        delivery = current_delivery()
        assert delivery is not None
        told.append((delivery.event.id, colour.get()))
        colour.set("red")
        if note.id % 2:
            await asyncio.sleep(0)
            assert (current_delivery(), colour.get()) == (delivery, "red")

    consumer = consume(look, concurrency=1)
    await broker.publish_many(events)
    await consumer.start()
    await until(lambda: len(told) == 20)
    await consumer.stop()
    assert told == [(event.id, "none") for event in events]
    assert consumer.counts.handled == 20


async def test_failures_are_told_apart(broker: EventBroker, consume: Consume) -> None:
    tries: list[int] = []

    async def work(note: Note) -> None:
        tries.append(note.id)
        match note.text:
            case "handled before":
                raise AlreadyHandled
            case "refuse":
                raise Conflict("it is on the shelf")
            case "cancel":
                raise asyncio.CancelledError
            case "cancel the task":
                task = asyncio.current_task()
                assert task is not None
                task.cancel()
                await asyncio.sleep(0)

    consumer = consume(work, retry=[])
    texts = ["", "handled before", "refuse", "cancel", "cancel the task", ""]
    await publish(broker, *(Note(id=i, text=text) for i, text in enumerate(texts)))
    bad = NOTED.envelope(Note(id=9), source="tests").model_copy(update={"data": b'{"id": "nine"}'})
    await broker.publish_many([bad])
    await broker.redis.xadd(STREAM, {"written": "by hand"})
    await consumer.start()
    await until(lambda: consumer.counts.dead == 5)
    await until(lambda: consumer.counts.handled == 2)
    await consumer.stop()
    assert sorted(tries) == [0, 1, 2, 3, 4, 5]
    assert consumer.counts.suppressed == 1
    assert await pending(broker) == 0
    told = sorted(letter["error_type"].decode() for letter in await dead_letters(broker))
    assert told == ["Conflict", *["HandlerCancelled"] * 2, "InvalidEnvelope", "UndecodableEvent"]


async def test_a_handler_that_takes_long_holds_back_no_others_and_not_their_acknowledgement(
    broker: EventBroker, consume: Consume
) -> None:
    finish = asyncio.Event()
    seen: list[int] = []

    async def work(note: Note) -> None:
        if note.id == 0:
            await finish.wait()
        seen.append(note.id)

    consumer = consume(work, concurrency=2)
    await publish(broker, *(Note(id=i) for i in range(50)))
    await consumer.start()
    await until(lambda: len(seen) == 49)
    await until(lambda: _only_one_is_pending(broker))
    finish.set()
    await until(lambda: len(seen) == 50)
    await consumer.stop()
    assert await pending(broker) == 0


async def test_handlers_that_never_wait_leave_the_loop_its_turns(
    broker: EventBroker, consume: Consume
) -> None:
    turns = 0
    seen: list[int] = []

    async def count_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def work(note: Note) -> None:
        time.sleep(0.01)  # noqa: ASYNC251
        seen.append(turns)

    consumer = consume(work, concurrency=20)
    await publish(broker, *(Note(id=i) for i in range(20)))
    counting = asyncio.create_task(count_turns())
    await consumer.start()
    await until(lambda: len(seen) == 20)
    await consumer.stop()
    counting.cancel()
    assert len(set(seen)) == 20


async def test_a_stop_finishes_what_runs_and_gives_back_what_waits(
    broker: EventBroker, consume: Consume
) -> None:
    begun, finish = asyncio.Event(), asyncio.Event()
    seen: list[int] = []

    async def work(note: Note) -> None:
        begun.set()
        await finish.wait()
        seen.append(note.id)

    consumer = consume(work, concurrency=1)
    await publish(broker, *(Note(id=i) for i in range(3)))
    await consumer.start()
    await begun.wait()
    asyncio.get_running_loop().call_later(0.2, finish.set)
    await consumer.stop()
    assert seen == [0]
    again: list[int] = []

    async def keep(note: Note) -> None:
        again.append(note.id)

    other = consume(keep)
    await other.start()
    await until(lambda: sorted(again) == [1, 2])
    await other.stop()


async def plain(payload: Note) -> None: ...


async def with_dependency(payload: Note, shelf: str = Depends(lambda: "top")) -> None: ...


async def with_context(payload: Note, message: RedisStreamMessage) -> None: ...


async def with_default(payload: Note, copies: int = 1) -> None: ...


async def of_another_type(payload: dict[str, Any]) -> None: ...


def blocking(payload: Note) -> None: ...


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        (plain, False),
        (with_dependency, True),
        (with_context, True),
        (with_default, True),
        (of_another_type, True),
        (blocking, True),
    ],
)
async def test_only_what_needs_nothing_of_faststream_is_called_straight(
    broker: EventBroker, handler: Any, expected: bool
) -> None:
    broker.subscriber(NOTED, group=GROUP, operation=OPERATION)(handler)
    assert await _goes_through(broker) == expected
    broker.faststream.add_middleware(Middleware)
    assert await _goes_through(broker)


async def _goes_through(broker: EventBroker) -> bool:
    (subscription,) = broker.subscriptions
    (subscriber,) = broker.faststream.subscribers
    await Bridge(broker.faststream, GROUP, {STREAM: subscription}).open()
    return goes_through_faststream(subscriber, subscription)  # type: ignore[arg-type]


async def _only_one_is_pending(broker: EventBroker) -> bool:
    return await pending(broker) == 1
