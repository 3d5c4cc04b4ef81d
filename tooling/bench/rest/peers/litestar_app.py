"""Litestar: `uvicorn tooling.bench.rest.peers.litestar_app:app`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from litestar import Controller, Litestar, get, post
from litestar.di import Provide
from litestar.params import Parameter

from tooling.bench.rest.memory import FakeSession, MemoryUsers, fake_sessions
from tooling.bench.rest.twin.schemas import UserCreate, UserRead

_USERS = MemoryUsers(UserRead)


async def provide_session() -> AsyncIterator[FakeSession]:
    """A session for the time of a request."""
    async with fake_sessions() as session:
        yield session


class UsersController(Controller):
    """The routes of users."""

    path = "/users"

    @get()
    async def list_users(
        self,
        session: FakeSession,
        after: Annotated[int, Parameter(ge=0)] = 0,
        limit: Annotated[int, Parameter(ge=1, le=100)] = 20,
    ) -> list[UserRead]:
        """Lists users, oldest first."""
        return await _USERS.list_users(session, after, limit)

    @get("/{user_id:int}")
    async def get_user(self, session: FakeSession, user_id: int) -> UserRead:
        """Shows one user."""
        return await _USERS.get_user(session, user_id)

    @post()
    async def create_user(self, session: FakeSession, data: UserCreate) -> UserRead:
        """Registers a user."""
        return await _USERS.create_user(session, data)


app = Litestar([UsersController], dependencies={"session": Provide(provide_session)})
