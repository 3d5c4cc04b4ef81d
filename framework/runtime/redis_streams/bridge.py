"""The way from our delivery loop into the handlers: through FastStream, or straight where that adds nothing.

The internals of FastStream that are touched are touched here: `SubscriberUsecase.start`, which prepares a
subscriber without starting its reading loop, the parser's `_setup`, which tells it the client, and what shows
whether anything stands between the message and the handler. `test_bridge.py` is their contract.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from inspect import iscoroutinefunction
from typing import Any

from faststream._internal.endpoint.subscriber import SubscriberUsecase
from faststream.redis import RedisBroker
from faststream.redis.message import DefaultStreamMessage
from faststream.redis.subscriber.usecases import StreamSubscriber

from framework.runtime.redis_streams.declarations import body_reader
from framework.runtime.redis_streams.group import Entry
from framework.runtime.subscription import Subscription

Deliver = Callable[[Entry, bytes], Awaitable[None]]
"""Hands an entry, and the data of its event, to the handler, and raises what the handler raises."""


class Bridge:
    """FastStream's subscribers of one group."""

    def __init__(self, broker: RedisBroker, group: str, subscriptions: Mapping[str, Subscription]) -> None:
        """`subscriptions` by stream."""
        self._broker = broker
        self._group = group
        self._subscriptions = subscriptions

    async def open(self) -> dict[str, Deliver]:
        """Make the subscribers ready; returns the way into each, by stream. Connects to nothing yet.

        Middlewares that are added to FastStream's broker later are not called.
        """
        client = await self._broker.connect()
        ways: dict[str, Deliver] = {}
        for subscriber in self._broker.subscribers:
            if isinstance(subscriber, StreamSubscriber) and subscriber.stream_sub.group == self._group:
                await SubscriberUsecase.start(subscriber)
                subscriber.parser._setup(client, self._group)  # type: ignore[arg-type]
                stream = subscriber.stream_sub.name
                subscription = self._subscriptions.get(stream)
                if subscription is None or goes_through_faststream(subscriber, subscription):
                    ways[stream] = _through(subscriber)
                else:
                    ways[stream] = _straight_to(subscription)
        return ways

    async def close(self) -> None:
        """Close FastStream's own connections, which handlers may have used."""
        await self._broker.stop()


def goes_through_faststream(subscriber: StreamSubscriber, subscription: Subscription) -> bool:
    """Whether FastStream has more to do than to call the handler with the message: after its `start`."""
    call, *others = subscriber.calls
    model: Any = call.dependant
    return bool(
        others
        or subscriber._outer_config.broker_middlewares
        or call.handler._publishers
        or call.parser != subscriber._parser
        or call.handler._composed_call is not subscription.handler
        or not iscoroutinefunction(subscription.handler)
        or model.dependencies
        or model.extra_dependencies
        or model.custom_fields
        or [param.field_type for param in model.params] != [subscription.event.message]
    )


def _straight_to(subscription: Subscription) -> Deliver:
    handler, read = subscription.handler, body_reader(subscription.event.message)

    def deliver(entry: Entry, body: bytes) -> Awaitable[None]:
        return handler(read(body))

    return deliver


def _through(subscriber: StreamSubscriber) -> Deliver:
    stream = subscriber.stream_sub.name

    async def deliver(entry: Entry, body: bytes) -> None:
        await subscriber.process_message(
            DefaultStreamMessage(type="stream", channel=stream, message_ids=[entry.id], data=entry.fields)
        )

    return deliver
