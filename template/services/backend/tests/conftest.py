"""The backend as its clients see it: with a database and a Redis of its own for every test."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from framework.testkit import migrate, serve
from services.backend.src.generated.app import create_app
from services.backend.src.routes import router

SERVICE = Path(__file__).parents[1]


@pytest.fixture
async def client(
    database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole service, which runs behind a real HTTP server."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    await migrate(SERVICE, database_url)
    application = create_app()
    application.include_router(router)
    async with serve(application) as address, httpx.AsyncClient(base_url=address, trust_env=False) as client:
        yield client
