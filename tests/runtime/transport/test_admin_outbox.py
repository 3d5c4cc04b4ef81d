"""The outbox over HTTP: looked at, and published again by the relay of the service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.events import publish
from framework.runtime.migrate import migrate_runtime
from framework.runtime.service import create_worker_app
from framework.runtime.unit_of_work import UnitOfWorkFactory
from framework.testkit import serve
from tests.runtime.transport.support import NOTED, STREAM, Note, until

TOKEN = "not to be guessed"
OUTBOX = "/admin/outbox"


@pytest.fixture
async def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    url = f"sqlite:///{tmp_path / 'archive.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    await migrate_runtime(url)
    return Database("archive")


@pytest.fixture
async def client(
    database: Database, broker: EventBroker, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """One that may administrate the service, which runs with its relay."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("ADMIN_TOKEN", TOKEN)
    app = create_worker_app(service="archive", broker=EventBroker(), database=database, register=None)
    headers = {"authorization": f"Bearer {TOKEN}"}
    async with (
        serve(app) as address,
        httpx.AsyncClient(base_url=address, headers=headers, trust_env=False) as client,
    ):
        yield client


async def take(database: Database, broker: EventBroker, *numbers: int) -> None:
    work = UnitOfWorkFactory("archive", database.session)
    async with work.command("notes.take") as unit:
        for number in numbers:
            await publish(broker, NOTED, Note(id=number), unit.session)


async def until_in_stream(broker: EventBroker, count: int) -> None:
    async def are_there() -> bool:
        return int(await broker.redis.xlen(STREAM)) == count

    await until(are_there)


async def test_what_redis_has_lost_comes_back(
    client: httpx.AsyncClient, database: Database, broker: EventBroker
) -> None:
    await take(database, broker, 1, 2)
    await until_in_stream(broker, 2)
    await broker.redis.flushall()

    async def is_marked() -> bool:
        return bool((await client.get(OUTBOX)).json()["published"] == 2)

    await until(is_marked)
    counted = await client.post(f"{OUTBOX}/replay", json={"since": "1h", "dry_run": True})
    assert (counted.status_code, counted.json()) == (
        202,
        {"events": {STREAM: 2}, "count": 2, "too_old": 0, "replayed": 0},
    )
    done = await client.post(f"{OUTBOX}/replay", json={"event": STREAM})
    assert done.json()["replayed"] == 2
    await until_in_stream(broker, 2)
    status = (await client.get(OUTBOX)).json()
    assert len(status["relays"]) == 1


async def test_it_must_be_said_which(client: httpx.AsyncClient) -> None:
    for order in ({}, {"dry_run": True}, {"since": "soon"}, {"type": STREAM}):
        answer = await client.post(f"{OUTBOX}/replay", json=order)
        assert answer.status_code == 422, order


async def test_without_the_token_nothing_is_told(client: httpx.AsyncClient) -> None:
    for path in (OUTBOX, f"{OUTBOX}/replay"):
        answer = await client.get(path, headers={"authorization": "Bearer wrong"})
        assert answer.status_code == 403
