"""How long it takes from a commit to the handler in another process, beside a direct publish.

`python -m tooling.bench.latency <address of Redis>` is such a process: it handles events until its standard
input ends, then writes to standard output when it began with which.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Final

import uvloop

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.events import publish
from framework.runtime.migrate import migrate_runtime
from framework.runtime.outbox.relay import Relay
from framework.runtime.unit_of_work import UnitOfWorkFactory
from framework.servers.postgres import start_postgres
from framework.servers.redis import RedisServer
from tooling.bench.orders import ORDER_PLACED, OrderPlaced, order
from tooling.bench.report import Bar, Part

ROOT: Final = Path(__file__).resolve().parents[2]
EVENTS: Final = 100
"""Of each kind, in each round."""
PAUSE: Final = 0.02
"""Seconds between two events, on average."""
WARM_UP: Final = 20
LIMIT: Final = 2.2

Times = dict[int, float]
"""Seconds of the clock that all processes of a machine share, by the number of the order."""


def measure(start: Callable[[], RedisServer], rounds: int) -> Part:
    """Measure with one replica and with two."""
    redis, postgres = start(), start_postgres()
    try:
        url = postgres.create_database("bench")
        parts = [_measure(redis.url, url, replicas, rounds) for replicas in (1, 2)]
    finally:
        postgres.close()
        redis.close()
    return Part([row for part in parts for row in part.rows], [bar for part in parts for bar in part.bars])


def _measure(redis_url: str, database_url: str, replicas: int, rounds: int) -> Part:
    found = [_round(redis_url, database_url, replicas) for _ in range(rounds)]
    ratio = median(median(outbox) / median(direct) for direct, outbox in found)
    name = f"{replicas} replica{'s' if replicas > 1 else ''}"
    rows = [
        (f"publish to handler, {name}", _told([each for direct, _ in found for each in direct]), ""),
        (
            f"commit to handler, {name}",
            _told([each for _, outbox in found for each in outbox]),
            f"{ratio:.2f} × direct",
        ),
    ]
    return Part(rows, [Bar(f"commit to handler, {name}: p50, times that of a publish", ratio, LIMIT)])


def _told(seconds: list[float]) -> str:
    return f"p50 {median(seconds) * 1000:.1f} ms, p99 {quantiles(seconds, n=100)[98] * 1000:.1f} ms"


def _round(redis_url: str, database_url: str, replicas: int) -> tuple[list[float], list[float]]:
    """Seconds of the events that were published directly, and of those that were committed."""
    with _handling(redis_url, replicas) as ended:
        direct, committed = uvloop.run(_produce(redis_url, database_url))
    return [_late(ended, at, number) for number, at in direct.items()], [
        _late(ended, at, number) for number, at in committed.items()
    ]


def _late(ended: Times, at: float, number: int) -> float:
    return ended[number] - at


@contextmanager
def _handling(redis_url: str, replicas: int) -> Iterator[Times]:
    """Replicas; what they handled, and when, is there after the block."""
    handled: Times = {}
    command = [sys.executable, "-m", "tooling.bench.latency", redis_url]
    processes = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(replicas)
    ]
    with ExitStack() as stack:
        for process in processes:
            stack.callback(process.kill)
            assert process.stdout is not None  # noqa: S101
            process.stdout.readline()  # it is ready
        yield handled
        for process in processes:
            answer, _ = process.communicate(timeout=30)
            handled.update({int(number): at for number, at in json.loads(answer).items()})


async def _produce(redis_url: str, database_url: str) -> tuple[Times, Times]:
    """Publish as a service does that holds its relay, in turn directly and in a unit of work."""
    await migrate_runtime(database_url)
    broker, database = EventBroker(url=redis_url), Database("bench", url=database_url)
    work = UnitOfWorkFactory("bench", database.session)
    relay = Relay(database, broker)
    run = asyncio.create_task(relay.run())
    direct: Times = {}
    committed: Times = {}
    for number in range(-2 * WARM_UP, 2 * EVENTS, 2):
        await asyncio.sleep(PAUSE * random.uniform(0.5, 1.5))  # noqa: S311
        direct[number] = time.monotonic()
        await publish(broker, ORDER_PLACED, order(number), None)
        await asyncio.sleep(PAUSE * random.uniform(0.5, 1.5))  # noqa: S311
        async with work.command("orders.place") as unit:
            await publish(broker, ORDER_PLACED, order(number + 1), unit.session)
        committed[number + 1] = time.monotonic()
    await asyncio.sleep(1)
    relay.stop()
    await run
    await database.close()
    await broker.close()
    return _measured(direct), _measured(committed)


def _measured(times: Times) -> Times:
    return {number: at for number, at in times.items() if number >= 0}


async def _consume(url: str) -> None:
    handled: Times = {}
    broker = EventBroker(url=url)

    @broker.subscriber(ORDER_PLACED, group="latency", operation="orders.time")
    async def handle(payload: OrderPlaced) -> None:
        handled[payload.id] = time.monotonic()

    consumer = broker.consumer("latency")
    await consumer.start()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await consumer.stop()
    await broker.close()
    print(json.dumps(handled))


if __name__ == "__main__":
    uvloop.run(_consume(sys.argv[1]))
