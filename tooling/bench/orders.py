"""The event that the benchmarks publish and consume: about 250 bytes of JSON in 750 of a message."""

from __future__ import annotations

from typing import Final

from framework.runtime.broker import EventBroker
from framework.runtime.events import EventDefinition
from framework.runtime.schema import Schema

_PAGE: Final = 1_000


class OrderPlaced(Schema):
    """The message."""

    id: int
    customer: str
    email: str
    address: str
    currency: str
    total: int
    quantities: list[int]
    note: str


ORDER_PLACED: Final = EventDefinition(name="order.placed", message=OrderPlaced, key="id")


def order(number: int) -> OrderPlaced:
    """An order like any other."""
    return OrderPlaced(
        id=number,
        customer=f"Customer No. {number}",
        email=f"customer-{number}@example.com",
        address="221b, Baker Street, London NW1 6XE, United Kingdom",
        currency="GBP",
        total=123_456,
        quantities=[1, 2, 3, 5, 8, 13],
        note="Please ring twice; the dog does not bite, as a rule.",
    )


async def fill(url: str, count: int) -> None:
    """Publish the orders from 0 to `count`."""
    broker = EventBroker(url=url)
    for begin in range(0, count, _PAGE):
        numbers = range(begin, min(begin + _PAGE, count))
        await broker.publish_many([ORDER_PLACED.envelope(order(n), source="bench") for n in numbers])
    await broker.close()
