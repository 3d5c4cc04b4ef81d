"""The way from our delivery loop into FastStream's subscribers.

Two internals of FastStream are touched, both here: `SubscriberUsecase.start`, which prepares a subscriber
without starting its reading loop, and the parser's `_setup`, which tells it the client. `test_bridge.py` is
their contract.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from faststream._internal.endpoint.subscriber import SubscriberUsecase
from faststream.redis import RedisBroker
from faststream.redis.message import DefaultStreamMessage
from faststream.redis.subscriber.usecases import StreamSubscriber

Fields = Mapping[bytes, bytes]
Deliver = Callable[[bytes, Fields], Awaitable[None]]
"""Hands an entry (its id and its fields) to the handler, and raises what the handler raises."""


class Bridge:
    """FastStream's subscribers of one group."""

    def __init__(self, broker: RedisBroker, group: str) -> None:
        self._broker = broker
        self._group = group

    async def open(self) -> dict[str, Deliver]:
        """Make the subscribers ready; returns the way into each, by stream. Connects to nothing yet."""
        client = await self._broker.connect()
        ways: dict[str, Deliver] = {}
        for subscriber in self._broker.subscribers:
            if isinstance(subscriber, StreamSubscriber) and subscriber.stream_sub.group == self._group:
                await SubscriberUsecase.start(subscriber)
                subscriber.parser._setup(client, self._group)  # type: ignore[arg-type]
                ways[subscriber.stream_sub.name] = _way_into(subscriber)
        return ways

    async def close(self) -> None:
        """Close FastStream's own connections, which handlers may have used."""
        await self._broker.stop()


def _way_into(subscriber: StreamSubscriber) -> Deliver:
    stream = subscriber.stream_sub.name

    async def deliver(entry: bytes, fields: Fields) -> None:
        await subscriber.process_message(
            DefaultStreamMessage(type="stream", channel=stream, message_ids=[entry], data=dict(fields))
        )

    return deliver
