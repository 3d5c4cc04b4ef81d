"""The service as its clients see it, on each database in turn."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from framework.testkit import migrate, serve
from services.courier.src.generated.clients.shop import ShopClient
from services.shop.src.generated.app import create_app

SERVICE = Path(__file__).parents[1]


@pytest.fixture
async def address(database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """Where the whole service runs, behind a real HTTP server."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    await migrate(SERVICE, database_url)
    async with serve(create_app()) as address:
        yield address


@pytest.fixture
async def client(address: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client that knows nothing of the specs."""
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        yield client


@pytest.fixture
async def shop(address: str) -> AsyncIterator[ShopClient]:
    """The client that another service calls it with."""
    async with ShopClient(address) as client:
        yield client
