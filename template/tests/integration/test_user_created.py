"""backend -> notifications: who registers is welcomed."""

from collections.abc import Awaitable, Callable

import httpx

from framework.servers.telegram import TelegramApi


async def test_who_registers_is_welcomed(
    start_service: Callable[..., Awaitable[str]], telegram_api: TelegramApi
) -> None:
    backend = await start_service("backend")
    await start_service("notifications", NOTIFICATIONS_CHANNEL="telegram")

    async with httpx.AsyncClient(base_url=backend, trust_env=False) as client:
        answer = await client.post("/users", json={"name": "Ada", "telegram_id": 42})

    assert answer.status_code == 201
    await telegram_api.wait_for_message(containing="Ada", chat_id=42, within=30)


async def test_events_wait_for_a_service_that_is_down(
    start_service: Callable[..., Awaitable[str]], telegram_api: TelegramApi
) -> None:
    backend = await start_service("backend")
    async with httpx.AsyncClient(base_url=backend, trust_env=False) as client:
        await client.post("/users", json={"name": "Ada", "telegram_id": 42})

    await start_service("notifications", NOTIFICATIONS_CHANNEL="telegram")

    await telegram_api.wait_for_message(containing="Ada", chat_id=42, within=30)
