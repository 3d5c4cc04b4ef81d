"""The operations of the domain `users` over their transports."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from framework.runtime.failures import OperationFailed
from framework.testkit import migrate, published, serve
from services.backend.src.generated.app import create_app
from shared.generated.events import (
    USER_CREATED,
    USER_DELETED,
    USER_IMPORT_COMPLETED,
    USER_IMPORT_FAILED,
    broker,
    publish_user_import_requested,
)
from shared.generated.schemas import UserCreate, UserDeleted, UserImportBatch, UserImportResult, UserRead

SERVICE = Path(__file__).parents[1]
ADA = {"name": "Ada", "email": "ada@example.org"}


@pytest.fixture
async def client(
    database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    await migrate(SERVICE, database_url)
    async with serve(create_app()) as address, httpx.AsyncClient(base_url=address, trust_env=False) as client:
        yield client


async def request_import(*names: str) -> UUID:
    users = [UserCreate(name=name, email=f"{name.lower()}@example.org") for name in names]
    batch = UserImportBatch(batch=uuid4(), users=users)
    await publish_user_import_requested(batch)
    return batch.batch


async def test_a_user_that_is_created_can_be_read_and_is_told(client: httpx.AsyncClient) -> None:
    created = await client.post("/users", json=ADA)

    assert created.status_code == 201
    assert created.json() == {"id": 1, **ADA}
    assert (await client.get("/users/1")).json() == created.json()
    assert (await client.get("/users", params={"limit": 1})).json() == [created.json()]
    (event,) = await published(broker, USER_CREATED)
    assert UserRead.model_validate_json(event.data) == UserRead(id=1, **ADA)


async def test_a_user_that_is_deleted_is_gone_and_is_told(client: httpx.AsyncClient) -> None:
    await client.post("/users", json=ADA)
    deleted = await client.delete("/users/1")

    assert (deleted.status_code, deleted.content) == (204, b"")
    assert (await client.get("/users/1")).status_code == 404
    (event,) = await published(broker, USER_DELETED)
    assert UserDeleted.model_validate_json(event.data) == UserDeleted(user_id=1)


async def test_an_import_that_succeeds_is_told(client: httpx.AsyncClient) -> None:
    batch = await request_import("Ada", "Grace")

    (event,) = await published(broker, USER_IMPORT_COMPLETED)

    assert UserImportResult.model_validate_json(event.data) == UserImportResult(batch=batch, user_ids=[1, 2])
    assert [user["name"] for user in (await client.get("/users")).json()] == ["Ada", "Grace"]


async def test_an_import_that_fails_is_told_and_leaves_nothing(client: httpx.AsyncClient) -> None:
    await client.post("/users", json=ADA)
    await request_import("Grace", "Ada")

    (event,) = await published(broker, USER_IMPORT_FAILED)

    failure = OperationFailed.model_validate_json(event.data)
    assert (failure.operation, failure.code) == ("users.process_user_import", "conflict")
    assert failure.event_id == event.causationid
    assert [user["name"] for user in (await client.get("/users")).json()] == ["Ada"]
