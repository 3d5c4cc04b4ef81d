"""An event through a real Redis: published as services publish, read as they and as `redis-cli` read."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from framework.runtime.redis_streams.wire import decode
from shared.generated.events import COMMAND_RECEIVED, broker, publish_command_received
from shared.generated.schemas import CommandReceived

HELLO = CommandReceived(command="/command hello", args=["hello"], user_id=42, timestamp=datetime.now(UTC))


@pytest.fixture(autouse=True)
async def connected(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setenv("REDIS_URL", redis_url)
    await broker.connect()
    yield
    await broker.close()


async def test_a_published_event_lies_in_the_stream_of_its_name() -> None:
    await publish_command_received(HELLO)

    answer: Any = await broker.redis.xread({"command_received": "0"})
    ((stream, ((_, fields),)),) = answer
    assert stream == b"command_received"
    event = decode(fields)
    assert (event.type, event.subject) == ("command_received", "42")
    assert CommandReceived.model_validate_json(event.data) == HELLO


async def test_a_published_event_reaches_whoever_subscribed() -> None:
    handled: asyncio.Queue[CommandReceived] = asyncio.Queue()

    @broker.subscriber(COMMAND_RECEIVED, group="tests", operation="tests.handle")
    async def handle(payload: CommandReceived) -> None:
        handled.put_nowait(payload)

    await publish_command_received(HELLO)
    consumer = broker.consumer("tests")
    await consumer.start()
    try:
        assert await asyncio.wait_for(handled.get(), timeout=30) == HELLO
    finally:
        await consumer.stop()
