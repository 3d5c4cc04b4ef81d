"""Django Ninja: `uvicorn tooling.bench.rest.peers.ninja_app:app`."""

from __future__ import annotations

from typing import Annotated

import django
from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="benchmark",  # noqa: S106
    MIDDLEWARE=[],
)
django.setup()

from django.core.asgi import get_asgi_application  # noqa: E402
from django.http import HttpRequest  # noqa: E402
from django.urls import path  # noqa: E402
from ninja import NinjaAPI, Query  # noqa: E402

from tooling.bench.rest.memory import MemoryUsers, fake_sessions  # noqa: E402
from tooling.bench.rest.twin.schemas import UserCreate, UserRead  # noqa: E402

_USERS = MemoryUsers(UserRead)

api = NinjaAPI()


@api.get("/users", response=list[UserRead])
async def list_users(
    request: HttpRequest,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[UserRead]:
    """Lists users, oldest first."""
    async with fake_sessions() as session:
        return await _USERS.list_users(session, after, limit)


@api.get("/users/{int:user_id}", response=UserRead)
async def get_user(request: HttpRequest, user_id: int) -> UserRead:
    """Shows one user."""
    async with fake_sessions() as session:
        return await _USERS.get_user(session, user_id)


@api.post("/users", response={201: UserRead})
async def create_user(request: HttpRequest, payload: UserCreate) -> tuple[int, UserRead]:
    """Registers a user."""
    async with fake_sessions() as session:
        return 201, await _USERS.create_user(session, payload)


urlpatterns = [path("", api.urls)]
app = get_asgi_application()
