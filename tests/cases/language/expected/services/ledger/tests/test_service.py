"""The service as a whole, with a database and a Redis of its own for every test."""

from pathlib import Path

import httpx
import pytest

from framework.testkit import eventually, migrate, serve
from services.ledger.src.generated.app import create_app

SERVICE = Path(__file__).parents[1]


async def test_the_service_gets_ready(
    database_url: str,
    redis_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    await migrate(SERVICE, database_url)

    async with serve(create_app()) as address, httpx.AsyncClient(trust_env=False) as client:

        async def is_ready() -> bool:
            return (await client.get(f"{address}/health/ready")).is_success

        await eventually(is_ready)
