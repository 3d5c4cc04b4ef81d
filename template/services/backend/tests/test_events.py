"""Events of the users: published if, and only if, the transaction was committed."""

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from framework.testkit import Events, published
from services.backend.src.controllers.users import UsersController
from services.backend.src.generated import registry
from services.backend.src.generated.operations import UsersOperations
from shared.generated.events import USER_CREATED, USER_DELETED, broker
from shared.generated.schemas import UserCreate, UserDeleted, UserRead

ADA = UserCreate(name="Ada", telegram_id=42)


class FailsAtTheEnd(UsersController):
    """Writes the user, and then thinks better of it."""

    async def create_user(self, session: AsyncSession, payload: UserCreate) -> UserRead:
        await super().create_user(session, payload)
        raise RuntimeError("after the row was written")


async def test_a_registration_is_told(client: httpx.AsyncClient, events: Events) -> None:
    created = (await client.post("/users", json=ADA.model_dump())).json()

    assert await events.published(USER_CREATED) == [UserRead.model_validate(created)]


async def test_a_registration_is_told_as_the_backends_and_under_the_users_key(
    client: httpx.AsyncClient,
) -> None:
    created = (await client.post("/users", json=ADA.model_dump())).json()

    (envelope,) = await published(broker, USER_CREATED)

    assert (envelope.source, envelope.subject) == ("backend", str(created["id"]))


async def test_a_deletion_is_told(client: httpx.AsyncClient, events: Events) -> None:
    created = (await client.post("/users", json=ADA.model_dump())).json()
    await client.delete(f"/users/{created['id']}")

    assert await events.published(USER_DELETED) == [UserDeleted(user_id=created["id"])]


async def test_a_refused_registration_is_not_told(client: httpx.AsyncClient, events: Events) -> None:
    await client.post("/users", json=ADA.model_dump())
    assert (await client.post("/users", json=ADA.model_dump())).status_code == 409
    # Events are published in the order of the commits: were there one of the refusal, it would stand first.
    await client.post("/users", json={"name": "Grace", "telegram_id": 43})

    told = await events.published(USER_CREATED, count=2)

    assert [user.name for user in told] == ["Ada", "Grace"]


async def test_what_fails_leaves_neither_a_user_nor_an_event(
    client: httpx.AsyncClient, events: Events
) -> None:
    with pytest.raises(RuntimeError, match="after the row was written"):
        await UsersOperations(FailsAtTheEnd(), registry.database.session).create_user(payload=ADA)
    assert (await client.get("/users")).json()["items"] == []

    # The same person can register now, and this event is the first.
    created = (await client.post("/users", json=ADA.model_dump())).json()

    assert [user.id for user in await events.published(USER_CREATED)] == [created["id"]]
