"""The business logic: what may happen to a user."""

from __future__ import annotations

from typing import Protocol

from fastapi import HTTPException
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from tooling.bench.rest.twin import repository
from tooling.bench.rest.twin.schemas import UserCreate, UserRead
from tooling.bench.rest.twin.tables import OutboxEvent, User


class Users(Protocol):
    """What the routes need: with a database it is a `UsersController`."""

    async def get_user(self, session: AsyncSession, user_id: int) -> UserRead:
        """The user with this id."""

    async def list_users(self, session: AsyncSession, after: int, limit: int) -> list[UserRead]:
        """At most `limit` users after the one with the id `after`."""

    async def create_user(self, session: AsyncSession, payload: UserCreate) -> UserRead:
        """Register a user."""


class UsersController:
    """Registers people and looks after what is known of them."""

    async def get_user(self, session: AsyncSession, user_id: int) -> UserRead:
        """The user with this id, or 404."""
        user = await repository.get(session, user_id)
        if user is None:
            raise HTTPException(404, f"There is no user {user_id}.")
        return UserRead.model_validate(user)

    async def list_users(self, session: AsyncSession, after: int, limit: int) -> list[UserRead]:
        """At most `limit` users after the one with the id `after`."""
        users = await repository.page(session, after=after, limit=limit)
        return [UserRead.model_validate(user) for user in users]

    async def create_user(self, session: AsyncSession, payload: UserCreate) -> UserRead:
        """Register a user and tell of it in the same transaction, or 409."""
        if payload.email is None and payload.telegram_id is None:
            raise HTTPException(422, "A user needs an email or a telegram_id.")
        user = User(**payload.model_dump())
        try:
            await repository.add(session, user)
        except IntegrityError as error:
            raise HTTPException(409, "Another user has this email or telegram_id.") from error
        created = UserRead.model_validate(user)
        session.add(OutboxEvent(type="user.created", key=str(user.id), payload=created.model_dump_json()))
        await session.commit()
        return created
