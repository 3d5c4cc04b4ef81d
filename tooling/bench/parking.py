"""What a consumer and its Redis do while very many failed events wait for an hour to be tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from statistics import median
from typing import Any, Final

import psutil
from redis.asyncio import Redis

from framework.runtime.broker import EventBroker
from framework.runtime.redis_streams.places import retry_place
from framework.servers.redis import RedisServer
from tooling.bench.orders import ORDER_PLACED, OrderPlaced, fill
from tooling.bench.report import Bar, Part

PARKED: Final = 100_000
SECONDS: Final = 15.0
"""How long each state is watched."""
DELAY: Final = 3600.0
LIMIT: Final = 5.0
GROUP: Final = "parking"
_PAGE: Final = 1_000


def measure(start: Callable[[], RedisServer], rounds: int) -> Part:
    """Compare a Redis with nothing parked and one with very many, in turn."""
    servers = {0: start(), PARKED: start()}
    try:
        asyncio.run(_park(servers[PARKED].url))
        shares: dict[int, list[float]] = {count: [] for count in servers}
        for _ in range(rounds):
            for count, server in servers.items():
                shares[count].append(asyncio.run(_share(server)))
    finally:
        for server in servers.values():
            server.close()
    idle, parked = (median(shares[count]) for count in (0, PARKED))
    more = median(with_ - without for with_, without in zip(shares[PARKED], shares[0], strict=True))
    return Part(
        [
            ("nothing parked: consumer and Redis", f"{idle:.2f} % of a core", ""),
            (f"{PARKED:,} parked: consumer and Redis", f"{parked:.2f} % of a core", ""),
        ],
        [Bar(f"{PARKED:,} parked events, % of a core", more, LIMIT)],
    )


async def _park(url: str) -> None:
    """Publish, and let them lie where they lie after their first failure."""
    await fill(url, PARKED)
    redis = Redis.from_url(url, protocol=2)
    await redis.xgroup_create(ORDER_PLACED.name, GROUP, id="0")
    while True:
        answer: Any = await redis.xreadgroup(GROUP, "failing", {ORDER_PLACED.name: ">"}, count=_PAGE)
        if not answer:
            break
        ids = [id_ for id_, _ in answer[0][1]]
        await redis.xclaim(
            ORDER_PLACED.name, GROUP, retry_place(1), 0, ids, idle=0, retrycount=1000, justid=True
        )
    await redis.aclose()


async def _share(server: RedisServer) -> float:
    """Per cent of a core that a consumer and its Redis take together."""
    broker = EventBroker(url=server.url)

    @broker.subscriber(ORDER_PLACED, group=GROUP, operation="orders.wait", retry=[DELAY])
    async def handle(payload: OrderPlaced) -> None:
        raise AssertionError

    consumer = broker.consumer(GROUP)
    await consumer.start()
    await asyncio.sleep(1)
    before = _processor_time(server)
    await asyncio.sleep(SECONDS)
    share = (_processor_time(server) - before) / SECONDS * 100
    await consumer.stop()
    await broker.close()
    return share


def _processor_time(server: RedisServer) -> float:
    times = [psutil.Process(pid).cpu_times() for pid in (server.pid, None)]
    return sum(each.user + each.system for each in times)
