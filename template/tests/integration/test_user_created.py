"""backend -> notifications: who registers is welcomed."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from framework.servers.telegram import TelegramApi

pytestmark = pytest.mark.timeout(120)  # starting a service takes seconds on a busy machine


async def test_who_registers_is_welcomed_even_if_the_other_service_comes_later(
    start_service: Callable[..., Awaitable[str]], telegram_api: TelegramApi
) -> None:
    backend = await start_service("backend")
    async with httpx.AsyncClient(base_url=backend, trust_env=False) as client:
        assert (await client.post("/users", json={"name": "Ada", "telegram_id": 42})).status_code == 201
        await start_service("notifications", NOTIFICATIONS_CHANNEL="telegram")
        assert (await client.post("/users", json={"name": "Grace", "telegram_id": 43})).status_code == 201

    await telegram_api.wait_for_message(containing="Ada", chat_id=42, within=30)
    await telegram_api.wait_for_message(containing="Grace", chat_id=43, within=30)
