"""How many events a second one process handles: ours, FastStream's own loop and the bare client, in turn.

All read the same stream, each as a group of its own, and give the same model, made of the same bytes, to the
same handler.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from statistics import median
from struct import unpack_from
from typing import Any, Final
from uuid import uuid4

import uvloop
from faststream import BaseMiddleware
from faststream.redis import RedisBroker, StreamSub
from pydantic import TypeAdapter
from redis.asyncio import Redis

from framework.runtime.broker import EventBroker
from framework.runtime.consumer_settings import ConsumerSettings
from framework.runtime.redis_streams.wire import MESSAGE
from framework.servers.redis import RedisServer
from tooling.bench.orders import ORDER_PLACED, OrderPlaced, fill
from tooling.bench.report import Bar, Part

CONCURRENCY: Final = 64
PAGE: Final = 100
WORK: Final = 0.005
"""Seconds that the second handler waits, as for a database."""
PATIENCE: Final = 300
"""Seconds after which a subject has failed."""

OVER_FASTSTREAM: Final = 2.0
OF_RAW: Final = 0.5


class Counter:
    """A handler that notes how long the events take from the first to the last."""

    def __init__(self, expected: int, work: float) -> None:
        self._expected = expected
        self._left = expected
        self._work = work
        self._begin = self._end = 0.0
        self._done = asyncio.Event()

    async def handle(self, payload: OrderPlaced) -> None:
        """Take one event."""
        self._begin = self._begin or time.perf_counter()
        if self._work:
            await asyncio.sleep(self._work)
        self._left -= 1
        if not self._left:
            self._end = time.perf_counter()
            self._done.set()

    @property
    def is_done(self) -> bool:
        """Whether all have come."""
        return self._done.is_set()

    async def rate(self) -> float:
        """Events per second, when all have come. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            await self._done.wait()
        return self._expected / (self._end - self._begin)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a subject reads."""

    url: str
    group: str


Run = Callable[[Place, Counter], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Subject:
    """One way to consume, and how many events it gets: as many as take a second or so."""

    name: str
    run: Run
    events: int


@asynccontextmanager
async def raw(place: Place, counter: Counter) -> AsyncIterator[None]:
    """Pages of a hundred, each acknowledged by one command."""
    adapter = TypeAdapter(OrderPlaced)
    redis = Redis.from_url(place.url, protocol=2)
    stream = ORDER_PLACED.name

    async def loop() -> None:
        while not counter.is_done:
            answer: Any = await redis.xreadgroup(place.group, "one", {stream: ">"}, count=PAGE, block=1000)
            for _, entries in answer:
                for _, fields in entries:
                    message = fields[MESSAGE]
                    (begin,) = unpack_from(">I", message, 14)
                    await counter.handle(adapter.validate_json(message[begin:], extra="ignore"))
                await redis.xack(stream, place.group, *(id_ for id_, _ in entries))

    task = asyncio.create_task(loop())
    try:
        yield
    finally:
        await task
        await redis.aclose()


def faststream(workers: int) -> Run:
    """FastStream's own loop; it acknowledges what was handled, one by one."""

    @asynccontextmanager
    async def run(place: Place, counter: Counter) -> AsyncIterator[None]:
        broker = RedisBroker(place.url, logger=None)  # type: ignore[arg-type]
        stream = StreamSub(ORDER_PLACED.name, group=place.group, consumer="one", max_records=PAGE)
        broker.subscriber(stream=stream, max_workers=workers)(counter.handle)
        await broker.start()
        try:
            yield
        finally:
            await broker.stop()

    return run


def ours(*middlewares: type[BaseMiddleware[Any, Any]]) -> Run:
    """Our consumer; with a middleware of FastStream it goes through FastStream's pipeline."""

    @asynccontextmanager
    async def run(place: Place, counter: Counter) -> AsyncIterator[None]:
        broker = EventBroker(url=place.url)
        broker.subscriber(ORDER_PLACED, group=place.group, operation="orders.count")(counter.handle)
        for middleware in middlewares:
            broker.faststream.add_middleware(middleware)
        consumer = broker.consumer(place.group, settings=ConsumerSettings(concurrency=CONCURRENCY))
        await consumer.start()
        try:
            yield
        finally:
            await consumer.stop()
            await broker.close()

    return run


RAW: Final = "redis-py, pages of 100, one XACK each"
STRAIGHT: Final = "ours"
PIPED: Final = "ours, through FastStream's pipeline"
THEIRS: Final = "FastStream, max_workers=64"
THEIRS_ONE: Final = "FastStream, max_workers=1"

HANDLERS: Final = {
    "no-op": (
        0.0,
        [
            Subject(RAW, raw, 20_000),
            Subject(STRAIGHT, ours(), 20_000),
            Subject(PIPED, ours(BaseMiddleware), 4_000),
            Subject(THEIRS, faststream(CONCURRENCY), 2_000),
            Subject(THEIRS_ONE, faststream(1), 2_000),
        ],
    ),
    "5 ms": (
        WORK,
        [
            Subject(STRAIGHT, ours(), 8_000),
            Subject(PIPED, ours(BaseMiddleware), 4_000),
            Subject(THEIRS, faststream(CONCURRENCY), 2_000),
        ],
    ),
}


class Rates:
    """What the rounds have brought, in events per second."""

    def __init__(self, rounds: list[dict[str, float]]) -> None:
        self._rounds = rounds

    def of(self, name: str) -> float:
        """The median."""
        return median(rates[name] for rates in self._rounds)

    def ratio(self, name: str, *others: str) -> float:
        """How many times the rate of the best of the others: the median over the rounds."""
        return median(rates[name] / max(rates[other] for other in others) for rates in self._rounds)


def measure(start: Callable[[], RedisServer], rounds: int) -> Part:
    """Measure every subject in turn, again and again, on one Redis."""
    redis = start()
    try:
        most = max(subject.events for _, subjects in HANDLERS.values() for subject in subjects)
        uvloop.run(fill(redis.url, most))
        return _measure(redis.url, rounds)
    finally:
        redis.close()


def _measure(url: str, rounds: int) -> Part:
    rows: list[tuple[str, ...]] = []
    bars: list[Bar] = []
    for handler, (work, subjects) in HANDLERS.items():
        rates = Rates([_round(url, work, subjects) for _ in range(rounds)])
        rows += [_row(handler, subject.name, rates) for subject in subjects]
        bars += _bars(handler, rates, [subject.name for subject in subjects])
    return Part(rows, bars)


def _round(url: str, work: float, subjects: list[Subject]) -> dict[str, float]:
    return {subject.name: uvloop.run(_rate(url, subject, work)) for subject in subjects}


async def _rate(url: str, subject: Subject, work: float) -> float:
    place = Place(url, uuid4().hex)
    redis = Redis.from_url(url)
    await redis.xgroup_create(ORDER_PLACED.name, place.group, id="0")
    counter = Counter(subject.events, work)
    async with subject.run(place, counter):
        rate = await counter.rate()
    await redis.xgroup_destroy(ORDER_PLACED.name, place.group)
    await redis.aclose()
    return rate


def _row(handler: str, name: str, rates: Rates) -> tuple[str, ...]:
    against = THEIRS if handler == "5 ms" else RAW
    return (
        f"{handler} handler: {name}",
        f"{rates.of(name):,.0f} events/s",
        f"{rates.ratio(name, against):.2f} × {against.partition(',')[0]}",
    )


def _bars(handler: str, rates: Rates, names: list[str]) -> list[Bar]:
    theirs = [name for name in names if name.startswith("FastStream")]
    bars = [
        Bar(
            f"{handler} handler: {name}, times FastStream's own loop at its best",
            rates.ratio(name, *theirs),
            OVER_FASTSTREAM,
            at_least=True,
        )
        for name in (STRAIGHT, PIPED)
    ]
    if RAW in names:
        share = rates.ratio(STRAIGHT, RAW)
        bars.append(
            Bar(f"{handler} handler: {STRAIGHT}, times the bare client", share, OF_RAW, at_least=True)
        )
    return bars
