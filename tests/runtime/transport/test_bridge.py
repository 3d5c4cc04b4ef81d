"""The contract with FastStream: our declarations are its own, and its message is what lies on the wire."""

import json
from itertools import chain
from typing import Any

import pytest
from faststream import BaseMiddleware, Depends
from faststream.redis import RedisBroker, RedisStreamMessage, TestRedisBroker
from faststream.redis.message import DefaultStreamMessage
from faststream.redis.parser import BinaryMessageFormatV1
from faststream.redis.subscriber.usecases import StreamSubscriber
from faststream.specification import AsyncAPI

from framework.runtime.broker import EventBroker
from framework.runtime.envelope import CloudEvent, headers
from framework.runtime.redis_streams.bridge import Bridge, Deliver
from framework.runtime.redis_streams.declarations import UndecodableEvent
from framework.runtime.redis_streams.group import Entry
from framework.runtime.redis_streams.reading import MessageFormat, read_plain
from framework.runtime.redis_streams.wire import MESSAGE, decode, encode
from tests.runtime.transport.support import GROUP, NOTED, OPERATION, STREAM, Note, consuming, publish, until

EVENT = NOTED.envelope(Note(id=1, text="Привет, 世界 🙂"), source="слу\nжба%").model_copy(
    update={
        "id": "ид 1",
        "subject": "ключ: 1",
        "partitionkey": "ключ",
        "sequence": 7,
        "causationid": "причина",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "extensions": {"tenant": "ООО «Ромашка»"},
    }
)


def declared(handler: Any) -> EventBroker:
    broker = EventBroker(url="redis://nowhere.invalid:1/0")
    broker.subscriber(NOTED, group=GROUP, operation=OPERATION)(handler)
    return broker


def fields() -> dict[bytes, bytes]:
    return encode(EVENT)


def test_faststream_copies_nothing_to_look_at_its_stream() -> None:
    async def handle(payload: Note) -> None: ...

    (subscriber,) = declared(handle).faststream.subscribers
    assert isinstance(subscriber, StreamSubscriber)
    assert subscriber.stream_sub is subscriber.stream_sub
    assert subscriber.stream_sub.add_prefix("shop.").name == "shop." + STREAM


BARE = CloudEvent(id="1", source="tests", type=STREAM, time=EVENT.time, data=b"")
LONG = EVENT.model_copy(update={"subject": "я" * 40_000, "data": bytes(range(256)) * 300})


@pytest.mark.parametrize("event", [EVENT, BARE, LONG.model_copy(update={"subject": "s" * 65_535})])
async def test_the_message_is_faststreams_own_byte_for_byte(event: CloudEvent) -> None:
    sent = headers(event)
    theirs = await BinaryMessageFormatV1.encode(
        message=event.data,
        reply_to=None,
        headers={**sent, "message_id": sent["ce-id"]},
        correlation_id=sent["ce-id"],
    )
    assert encode(event)[MESSAGE] == theirs
    assert BinaryMessageFormatV1.parse(theirs)[0] == event.data


PLAIN = BARE.model_copy(
    update={
        "subject": "1",
        "partitionkey": "1",
        "sequence": 3,
        "causationid": "2",
        "traceparent": "00-1-2-01",
    }
)


@pytest.mark.parametrize("event", [EVENT, BARE, PLAIN, LONG.model_copy(update={"subject": "s" * 65_535})])
def test_the_format_reads_what_faststreams_own_reads(event: CloudEvent) -> None:
    message = encode(event)[MESSAGE]
    assert MessageFormat.parse(message) == BinaryMessageFormatV1.parse(message)


@pytest.mark.parametrize("end", [3, 15, 40])
def test_what_is_cut_off_is_read_as_faststream_reads_it(end: int) -> None:
    message = encode(PLAIN)[MESSAGE][:end]
    assert MessageFormat.parse(message) == BinaryMessageFormatV1.parse(message)


@pytest.mark.parametrize("event", [BARE, PLAIN])
def test_most_messages_are_read_the_short_way(event: CloudEvent) -> None:
    plain = read_plain(encode(event)[MESSAGE])
    assert plain is not None
    assert plain.event() == event


@pytest.mark.parametrize(
    "update",
    [{"subject": "ключ"}, {"subject": "s" * 256}, {"extensions": {"tenant": "1"}}, {"dataschema": ""}],
)
def test_a_message_of_another_kind_is_read_the_long_way(update: dict[str, Any]) -> None:
    event = PLAIN.model_copy(update=update)
    written = encode(event)
    assert read_plain(written[MESSAGE]) is None
    assert decode(written) == event


async def test_a_header_that_is_too_long_is_refused_and_nothing_else(broker: EventBroker) -> None:
    refused, taken, also_taken = await broker.publish_many([LONG, EVENT, BARE])
    assert isinstance(refused, OverflowError)
    assert (taken, also_taken) == (None, None)
    assert await broker.redis.xlen(STREAM) == 2


async def way_into(broker: EventBroker, group: str = GROUP) -> dict[str, Deliver]:
    subscriptions = {each.event.name: each for each in broker.subscriptions if each.group == group}
    return await Bridge(broker.faststream, group, subscriptions).open()


def entry() -> Entry:
    return Entry(STREAM, b"1-0", [*chain.from_iterable(fields().items())])


async def test_an_event_comes_back_as_it_was_written() -> None:
    written = fields()
    assert decode(written) == EVENT
    assert written[b"id"].decode() == "ид 1"
    assert written[b"type"] == b"note.taken"
    assert written[b"key"].decode() == "ключ"


async def test_faststream_reads_what_we_write() -> None:
    seen: list[RedisStreamMessage] = []

    async def look(payload: Note, message: RedisStreamMessage) -> None:
        assert payload == Note(id=1, text="Привет, 世界 🙂")
        seen.append(message)

    (deliver,) = (await way_into(declared(look))).values()
    await deliver(entry(), EVENT.data)
    (message,) = seen
    assert message.message_id == message.headers["ce-id"] == "%D0%B8%D0%B4%201"
    assert message.headers["traceparent"] == EVENT.traceparent
    assert message.content_type == "application/json"
    assert json.loads(message.body) == {"id": 1, "text": "Привет, 世界 🙂"}


async def test_faststreams_own_loop_would_read_it_too() -> None:
    """What FastStream's reading loop hands to `process_message` has the shape that the bridge makes."""
    broker = RedisBroker("redis://nowhere.invalid:1/0", logger=None)  # type: ignore[arg-type]
    seen: list[dict[str, Any]] = []

    @broker.subscriber(stream=STREAM)
    async def handle(body: dict[str, Any]) -> None:
        seen.append(body)

    await Bridge(broker, GROUP, {}).open()
    message = DefaultStreamMessage(type="stream", channel=STREAM, message_ids=[b"1-0"], data=fields())
    async with TestRedisBroker(broker):
        (subscriber,) = broker.subscribers
        await subscriber.process_message(message)  # type: ignore[arg-type]
    assert seen == [{"id": 1, "text": "Привет, 世界 🙂"}]


async def test_the_bridge_raises_what_the_handler_raises_and_starts_no_loop() -> None:
    async def fail(payload: Note) -> None:
        raise LookupError("mine")

    broker = declared(fail)
    (deliver,) = (await way_into(broker)).values()
    with pytest.raises(LookupError, match="mine"):
        await deliver(entry(), EVENT.data)
    with pytest.raises(UndecodableEvent):
        await deliver(entry(), b"{")
    (subscriber,) = broker.faststream.subscribers
    assert not subscriber.running
    assert not subscriber.tasks  # type: ignore[attr-defined]


async def test_only_the_groups_own_subscribers_are_opened() -> None:
    async def handle(payload: Note) -> None:
        raise AssertionError

    broker = declared(handle)
    broker.subscriber(NOTED, group="other", operation="others.keep")(handle)
    assert list(await way_into(broker)) == [STREAM]
    assert list(await way_into(broker, "third")) == []


async def test_the_same_declarations_work_in_faststreams_test_broker() -> None:
    seen: list[Note] = []

    async def keep(payload: Note) -> None:
        seen.append(payload)

    async with TestRedisBroker(declared(keep).faststream) as broker:
        await broker.publish({"id": 3, "text": "世界", "unknown": 1}, stream=STREAM)
    assert seen == [Note(id=3, text="世界")]


async def test_dependencies_and_middlewares_of_faststream_work_in_our_loop(broker: EventBroker) -> None:
    passed: list[str] = []
    seen: list[tuple[int, str]] = []

    class Watch(BaseMiddleware):
        async def consume_scope(self, call_next: Any, msg: Any) -> Any:
            passed.append(msg.message_id)
            return await call_next(msg)

    async def shelf() -> str:
        return "top"

    async def ignore(note: Note) -> None:
        raise AssertionError

    async def keep(payload: Note, place: str = Depends(shelf)) -> None:
        seen.append((payload.id, place))

    async with consuming(broker, ignore):
        pass
    broker.subscriber(NOTED, group=GROUP, operation=OPERATION)(keep)
    broker.faststream.add_middleware(Watch)
    consumer = broker.consumer(GROUP)
    await consumer.start()
    await publish(broker, Note(id=1))
    await until(lambda: seen == [(1, "top")])
    await consumer.stop()
    assert len(passed) == 1


def test_asyncapi_knows_the_channel_and_no_process() -> None:
    async def keep(payload: Note) -> None:
        """Keeps notes."""

    document = AsyncAPI(declared(keep).faststream).to_specification().to_jsonable()
    text = json.dumps(document)
    assert STREAM in text
    assert OPERATION in text


def test_an_operation_may_be_declared_again_and_another_may_not() -> None:
    async def keep(payload: Note) -> None:
        raise AssertionError

    broker = declared(keep)
    broker.subscriber(NOTED, group=GROUP, operation=OPERATION)(keep)
    assert len(broker.subscriptions) == 1
    assert len(broker.faststream.subscribers) == 1
    with pytest.raises(ValueError, match=r"notes\.keep handles note\.taken"):
        broker.subscriber(NOTED, group=GROUP, operation="notes.burn")(keep)


def test_the_prefix_begins_the_name_of_the_stream() -> None:
    async def keep(payload: Note) -> None:
        raise AssertionError

    broker = EventBroker(stream_prefix="shop:", url="redis://nowhere.invalid:1/0")
    broker.subscriber(NOTED, group=GROUP, operation=OPERATION)(keep)
    (subscriber,) = broker.faststream.subscribers
    assert subscriber.stream_sub.name == "shop:note.taken"  # type: ignore[attr-defined]
