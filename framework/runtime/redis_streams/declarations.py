"""The subscriptions as FastStream knows them: for its injection, middlewares, AsyncAPI and test broker."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Self, TypeVar

from faststream import AckPolicy
from faststream.message import StreamMessage
from faststream.redis import RedisBroker, StreamSub
from pydantic import ValidationError

from framework.runtime.redis_streams.reading import MessageFormat
from framework.runtime.schema import decoder
from framework.runtime.subscription import Subscription

T = TypeVar("T")


class UndecodableEvent(ValueError):
    """The data of an event does not fit the model that the event carries."""


class _Stream(StreamSub):
    """FastStream looks at it with every message, and each time would make a deep copy to add no prefix."""

    def add_prefix(self, prefix: str) -> Self:
        return super().add_prefix(prefix) if prefix else self


def declare(url: str, stream: Callable[[str], str], subscriptions: Iterable[Subscription]) -> RedisBroker:
    """A broker of FastStream with every subscription. Nothing is connected."""
    # Its log lines would repeat ours, without the operation.
    broker = RedisBroker(url, logger=None, message_format=MessageFormat)  # type: ignore[arg-type]
    for subscription in subscriptions:
        subscriber = broker.subscriber(
            # This consumer only stands in the AsyncAPI document: each process reads under its own name.
            stream=_Stream(
                stream(subscription.event.name), group=subscription.group, consumer=subscription.group
            ),
            ack_policy=AckPolicy.MANUAL,
            decoder=_decoder(subscription.event.message),
            no_reply=True,
            title=f"{subscription.group}: {subscription.operation}",
        )
        subscriber(subscription.handler)
    return broker


def _decoder(model: type[Any]) -> Callable[[StreamMessage[Any]], Any]:
    read = body_reader(model)

    async def decode_body(message: StreamMessage[Any]) -> Any:
        return read(message.body)

    return decode_body


def body_reader(model: type[T]) -> Callable[[bytes], T]:
    """What makes the message out of the data of an event. It raises `UndecodableEvent`."""
    decode = decoder(model)

    def read(body: bytes) -> T:
        try:
            return decode(body)
        except ValidationError as error:
            raise UndecodableEvent(_words(error)) from None

    return read


def _words(error: ValidationError) -> str:
    """What is wrong where, without the values: they may be nobody's business in a log."""
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in problems)
