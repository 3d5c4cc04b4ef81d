"""`/metrics` of services as they run: real servers, and what they did read as Prometheus reads it."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import psutil
import pytest
from fastapi import APIRouter, FastAPI
from prometheus_client import Counter
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.errors import NotFound
from framework.runtime.events import publish
from framework.runtime.migrate import migrate_runtime
from framework.runtime.service import create_fastapi_app
from framework.runtime.unit_of_work import UnitOfWorkFactory
from framework.servers.redis import RedisServer
from framework.testkit import serve
from tests.runtime.transport.archive import kept, metadata
from tests.runtime.transport.support import NOTED, Note, until

SERVICE = "shop"
OPERATION = "notes.keep"
BREWED = Counter("brewed_cups", "What a service counts by itself.")


class Scrape:
    """What one look at `/metrics` told; labels may be left out of a question."""

    def __init__(self, text: str) -> None:
        self.samples = [each for family in text_string_to_metric_families(text) for each in family.samples]

    def __call__(self, name: str, **labels: str) -> float:
        found = [
            each.value for each in self.samples if each.name == name and labels.items() <= each.labels.items()
        ]
        assert len(found) <= 1, (name, labels)
        return found[0] if found else -1


async def scrape(client: httpx.AsyncClient) -> Scrape:
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return Scrape(answer.text)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(SERVICE, url=database_url)
    await migrate_runtime(database_url)
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield database
    await database.close()


@pytest.fixture
def app(redis_url: str, database: Database, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """A service that handles its own events; the text of a note says what goes wrong."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///unused")
    monkeypatch.setenv("METRICS", "on")
    broker = EventBroker()
    work = UnitOfWorkFactory(SERVICE, database.session)
    router = APIRouter()

    @router.post("/notes/{note_id}", status_code=201)
    async def create_note(note_id: int, text: str = "") -> None:
        if note_id == 404:
            raise NotFound("no such note")
        if note_id == 500:
            raise LookupError
        async with work.command("notes.create_note") as unit:
            await publish(broker, NOTED, Note(id=note_id, text=text), unit.session)

    def register(broker: EventBroker) -> None:
        @broker.subscriber(NOTED, group=SERVICE, operation=OPERATION, retry=[1000, 1000])
        async def keep(payload: Note) -> None:
            async with work.command(OPERATION) as unit:
                await unit.session.execute(insert(kept), {"note_id": payload.id})
                if payload.text == "fail":
                    raise LookupError("no such shelf")
                if payload.text == "refuse":
                    raise NotFound("no such shelf")

    return create_fastapi_app(
        service=SERVICE,
        description="",
        broker=broker,
        database=database,
        api_router=router,
        register=register,
    )


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with serve(app) as address, httpx.AsyncClient(base_url=address, trust_env=False) as client:
        await until(lambda: is_ready(client))
        yield client


async def is_ready(client: httpx.AsyncClient) -> bool:
    return (await client.get("/health/ready")).is_success


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scrape waits for servers, which may be slow on a busy machine."""
    monkeypatch.setattr("framework.runtime.telemetry.metrics.gauges.LIMIT", 60)


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)
async def test_what_happened_to_events_is_counted(app: FastAPI, broker: EventBroker) -> None:
    here = {"service": SERVICE, "event": "note.taken", "operation": OPERATION}
    group = {"service": SERVICE, "event": "note.taken", "group": SERVICE}
    async with serving(app) as client:
        for number, text in enumerate(["", "", "", "fail", "fail", "refuse"]):
            assert (await client.post(f"/notes/{number}", params={"text": text})).status_code == 201
        await until(lambda: has(client, "events_handling_seconds_count", 1, **here, outcome="dead"))
        await until(lambda: has(client, "events_parked", 2, **group, failures="1"))
        (_, first), *_ = await broker.redis.xrange("note.taken")  # type: ignore[misc]
        await broker.redis.xadd("note.taken", first)  # type: ignore[arg-type]
        await broker.redis.xadd("note.taken", {"nonsense": 1})
        await until(lambda: has(client, "events_suppressed_total", 1, **here))
        await until(lambda: has(client, "events_dead_letters", 2, group=SERVICE))
        await until(lambda: has(client, "events_pending", 2, **group))
        await until(lambda: has(client, "events_lag", 0, **group))
        await until(lambda: has(client, "outbox_events", 0, service=SERVICE))
        told = await scrape(client)
    assert told("events_handling_seconds_count", **here, outcome="handled") == 3
    assert told("events_handling_seconds_count", **here, outcome="retried") == 2
    assert told("events_handling_seconds_count", **here, outcome="suppressed") == 1
    assert told("events_given_up_total", **here, error="NotFound") == 1
    assert told("events_given_up_total", **here, error="InvalidEnvelope") == 1
    assert told("events_lag", **group) == 0
    assert told("events_consumers", **group) == 1
    assert told("events_oldest_pending_age_seconds", **group) > 0
    assert told("events_redrives", service=SERVICE, group=SERVICE) == 0
    assert told("events_leases_lost_total", service=SERVICE) == 0
    assert told("outbox_published_total", service=SERVICE, event="note.taken") == 6
    assert told("outbox_delay_seconds_count", service=SERVICE) == 6
    assert 1 <= told("outbox_batch_seconds_count", service=SERVICE) <= 6
    assert told("outbox_batch_events_sum", service=SERVICE) == 6
    assert told("outbox_events", service=SERVICE) == 0
    assert told("service_started", service=SERVICE) == 1
    for dependency in ("broker", "database", "relay"):
        assert told("dependency_up", service=SERVICE, dependency=dependency) == 1


async def test_requests_are_measured_by_route_and_never_by_path(app: FastAPI) -> None:
    async with serving(app) as client:
        for path in (
            "/notes/1",
            "/notes/2",
            "/notes/404",
            "/notes/500",
            "/notes/x",
            "/nowhere/1",
            "/nowhere/2",
        ):
            await client.post(path)
        assert (await client.request("PROPFIND", "/nowhere/3")).status_code == 404
        told = await scrape(client)
    route = {"service": SERVICE, "route": "/notes/{note_id}", "method": "POST"}
    count = "http_server_request_duration_seconds_count"
    for status, times in {"201": 2, "404": 1, "500": 1, "422": 1}.items():
        assert told(count, **route, status=status) == times
    assert told(count, service=SERVICE, route="unmatched", method="POST", status="404") == 2
    assert told(count, service=SERVICE, route="unmatched", method="_OTHER", status="404") == 1
    assert {each.labels["route"] for each in told.samples if each.name == count} == {
        "/notes/{note_id}",
        "unmatched",
    }


async def test_the_counters_of_a_service_itself_stand_there_too(app: FastAPI) -> None:
    BREWED.inc()
    async with serving(app) as client:
        told = await scrape(client)
        assert "/metrics" not in (await client.get("/openapi.json")).json()["paths"]
    assert told("brewed_cups_total") >= 1
    assert told("process_resident_memory_bytes") > 0


async def test_an_outage_is_told_and_a_scrape_waits_for_nobody(
    app: FastAPI, redis_server: RedisServer, broker: EventBroker
) -> None:
    assert redis_server.pid is not None
    redis = psutil.Process(redis_server.pid)
    async with serving(app) as client:
        await until(lambda: has(client, "dependency_up", 1, dependency="broker"))
        try:
            redis.suspend()
            await client.post("/notes/1")
            await until(lambda: is_told_as_an_outage(client))
        finally:
            redis.resume()
        await until(lambda: has(client, "dependency_up", 1, dependency="broker"))


async def is_told_as_an_outage(client: httpx.AsyncClient) -> bool:
    """The broker is down, and nobody knows its lag; the database is up, and has an event that waits."""
    told = await scrape(client)
    up = [told("dependency_up", dependency=each) for each in ("broker", "database")]
    waiting = told("outbox_events", service=SERVICE), told("outbox_oldest_age_seconds", service=SERVICE) > 0
    return (up, told("events_lag"), waiting) == ([0, 1], -1, (1, True))


async def test_many_scrapes_ask_the_servers_once(app: FastAPI, broker: EventBroker) -> None:
    async with serving(app) as client:
        await scrape(client)
        before = await calls(broker)
        await asyncio.gather(*(scrape(client) for _ in range(50)))
        # Some seconds may have passed on a slow machine, but not fifty.
        assert await calls(broker) - before < 25


async def calls(broker: EventBroker) -> int:
    stats = await broker.redis.info("commandstats")
    return int(stats["cmdstat_xinfo|groups"]["calls"])


PROGRAM = """
import sys
from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.service import create_fastapi_app
app = create_fastapi_app(
    service="shop", description="", broker=EventBroker(), database=Database("shop"), api_router=None,
    register=lambda broker: None,
)
off = ("prometheus_client", "structlog", "opentelemetry.exporter", "framework.runtime.telemetry.metrics",
    "framework.runtime.middleware.access_log", "framework.runtime.middleware.request_id",
    "starlette.middleware.cors")
print([route.path for route in app.routes if "health" not in route.path and "doc" not in route.path])
print([each.cls.__name__ for each in app.user_middleware])
print([name for name in sys.modules if name.startswith(off)])
print(app._native_telemetry.enabled())
"""


@pytest.mark.parametrize("value", ["off", ""])
def test_what_is_off_is_not_even_loaded(value: str) -> None:
    environment = {
        **os.environ,
        "REDIS_URL": "redis://nowhere.invalid",
        "DATABASE_URL": "sqlite:///x",
        "METRICS": value,
    }
    told = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, env=environment)
    assert told.stdout == "['/openapi.json']\n['BodyLimit']\n[]\nFalse\n", told.stderr


async def has(client: httpx.AsyncClient, name: str, value: float, **labels: str) -> bool:
    return (await scrape(client))(name, **labels) == value
