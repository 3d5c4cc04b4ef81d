"""The subjects without a database that are FastAPI: the twin, and what an expert writes.

The expert uses no dependency and no included router, knows why, and otherwise writes plain typed FastAPI.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Query

from tooling.bench.rest.memory import MemoryUsers, fake_sessions
from tooling.bench.rest.twin.main import build
from tooling.bench.rest.twin.schemas import UserCreate, UserRead


def create_twin() -> FastAPI:
    """The idiomatic twin."""
    return build(fake_sessions, MemoryUsers(UserRead))


def create_expert() -> FastAPI:
    """The expert's version."""
    app = FastAPI(title="backend")
    users = MemoryUsers(UserRead)

    @app.get("/users")
    async def list_users(
        after: Annotated[int, Query(ge=0)] = 0, limit: Annotated[int, Query(ge=1, le=100)] = 20
    ) -> list[UserRead]:
        async with fake_sessions() as session:
            return await users.list_users(session, after, limit)

    @app.get("/users/{user_id}")
    async def get_user(user_id: int) -> UserRead:
        async with fake_sessions() as session:
            return await users.get_user(session, user_id)

    @app.post("/users", status_code=201)
    async def create_user(payload: UserCreate) -> UserRead:
        async with fake_sessions() as session:
            created = await users.create_user(session, payload)
            await session.commit()
            return created

    return app
