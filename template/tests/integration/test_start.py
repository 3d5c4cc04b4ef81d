"""tg_bot -> backend: whoever starts the bot becomes a user."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from framework.servers.telegram import TelegramApi

pytestmark = pytest.mark.timeout(120)  # starting a service takes seconds on a busy machine


async def test_whoever_starts_the_bot_becomes_a_user(
    start_service: Callable[..., Awaitable[str]],
    start_program: Callable[..., None],
    telegram_api: TelegramApi,
) -> None:
    backend = await start_service("backend")
    start_program("services.tg_bot.src.main", API_BASE_URL=backend)

    telegram_api.push_text("/start", user_id=44, first_name="Grace")

    await telegram_api.wait_for_message(containing="You are registered", chat_id=44, within=30)
    async with httpx.AsyncClient(base_url=backend, trust_env=False) as client:
        (user,) = (await client.get("/users")).json()
    assert (user["name"], user["telegram_id"]) == ("Grace", 44)
