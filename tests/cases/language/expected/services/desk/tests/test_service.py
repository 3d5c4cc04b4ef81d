"""The service as a whole, with a Redis of its own for every test."""

import httpx
import pytest

from framework.testkit import eventually, serve
from services.desk.src.generated.app import create_app


async def test_the_service_gets_ready(
    redis_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)

    async with serve(create_app()) as address, httpx.AsyncClient(trust_env=False) as client:

        async def is_ready() -> bool:
            return (await client.get(f"{address}/health/ready")).is_success

        await eventually(is_ready)
