"""The application: `uvicorn --factory tooling.bench.rest.twin.main:create_app`."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import FastAPI
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from tooling.bench.rest.twin.controller import Users, UsersController
from tooling.bench.rest.twin.router import router


def build(
    sessions: Callable[[], AbstractAsyncContextManager[AsyncSession]], users: Users, **settings: Any
) -> FastAPI:
    """An application on these sessions and this business logic; `settings` are FastAPI's."""
    app = FastAPI(title="backend", **settings)
    app.state.sessions = sessions
    app.state.users = users
    app.include_router(router)
    return app


def create_app() -> FastAPI:
    """The application on the PostgreSQL that `DATABASE_URL` names."""
    url = make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(url, pool_size=10, max_overflow=10)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        await engine.dispose()

    return build(async_sessionmaker(engine, expire_on_commit=False), UsersController(), lifespan=lifespan)
