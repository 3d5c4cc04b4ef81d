"""Services as the generated code makes them, from a request in one to the database of another."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from sqlalchemy import insert, select

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.events import publish
from framework.runtime.idempotency import forgetting
from framework.runtime.logging import LogSettings, configure
from framework.runtime.migrate import migrate_runtime
from framework.runtime.service import create_fastapi_app, create_worker_app
from framework.runtime.unit_of_work import UnitOfWorkFactory
from framework.servers.postgres import PostgresServer
from framework.testkit import serve
from tests.runtime.transport.archive import kept, metadata
from tests.runtime.transport.support import NOTED, Note, consumers, pending, until

SHOP, ARCHIVE = "shop", "archive"


async def make_tables(database: Database, url: str) -> None:
    await migrate_runtime(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)


def shop(broker: EventBroker, database: Database) -> FastAPI:
    work = UnitOfWorkFactory(SHOP, database.session)
    router = APIRouter()

    @router.post("/notes", status_code=201)
    async def create_note(payload: Note) -> Note:
        async with work.command("notes.create_note") as unit:
            await unit.session.execute(insert(kept), {"note_id": payload.id})
            await publish(broker, NOTED, payload, unit.session)
        return payload

    return create_fastapi_app(
        service=SHOP, description="", broker=broker, database=database, api_router=router, register=None
    )


def archive(broker: EventBroker, database: Database) -> FastAPI:
    work = UnitOfWorkFactory(ARCHIVE, database.session)

    def register(broker: EventBroker) -> None:
        @broker.subscriber(NOTED, group=ARCHIVE, operation="notes.keep")
        async def keep(payload: Note) -> None:
            async with work.command("notes.keep") as unit:
                await unit.session.execute(insert(kept), {"note_id": payload.id})
                logging.getLogger("controller").info("kept %d", payload.id)

    return create_worker_app(service=ARCHIVE, broker=broker, database=database, register=register)


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with serve(app) as address, httpx.AsyncClient(base_url=address, trust_env=False) as client:
        yield client


async def notes(database: Database) -> list[int]:
    async with database.session() as session:
        return list((await session.execute(select(kept.c.note_id))).scalars())


async def is_ready(client: httpx.AsyncClient) -> bool:
    return (await client.get("/health/ready")).status_code == 200


@pytest.fixture
def brokers(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> tuple[EventBroker, EventBroker]:
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///unused")
    monkeypatch.setenv("EVENTS_LEASE", "2")
    return EventBroker(), EventBroker()


async def test_what_a_request_commits_is_handled_by_another_service(
    brokers: tuple[EventBroker, EventBroker],
    broker: EventBroker,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    urls = [f"sqlite:///{tmp_path / name}" for name in (SHOP, ARCHIVE)]
    here, there = (Database(name, url=url) for name, url in zip((SHOP, ARCHIVE), urls, strict=True))
    await make_tables(here, urls[0])
    await make_tables(there, urls[1])
    async with serving(shop(brokers[0], here)) as client, serving(archive(brokers[1], there)) as worker:
        await until(lambda: is_ready(client))
        await until(lambda: is_ready(worker))
        for number in range(10):
            assert (await client.post("/notes", json={"id": number})).status_code == 201
        reader = Database("reader", url=urls[1])
        await until(lambda: _has(reader, 10))
        assert sorted(await notes(reader)) == list(range(10))
        await until(lambda: _is_zero(broker))
        await reader.close()
        assert (await worker.get("/openapi.json")).status_code == 404
    assert await consumers(broker) == {}
    lines = [line for line in capsys.readouterr().err.splitlines() if "controller" in line]
    assert " archive notes.keep [" in lines[0]
    assert lines[0].endswith("] controller: kept 0")


async def test_a_database_that_goes_away_is_waited_for(
    brokers: tuple[EventBroker, EventBroker],
    broker: EventBroker,
    postgres_url: str,
    postgres_server: PostgresServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    database = Database(ARCHIVE, url=postgres_url)
    await make_tables(database, postgres_url)
    events = [NOTED.envelope(Note(id=number), source="tests") for number in range(30)]
    async with serving(archive(brokers[1], database)) as worker:
        await until(lambda: is_ready(worker))
        await broker.publish_many(events[:10])
        await until(lambda: _has(database, 10))
        postgres_server.kill()
        await broker.publish_many(events[10:])
        await until(lambda: "the database is down" in caplog.text)

        async def is_told_as_down() -> bool:  # while the look hangs, the word says so besides
            ready = await worker.get("/health/ready")
            return (ready.status_code, ready.json()["checks"]["database"]) == (503, "down")

        await until(is_told_as_down)
        assert (await worker.get("/health/live")).status_code == 200
        postgres_server.start()
        await until(lambda: is_ready(worker))
        await until(lambda: _has(database, 30))
        assert sorted(await notes(database)) == list(range(30))
    outages = [r.getMessage() for r in caplog.records if "the database is down" in r.getMessage()]
    assert len(outages) == 1, outages
    assert not [r for r in caplog.records if "failed on event" in r.getMessage()]


async def test_answers_are_kept_for_as_long_as_the_setting_says(
    brokers: tuple[EventBroker, EventBroker], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_for: asyncio.Queue[timedelta] = asyncio.Queue()

    async def keep_forgetting(database: Database, memory: timedelta) -> None:
        kept_for.put_nowait(memory)

    monkeypatch.setattr(forgetting, "keep_forgetting_answers", keep_forgetting)
    monkeypatch.setenv("IDEMPOTENCY_HOURS", "0.5")
    url = f"sqlite:///{tmp_path / SHOP}"
    database = Database(SHOP, url=url)
    await make_tables(database, url)
    async with serving(shop(brokers[0], database)):
        assert await asyncio.wait_for(kept_for.get(), 60) == timedelta(minutes=30)


def test_a_log_line_cannot_be_forged_and_no_url_of_a_request_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure("shop", LogSettings(log_level="debug"))
    configure("shop", LogSettings(log_level="info"))
    log = logging.getLogger("somewhere")
    log.info("hello\n2026-01-01T00:00:00.000Z ERROR   shop forged: %s", "a\r\nb")
    log.debug("not told")
    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/bot42:secret/getMe")
    (line,) = capsys.readouterr().err.splitlines()
    assert line[24:].startswith(" INFO    shop somewhere: hello\\n2026")
    assert line.endswith("a\\r\\nb")


async def _has(database: Database, count: int) -> bool:
    return len(await notes(database)) == count


async def _is_zero(broker: EventBroker) -> bool:
    return await pending(broker) == 0
