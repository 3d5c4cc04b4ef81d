"""The service as a whole, with a Redis of its own for every test."""

import httpx
import pytest

from framework.testkit import eventually, serve
from services.courier.src.generated.app import create_app


async def test_the_service_gets_ready(
    redis_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("DESK_API_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("SHOP_API_BASE_URL", "http://127.0.0.1:9")

    async with serve(create_app()) as address, httpx.AsyncClient(trust_env=False) as client:

        async def is_ready() -> bool:
            return (await client.get(f"{address}/health/ready")).is_success

        await eventually(is_ready)
