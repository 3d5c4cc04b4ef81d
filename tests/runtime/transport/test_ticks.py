"""The clock of scheduled operations: one run for each tick, however many processes there are."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import insert

from framework.runtime.broker import EventBroker
from framework.runtime.consumer_settings import ConsumerSettings
from framework.runtime.database import Database
from framework.runtime.dead_letters import Selection
from framework.runtime.delivery import current_delivery
from framework.runtime.redis_streams.consumer import RedisConsumer
from framework.runtime.redis_streams.wire import decode
from framework.runtime.schedules.schedule import Cron, Every, Schedule
from framework.runtime.schedules.ticks import Job, Tick, keep_ticking
from framework.runtime.service import create_worker_app
from framework.runtime.unit_of_work import UnitOfWorkFactory
from framework.servers.redis import RedisServer
from framework.testkit import serve
from tests.runtime.transport.archive import kept
from tests.runtime.transport.clocks import ManualClock
from tests.runtime.transport.support import GROUP, until
from tests.runtime.transport.test_service import is_ready, make_tables, notes

OPERATION = "notes.sweep"
STREAM = "schedule:archive:sweep"
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HALF_PAST = NOON + timedelta(minutes=30)
HOURLY = Cron("0 * * * *")


async def do_nothing() -> None:
    """The job of a service whose ticks are only looked at."""


def scheduled(
    redis_url: str, schedule: Schedule = HOURLY, job: Job = do_nothing, *, retry: list[float] | None = None
) -> EventBroker:
    """The broker of one process of the service."""
    broker = EventBroker(url=redis_url)
    broker.scheduled(schedule, group=GROUP, operation=OPERATION, retry=retry)(job)
    return broker


@asynccontextmanager
async def ticking(broker: EventBroker, clock: ManualClock) -> AsyncIterator[None]:
    """A process whose clock runs during the block."""
    task = asyncio.create_task(keep_ticking(broker, GROUP, clock))
    try:
        await clock.asleep()
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        await broker.close()


@asynccontextmanager
async def consuming(broker: EventBroker) -> AsyncIterator[RedisConsumer]:
    """A process that handles ticks during the block."""
    consumer = broker.consumer(GROUP, settings=ConsumerSettings())
    assert isinstance(consumer, RedisConsumer)
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()
        await broker.close()


async def due(broker: EventBroker, stream: str = STREAM) -> list[datetime]:
    """The ticks that lie in the stream."""
    entries: Any = await broker.redis.xrange(stream)
    found = [Tick.model_validate_json(decode(fields).data).due for _, fields in entries]
    ids = [datetime.fromtimestamp(int(id_.split(b"-")[0]) / 1000, UTC) for id_, _ in entries]
    assert found == ids
    return found


async def read(broker: EventBroker, stream: str = STREAM) -> None:
    """Give the group all that it has not been given."""
    await broker.redis.xreadgroup(GROUP, "one", {stream: ">"})


async def make_group(broker: EventBroker) -> None:
    await broker.redis.xgroup_create(STREAM, GROUP, id="0", mkstream=True)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


async def test_a_tick_is_published_when_it_is_due(broker: EventBroker, redis_url: str) -> None:
    await make_group(broker)
    clock = ManualClock(HALF_PAST)
    async with ticking(scheduled(redis_url), clock):
        await clock.set(NOON + timedelta(minutes=59, seconds=59))
        assert await due(broker) == []
        for passed in (hours(1), hours(1.5), hours(2)):
            await clock.set(NOON + passed)
            await read(broker)
        assert await due(broker) == [NOON + hours(1), NOON + hours(2)]


async def test_a_first_start_runs_no_tick_from_before(broker: EventBroker, redis_url: str) -> None:
    """Whether or not the group has been made already."""
    for is_made in (False, True):
        await broker.redis.flushdb()
        if is_made:
            await make_group(broker)
        async with ticking(scheduled(redis_url), ManualClock(HALF_PAST)):
            assert await due(broker) == []


async def test_all_replicas_together_publish_a_tick_once(broker: EventBroker, redis_url: str) -> None:
    await make_group(broker)
    clock = ManualClock(HALF_PAST)
    replicas = [scheduled(redis_url) for _ in range(3)]
    tasks = [asyncio.create_task(keep_ticking(replica, GROUP, clock)) for replica in replicas]
    await clock.asleep(3)
    for hour in range(1, 5):
        await clock.set(NOON + hours(hour))
        await read(broker)
    assert await due(broker) == [NOON + hours(hour) for hour in range(1, 5)]
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    for replica in replicas:
        await replica.close()


async def test_after_a_downtime_the_last_tick_alone_is_run(broker: EventBroker, redis_url: str) -> None:
    await make_group(broker)
    async with ticking(scheduled(redis_url), ManualClock(HALF_PAST)):
        pass
    async with ticking(scheduled(redis_url), ManualClock(NOON + hours(100.5))):
        await read(broker)
    async with ticking(scheduled(redis_url), ManualClock(NOON + hours(100.6))):
        assert await due(broker) == [NOON + hours(100)]


async def test_a_process_that_was_suspended_runs_the_last_tick(broker: EventBroker, redis_url: str) -> None:
    clock = ManualClock(HALF_PAST)
    async with ticking(scheduled(redis_url), clock):
        await clock.set(NOON + hours(7.2))
        assert await due(broker) == [NOON + hours(7)]


async def test_ticks_that_nobody_has_begun_give_way_to_the_next(broker: EventBroker, redis_url: str) -> None:
    """Those that were begun stay: they are retried, and end among the dead letters if need be."""
    await make_group(broker)
    clock = ManualClock(HALF_PAST)
    async with ticking(scheduled(redis_url), clock):
        await clock.set(NOON + hours(1))
        await read(broker)
        for hour in (2, 3, 4):
            await clock.set(NOON + hours(hour))
        assert await due(broker) == [NOON + hours(1), NOON + hours(4)]


@pytest.mark.parametrize(
    "changed", [Cron("15 * * * *"), Cron("15 12 * * *", "UTC"), Every(timedelta(minutes=15))], ids=repr
)
async def test_another_schedule_begins_when_it_is_deployed(
    broker: EventBroker, redis_url: str, changed: Schedule
) -> None:
    """It would have ticked at a quarter past twelve."""
    async with ticking(scheduled(redis_url), ManualClock(NOON - timedelta(minutes=30))):
        pass
    clock = ManualClock(NOON + timedelta(minutes=20))
    async with ticking(scheduled(redis_url, changed), clock):
        assert await due(broker) == []
        await clock.set(changed.next(clock.now()))
        assert await due(broker) == [clock.now()]


async def test_a_clock_that_is_set_back_repeats_nothing(broker: EventBroker, redis_url: str) -> None:
    await make_group(broker)
    clock = ManualClock(HALF_PAST)
    async with ticking(scheduled(redis_url), clock):
        await clock.set(NOON + hours(3))
        await read(broker)
    async with ticking(scheduled(redis_url), ManualClock(NOON + hours(1.5))):
        assert await due(broker) == [NOON + hours(3)]


@pytest.mark.parametrize("is_first", [True, False])
async def test_a_clock_that_is_ahead_does_not_stop_those_that_are_right(
    broker: EventBroker, redis_url: str, caplog: pytest.LogCaptureFixture, is_first: bool
) -> None:
    await make_group(broker)
    if not is_first:
        async with ticking(scheduled(redis_url), ManualClock(HALF_PAST)):
            pass
    async with ticking(scheduled(redis_url), ManualClock(datetime(2100, 1, 1, tzinfo=UTC))):
        assert await due(broker) == []
    assert "AHEAD" in caplog.text
    entry: Any = await broker.redis.xinfo_stream(STREAM)
    reached = int(entry["last-generated-id"].split(b"-")[0]) / 1000
    assert reached <= datetime.now(UTC).timestamp() + 1
    if not is_first:
        assert reached == HALF_PAST.timestamp()


async def test_an_outage_of_the_broker_is_waited_for(
    broker: EventBroker, redis_url: str, redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    clock = ManualClock(HALF_PAST)
    async with ticking(scheduled(redis_url), clock):
        redis_server.kill()
        await clock.set(NOON + hours(1))
        await clock.set(NOON + hours(5.1))
        redis_server.start()
        await clock.set(NOON + hours(5.2))
        assert await due(broker) == [NOON + hours(5)]
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_the_streams_of_a_project_begin_with_its_prefix(broker: EventBroker, redis_url: str) -> None:
    prefixed = EventBroker(stream_prefix="shop:", url=redis_url)
    prefixed.scheduled(HOURLY, group=GROUP, operation=OPERATION)(do_nothing)
    clock = ManualClock(HALF_PAST)
    async with ticking(prefixed, clock):
        await clock.set(NOON + hours(1))
        assert await due(broker, "shop:" + STREAM) == [NOON + hours(1)]


async def test_ticks_that_are_handled_are_trimmed_and_still_not_repeated(
    broker: EventBroker, redis_url: str
) -> None:
    await broker.redis.config_set("stream-node-max-entries", 1)
    await make_group(broker)
    clock, process = ManualClock(HALF_PAST), scheduled(redis_url)
    async with ticking(process, clock):
        for hour in (1, 2):
            await clock.set(NOON + hours(hour))
            await read(broker)
        entries: Any = await broker.redis.xrange(STREAM)
        await broker.redis.xack(STREAM, GROUP, *[id_ for id_, _ in entries])
        assert await process.trim(timedelta(seconds=1)) >= 1
    async with ticking(scheduled(redis_url), ManualClock(NOON + hours(2.5))):
        assert NOON + hours(1) not in await due(broker)
    await broker.redis.config_set("stream-node-max-entries", 100)


@pytest.mark.usefixtures("often")
async def test_a_run_that_fails_is_tried_again_and_kept_as_a_dead_letter(
    broker: EventBroker, redis_url: str
) -> None:
    runs: list[tuple[datetime, bool]] = []

    async def fail() -> None:
        delivery = current_delivery()
        assert delivery
        runs.append((delivery.event.time, delivery.is_final))
        raise LookupError("no such shelf")

    process = scheduled(redis_url, job=fail, retry=[0.01, 0.01])
    clock = ManualClock(HALF_PAST)
    async with consuming(process) as consumer, ticking(scheduled(redis_url), clock):
        await clock.set(NOON + hours(1))
        await until(lambda: consumer.counts.dead == 1)
    assert runs == [(NOON + hours(1), is_last) for is_last in (False, False, True)]
    (letter,) = [each async for each in broker.dead_letters(GROUP).find(Selection())]
    assert (letter.operation, letter.event, letter.error_type) == (OPERATION, STREAM, "LookupError")

    async def succeed() -> None:
        delivery = current_delivery()
        assert delivery
        runs.append((delivery.event.time, True))

    assert await broker.dead_letters(GROUP).redrive([letter.id]) == [letter.id]
    async with consuming(scheduled(redis_url, job=succeed)) as consumer:
        await until(lambda: consumer.counts.handled == 1)
    assert runs[3:] == [(NOON + hours(1), True)], "when it is sent again it is the tick that it was"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return f"sqlite:///{tmp_path / 'archive.db'}"


async def test_a_tick_changes_the_database_once_even_if_redis_forgets_it(
    broker: EventBroker, redis_url: str, database_url: str
) -> None:
    database = Database(GROUP, url=database_url)
    await make_tables(database, database_url)
    work = UnitOfWorkFactory(GROUP, database.session)

    async def keep() -> None:
        async with work.command(OPERATION) as unit:
            await unit.session.execute(insert(kept), {"note_id": 1})

    for suppressed in (0, 1):
        clock = ManualClock(HALF_PAST)
        async with consuming(scheduled(redis_url, job=keep)) as consumer:
            async with ticking(scheduled(redis_url), clock):
                await clock.set(NOON + hours(1))
                await until(lambda: consumer.counts.handled + consumer.counts.suppressed == 1)
            assert consumer.counts.suppressed == suppressed
        await broker.redis.flushdb()
    assert await notes(database) == [1]
    await database.close()


async def test_a_service_runs_what_is_scheduled(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two replicas, without a database, on the clock of the machine."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    runs: list[datetime] = []

    async def run() -> None:
        delivery = current_delivery()
        assert delivery
        runs.append(delivery.event.time)

    def register(broker: EventBroker) -> None:
        broker.scheduled(Every(timedelta(seconds=1)), group=GROUP, operation=OPERATION)(run)

    apps = [
        create_worker_app(service=GROUP, broker=EventBroker(), database=None, register=register) for _ in "12"
    ]
    async with serve(apps[0]), serve(apps[1]):
        await until(lambda: len(runs) >= 3)
    assert len(runs) == len(set(runs))
    assert all(run.microsecond == 0 for run in runs)


async def test_a_clock_that_stopped_makes_a_process_dead(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)

    def register(broker: EventBroker) -> None:
        broker.scheduled(HOURLY, group=GROUP, operation=OPERATION)(do_nothing)

    app = create_worker_app(service=GROUP, broker=EventBroker(), database=None, register=register)
    async with serve(app) as address, httpx.AsyncClient(base_url=address, trust_env=False) as client:
        await until(lambda: is_ready(client))
        (ticking,) = (task for task in asyncio.all_tasks() if task.get_name() == f"{GROUP}:ticking")
        ticking.cancel()
        await asyncio.wait([ticking])
        live = await client.get("/health/live")
        assert (live.status_code, live.json()["detail"]) == (503, "the clock has ended")
