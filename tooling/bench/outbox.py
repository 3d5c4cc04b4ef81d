"""What it costs to write events with the business and to relay them, on PostgreSQL.

The relay is compared with a loop that does nothing but add the same entries to the same stream, pipelined; an
operation that inserts one row and publishes an event with one that only inserts the row, and with the same
insert in a session of SQLAlchemy and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

import uvloop
from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.events import publish
from framework.runtime.migrate import migrate_runtime
from framework.runtime.outbox.drain import drain
from framework.runtime.outbox.relay import BATCH_SIZE
from framework.runtime.redis_streams.wire import encode
from framework.runtime.unit_of_work import UnitOfWorkFactory
from framework.servers.postgres import PostgresServer
from framework.servers.redis import RedisServer
from tooling.bench.orders import ORDER_PLACED, order
from tooling.bench.report import Bar, Part

SETTINGS: Final[Mapping[str, str]] = {"shared_buffers": "256MB", "max_wal_size": "2GB"}
"""Of a PostgreSQL as somebody would run it."""
PIPELINED: Final = 500
"""Commands of one pipeline of the client alone."""
RELAYED: Final = 4_000
"""Events of one measurement of the relay."""
WRITTEN: Final = 300
"""Transactions of each kind in one round."""
FEW: Final = 1_000
MANY: Final = 1_000_000
"""Published events that are kept in an outbox."""
RELAY_LIMIT: Final = 0.35
WRITE_LIMIT: Final = 1.8
FLAT_LIMIT: Final = 1.2


class _Base(DeclarativeBase):
    pass


class _Order(_Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer: Mapped[str]


_KEEP: Final = text("""
    INSERT INTO framework_outbox (id, source, type, key, sequence, partition, created_at, attributes, data,
                                  published_at)
    SELECT 'kept-' || n, 'bench', 'order.placed', n % 5000, n, n % 16, now() - interval '1 day', '{}',
           repeat('x', 250), now() - interval '1 day' * n / :count
    FROM generate_series(1, :count) AS n
""")


# By position: to search a million rows for those of the measurement would disturb what is measured next.
_FORGET: Final = text("DELETE FROM framework_outbox WHERE position > :kept")


@dataclass(frozen=True, slots=True)
class _Service:
    """A database with an outbox, and the broker that it is relayed to."""

    database: Database
    broker: EventBroker
    kept: int
    """Events that were published long ago."""

    async def write(self, count: int) -> None:
        """Events that wait, in transactions of a full batch."""
        for begin in range(0, count, BATCH_SIZE):
            async with self._work.command("orders.place") as unit:
                for number in range(begin, min(begin + BATCH_SIZE, count)):
                    await publish(self.broker, ORDER_PLACED, order(number), unit.session)

    async def relay(self, count: int) -> float:
        """Seconds for each of so many events that wait."""
        await self.write(count)
        await self.broker.redis.flushall()
        begin, done = time.perf_counter(), 0
        while done < count:
            done += (await drain(self.database.engine, self.broker, BATCH_SIZE)).published
        return (time.perf_counter() - begin) / count

    async def add_raw(self, count: int) -> float:
        """Seconds for each of so many entries like those of the relay, added with the client alone."""
        events = [ORDER_PLACED.envelope(order(number), source="bench") for number in range(count)]
        entries: list[dict[Any, Any]] = [dict(encode(event)) for event in events]
        await self.broker.redis.flushall()
        begin = time.perf_counter()
        for first in range(0, count, PIPELINED):
            async with self.broker.redis.pipeline(transaction=False) as pipe:
                for fields in entries[first : first + PIPELINED]:
                    pipe.xadd(ORDER_PLACED.name, fields)
                await pipe.execute()
        return (time.perf_counter() - begin) / count

    async def insert_alone(self, number: int) -> None:
        """What the business does: a transaction that inserts one row."""
        async with self.database.session() as session, session.begin():
            session.add(_Order(customer=f"Customer No. {number}"))

    async def insert(self, number: int) -> None:
        """An operation that inserts one row."""
        async with self._work.command("orders.place") as unit:
            unit.session.add(_Order(customer=f"Customer No. {number}"))
            await unit.session.flush()

    async def place(self, number: int) -> None:
        """The same, with an event."""
        async with self._work.command("orders.place") as unit:
            unit.session.add(_Order(customer=f"Customer No. {number}"))
            await unit.session.flush()
            await publish(self.broker, ORDER_PLACED, order(number), unit.session)

    @property
    def _work(self) -> UnitOfWorkFactory:
        return UnitOfWorkFactory("bench", self.database.session)

    async def forget_waiting(self) -> None:
        """Leave the outbox as it was before the measurement."""
        async with self.database.engine.begin() as connection:
            await connection.execute(_FORGET, {"kept": self.kept})


async def _in_turn(works: Mapping[str, Callable[[int], Awaitable[None]]], count: int) -> dict[str, float]:
    """The median of the seconds that each takes. They take turns with every single one: what else the machine
    does meets all of them alike.
    """
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for number in range(count):
        for name, work in works.items():
            begin = time.perf_counter()
            await work(number)
            seconds[name].append(time.perf_counter() - begin)
    return {name: median(each) for name, each in seconds.items()}


def measure(
    start_postgres: Callable[[], PostgresServer], start_redis: Callable[[], RedisServer], rounds: int
) -> Part:
    """Measure everything, in turn, on servers that are started for this."""
    postgres, redis = start_postgres(), start_redis()
    try:
        return uvloop.run(_measure(postgres, redis, rounds))
    finally:
        postgres.close()
        redis.close()


async def _measure(postgres: PostgresServer, redis: RedisServer, rounds: int) -> Part:
    async with AsyncExitStack() as stack:
        few, many = [await stack.enter_async_context(_service(postgres, redis, kept)) for kept in (FEW, MANY)]
        relaying: Mapping[str, Callable[[], Awaitable[float]]] = {
            "raw": lambda: few.add_raw(RELAYED),
            "relay": lambda: few.relay(RELAYED),
            "relay, many kept": lambda: many.relay(RELAYED),
        }
        writing: Mapping[str, Callable[[int], Awaitable[None]]] = {
            "alone": few.insert_alone,
            "insert": few.insert,
            "place": few.place,
            "place, many kept": many.place,
        }
        found: list[dict[str, float]] = []
        for _ in range(rounds):
            seconds = {}
            for name, subject in relaying.items():
                seconds[name] = await subject()
                for each in (few, many):
                    await each.forget_waiting()
            seconds |= await _in_turn(writing, WRITTEN)
            for each in (few, many):
                await each.forget_waiting()
            found.append(seconds)
    return _part(found)


@asynccontextmanager
async def _service(postgres: PostgresServer, redis: RedisServer, kept: int) -> AsyncIterator[_Service]:
    """One whose outbox keeps so many published events."""
    url = postgres.create_database(f"kept_{kept}")
    await migrate_runtime(url)
    service = _Service(Database("bench", url=url), EventBroker(url=redis.url), kept)
    async with service.database.engine.begin() as connection:
        await connection.run_sync(_Base.metadata.create_all)
        await connection.execute(_KEEP, {"count": kept})
    autocommit = service.database.engine.execution_options(isolation_level="AUTOCOMMIT")
    async with autocommit.connect() as connection:
        await connection.execute(text("VACUUM ANALYZE framework_outbox"))
    yield service
    await service.broker.close()
    await service.database.close()


def _part(rounds: Sequence[Mapping[str, float]]) -> Part:
    def ratio(one: str, other: str) -> float:
        return median(seconds[one] / seconds[other] for seconds in rounds)

    relay = ratio("raw", "relay")
    place, place_strictly = ratio("place", "insert"), ratio("place", "alone")
    flat_relay, flat_place = ratio("relay, many kept", "relay"), ratio("place, many kept", "place")

    def rate(name: str) -> str:
        return f"{1 / median(each[name] for each in rounds):,.0f} events/s"

    def latency(name: str) -> str:
        return f"{median(each[name] for each in rounds) * 1000:.2f} ms"

    return Part(
        [
            ("XADD, pipelined by the client", rate("raw"), ""),
            (f"relay, {FEW:,} published events kept", rate("relay"), f"{relay:.2f}"),
            (f"relay, {MANY:,} kept", rate("relay, many kept"), f"{flat_relay:.2f} of the time"),
            ("SQLAlchemy alone inserts a row, p50", latency("alone"), ""),
            (
                "operation that inserts a row, p50",
                latency("insert"),
                f"{ratio('insert', 'alone'):.2f} of alone",
            ),
            ("the same with an event, p50", latency("place"), f"{place:.2f}; {place_strictly:.2f} of alone"),
            (f"the same, {MANY:,} kept", latency("place, many kept"), f"{flat_place:.2f}"),
        ],
        [
            Bar("relay, of pipelined XADD alone", relay, RELAY_LIMIT, at_least=True),
            Bar("operation with an event, times the insert alone at p50", place_strictly, WRITE_LIMIT),
            Bar("operation with an event, times one without at p50", place, WRITE_LIMIT),
            Bar(f"relay: an event with {MANY:,} kept, times one with {FEW:,}", flat_relay, FLAT_LIMIT),
            Bar(f"operation: with {MANY:,} kept, times with {FEW:,}", flat_place, FLAT_LIMIT),
        ],
    )
