"""What operators see of a service: health and administration, on its own port or on another."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import psutil
import pytest
from fastapi import APIRouter, FastAPI
from sqlalchemy import insert

from framework.runtime.admin import routers
from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.envelope import now, uuid7
from framework.runtime.migrate import migrate_runtime
from framework.runtime.operations.health import NotReady
from framework.runtime.operations.running import RunningService
from framework.runtime.outbox.waiting import check_waiting
from framework.runtime.service import create_fastapi_app, create_worker_app
from framework.runtime.tables import outbox
from framework.servers.ports import free_port
from framework.servers.postgres import PostgresServer
from framework.servers.redis import RedisServer
from framework.testkit import serve
from tests.runtime.transport.support import NOTED, Note, until

TOKEN = "not to be guessed"


@pytest.fixture
async def shop(redis_url: str, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., FastAPI]:
    """Makes the application of a service with a database and a route of its own."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("DATABASE_URL", database_url)
    await migrate_runtime(database_url)

    def make(database: Database | None = None, **settings: Any) -> FastAPI:
        for name, value in settings.items():
            monkeypatch.setenv(name, str(value))
        router = APIRouter()

        @router.get("/notes")
        async def notes() -> list[Note]:
            return []

        return create_fastapi_app(
            service="shop",
            description="",
            broker=EventBroker(),
            database=database or Database("shop"),
            api_router=router,
            register=None,
        )

    return make


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with serve(app) as address, httpx.AsyncClient(base_url=address, trust_env=False) as client:
        await until(lambda: is_started(client))
        yield client


async def is_started(client: httpx.AsyncClient) -> bool:
    return bool((await client.get("/health/ready")).json()["status"] != "starting")


async def is_told(client: httpx.AsyncClient, status: int, checks: dict[str, str]) -> bool:
    """For `until`: on a busy machine a check may take too long, and is told so."""
    return await readiness(client) == (status, checks)


async def readiness(client: httpx.AsyncClient) -> tuple[int, dict[str, str]]:
    answer = await client.get("/health/ready")
    return answer.status_code, answer.json()["checks"]


ALL_UP = {"broker": "up", "database": "up", "relay": "up"}


async def test_the_routes_of_operators_stand_in_no_openapi_document(shop: Callable[..., FastAPI]) -> None:
    assert list(shop(ADMIN_TOKEN=TOKEN).openapi()["paths"]) == ["/notes"]


async def test_operators_may_have_a_port_of_their_own(shop: Callable[..., FastAPI]) -> None:
    port = free_port()
    app = shop(OPERATIONS_PORT=port, ADMIN_TOKEN=TOKEN)
    async with serve(app) as address, httpx.AsyncClient(trust_env=False) as client:
        await until(lambda: answers(client, f"http://127.0.0.1:{port}/health/ready"))
        assert (await client.get(f"http://127.0.0.1:{port}/admin/dlq")).status_code == 401
        assert (await client.get(f"http://127.0.0.1:{port}/notes")).status_code == 404
        assert (await client.get(f"{address}/notes")).status_code == 200
        for path in ("/health/live", "/health/ready", "/admin/dlq", "/metrics"):
            assert (await client.get(address + path)).status_code == 404
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_a_port_of_operators_may_listen_on_several_addresses(shop: Callable[..., FastAPI]) -> None:
    port = free_port()
    app = shop(OPERATIONS_PORT=port, OPERATIONS_HOST="127.0.0.1,127.0.0.2")
    async with serve(app), httpx.AsyncClient(trust_env=False) as client:
        await until(lambda: answers(client, f"http://127.0.0.1:{port}/health/ready"))
        assert await answers(client, f"http://127.0.0.2:{port}/health/ready")
        assert not await answers(client, f"http://127.0.0.3:{port}/health/ready")


async def test_a_port_that_is_taken_is_told_and_waited_for(
    shop: Callable[..., FastAPI], caplog: pytest.LogCaptureFixture
) -> None:
    other = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = other.sockets[0].getsockname()[1]
    async with serve(shop(OPERATIONS_PORT=port)), httpx.AsyncClient(trust_env=False) as client:
        await until(lambda: f"port {port} of 127.0.0.1 is not to be had" in caplog.text)
        other.close()
        await other.wait_closed()
        await until(lambda: answers(client, f"http://127.0.0.1:{port}/health/ready"))


async def answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).is_success
    except httpx.TransportError:
        return False


def _note_router(service: RunningService) -> Any:
    router = APIRouter()

    @router.get("/note")
    async def note() -> str:
        return service.name

    @router.get("/broken")
    async def broken() -> None:
        raise LookupError("a secret")

    yield router


async def test_administration_takes_the_token_and_nothing_else(
    shop: Callable[..., FastAPI], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routers, "admin_routers", _note_router)
    async with serving(shop(ADMIN_TOKEN=TOKEN)) as client:

        async def ask(path: str, authorization: str | None) -> httpx.Response:
            return await client.get(path, headers={"authorization": authorization} if authorization else {})

        right = await ask("/admin/note", f"Bearer {TOKEN}")
        assert (right.status_code, right.json()) == (200, "shop")
        assert (await ask("/admin/note", f"bearer {TOKEN}")).status_code == 200
        for path in ("/admin/note", "/admin/nothing", "/admin/"):
            for credential in (None, TOKEN, "Basic bm90IHRv", "Bearer"):
                refusal = await ask(path, credential)
                assert refusal.status_code == 401, (path, credential)
                assert refusal.headers["content-type"] == "application/problem+json"
                assert refusal.headers["www-authenticate"] == "Bearer"
                assert refusal.json()["status"] == 401
            for credential in (f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer ä"):
                wrong = await client.get(path, headers={b"authorization": credential.encode()})
                assert (wrong.status_code, wrong.json()["code"]) == (403, "forbidden")
        missing = await ask("/admin/nothing", f"Bearer {TOKEN}")
        assert (missing.status_code, missing.json()["code"]) == (404, "http-404")
        broken = await ask("/admin/broken", f"Bearer {TOKEN}")
        assert broken.status_code == 500
        assert "secret" not in broken.text


async def test_without_a_token_there_is_no_administration(shop: Callable[..., FastAPI]) -> None:
    async with serving(shop(ADMIN_TOKEN="")) as client:
        assert (await client.get("/admin/dlq", headers={"authorization": "Bearer x"})).status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)
async def test_what_waits_in_the_outbox_may_not_be_old(database_url: str) -> None:
    await migrate_runtime(database_url)
    database = Database("test", url=database_url)
    hour = timedelta(hours=1)
    # Refused by the broker, so that its key waits: the relay is at work all the same.
    await write(database, row(1, age=9000, retry_at=now() + hour, attempts=1))
    await write(database, row(1, age=9000))
    await write(database, row(2, age=30))
    await write(database, row(3, age=9000, published_at=now()))
    await check_waiting(database.engine, hour)
    await write(database, row(4, age=7200))
    with pytest.raises(NotReady, match=r"behind: an event has waited 7[2-9]\d\d s in the outbox"):
        await check_waiting(database.engine, hour)
    await database.close()


async def test_a_relay_that_is_behind_makes_a_service_not_ready(
    shop: Callable[..., FastAPI], redis_server: RedisServer, database_url: str
) -> None:
    database = Database("test", url=database_url)
    async with serving(shop()) as client:
        await until(lambda: is_told(client, 200, ALL_UP))
        redis_server.kill()
        await write(database, row(1, age=90))

        async def is_behind() -> bool:
            status, checks = await readiness(client)
            behind = checks["relay"].startswith("behind: an event has waited ")
            return (status, checks["broker"], behind) == (503, "down", True)

        await until(is_behind)
        redis_server.start()
        await until(lambda: is_ready(client))
    await database.close()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_servers_that_hang_are_not_waited_for(
    shop: Callable[..., FastAPI],
    redis_server: RedisServer,
    postgres_server: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "framework.runtime.glance.PATIENCE", 600
    )  # no look is broken off here, and told otherwise
    async with serving(shop()) as client:
        hanging = [psutil.Process(server.pid) for server in (redis_server, postgres_server)]
        hanging += hanging[1].children()
        try:
            for process in hanging:
                process.suspend()
            for _ in range(3):
                status, checks = await readiness(client)
                assert (status, set(checks.values())) == (503, {"down: no answer within 0.8 s"})
                assert (await client.get("/health/live")).json() == {"status": "alive"}
        finally:
            for process in hanging:
                process.resume()
        await until(lambda: is_told(client, 200, ALL_UP))


async def test_a_consumer_that_died_makes_a_process_dead(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)

    def register(broker: EventBroker) -> None:
        @broker.subscriber(NOTED, group="worker", operation="notes.keep")
        async def keep(payload: Note) -> None:
            """Do nothing."""

    app = create_worker_app(service="worker", broker=EventBroker(), database=None, register=register)
    async with serving(app) as client:
        await until(lambda: is_ready(client))
        assert (await client.get("/health/live")).status_code == 200
        (reading,) = (task for task in asyncio.all_tasks() if task.get_name() == "worker:_read")
        reading.cancel()
        await asyncio.wait([reading])
        live = await client.get("/health/live")
        assert (live.status_code, live.json()) == (
            503,
            {"status": "dead", "detail": "the consumer has ended"},
        )


async def is_ready(client: httpx.AsyncClient) -> bool:
    return (await client.get("/health/ready")).is_success


def row(key: int, *, age: float, **columns: Any) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "source": "x",
        "type": "note.taken",
        "key": str(key),
        "partition": key,
        "created_at": now() - timedelta(seconds=age),
        "attributes": "{}",
        "data": '{"id": 1}',
        **columns,
    }


async def write(database: Database, values: dict[str, Any]) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(insert(outbox), values)
