"""A small service for the tests of this folder: one table, one event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import MetaData, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from framework.runtime.broker import EventBroker
from framework.runtime.columns import NAMING_CONVENTION
from framework.runtime.database import Database
from framework.runtime.delivery import Delivery
from framework.runtime.envelope import CloudEvent, now, uuid7
from framework.runtime.events import EventDefinition, publish
from framework.runtime.failures import OperationFailed
from framework.runtime.migrate import migrate_runtime
from framework.runtime.redis_streams.wire import decode
from framework.runtime.schema import Schema
from framework.runtime.tables import inbox, outbox


class Base(DeclarativeBase):
    """The tables of the service."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class Order(Base):
    """An order of one customer."""

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer: Mapped[str]
    number: Mapped[int] = mapped_column(unique=True)


class OrderPlaced(Schema):
    """The message of `order.placed`."""

    customer: str
    number: int


ORDER_PLACED = EventDefinition(name="order.placed", message=OrderPlaced, key="customer")
ORDER_FAILED = EventDefinition(name="order.failed", message=OperationFailed, key=None)


class RecordingBroker:
    """Takes events in memory: for what is published straight to the broker, and to make it refuse."""

    source = "shop"

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.events: list[CloudEvent] = []
        self.refuse: set[int] = set()
        self.error: Exception | None = None

    async def publish(self, event: CloudEvent) -> None:
        if self.error is not None:
            raise self.error
        self.events.append(event)

    async def publish_many(self, events: Sequence[CloudEvent]) -> list[Exception | None]:
        if self.error is not None:
            raise self.error
        answers: list[Exception | None] = []
        for event in events:
            is_refused = message_of(event).number in self.refuse
            answers.append(ValueError("too large") if is_refused else None)
            if not is_refused:
                self.events.append(event)
        return answers

    @property
    def numbers(self) -> list[int]:
        return [message_of(event).number for event in self.events]


broker = RecordingBroker()


async def publish_order_placed(event: OrderPlaced, *, session: AsyncSession | None = None) -> None:
    """As the generated functions are."""
    await publish(broker, ORDER_PLACED, event, session)


async def publish_order_failed(event: OperationFailed, *, session: AsyncSession | None = None) -> None:
    """As the generated functions are."""
    await publish(broker, ORDER_FAILED, event, session)


async def place(session: AsyncSession, number: int, customer: str = "ann") -> None:
    """Store an order and publish its event, as a controller would."""
    session.add(Order(customer=customer, number=number))
    await session.flush()
    await publish_order_placed(OrderPlaced(customer=customer, number=number), session=session)


def message_of(event: CloudEvent) -> OrderPlaced:
    """Read the message of an event."""
    return OrderPlaced.model_validate_json(event.data)


def incoming(number: int = 1, **attributes: Any) -> CloudEvent:
    """Make an event as another service would have published it."""
    message = OrderPlaced(customer="ann", number=number)
    defaults = {"id": str(uuid7()), "source": "elsewhere", "type": "order.requested", "time": now()}
    return CloudEvent(**{**defaults, **attributes, "data": message.model_dump_json().encode()})


def delivery_of(event: CloudEvent, *, operation: str = "orders.place", is_final: bool = False) -> Delivery:
    """Make the delivery of an event to an operation that records."""
    return Delivery(event, operation=operation, records=True, is_final=is_final)


async def create_tables(database: Database, url: str) -> None:
    """Make the tables of the runtime and those of the service."""
    await migrate_runtime(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


async def numbers_of_orders(database: Database) -> list[int]:
    """Read which orders are stored."""
    async with database.session() as session:
        return list(await session.scalars(select(Order.number).order_by(Order.number)))


async def rows_of_outbox(database: Database) -> Sequence[Any]:
    """Read the outbox in its order."""
    async with database.session() as session:
        return (await session.execute(select(outbox).order_by(outbox.c.position))).all()


async def count_of_inbox(database: Database) -> int:
    """Count what the inbox remembers."""
    async with database.session() as session:
        return (await session.execute(select(func.count()).select_from(inbox))).scalar_one()


async def stream_of(redis_broker: EventBroker) -> list[CloudEvent]:
    """Read the stream of `order.placed` as it lies in Redis."""
    entries: list[Any] = await redis_broker.redis.xrange(redis_broker.stream(ORDER_PLACED.name)) or []
    return [decode(fields) for _, fields in entries]
