"""The routes of users."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession

from tooling.bench.rest.twin.controller import Users
from tooling.bench.rest.twin.schemas import UserCreate, UserRead


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """A session for the time of a request."""
    async with request.app.state.sessions() as session:
        yield session


async def get_controller(request: Request) -> Users:
    """The business logic."""
    return cast("Users", request.app.state.users)


Session = Annotated[AsyncSession, Depends(get_session)]
Controller = Annotated[Users, Depends(get_controller)]

router = APIRouter(prefix="/users", tags=["users"])


@router.get("")
async def list_users(
    session: Session,
    controller: Controller,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[UserRead]:
    """Lists users, oldest first."""
    return await controller.list_users(session, after, limit)


@router.get("/{user_id}")
async def get_user(user_id: int, session: Session, controller: Controller) -> UserRead:
    """Shows one user."""
    return await controller.get_user(session, user_id)


@router.post("", status_code=201)
async def create_user(payload: UserCreate, session: Session, controller: Controller) -> UserRead:
    """Registers a user."""
    return await controller.create_user(session, payload)
