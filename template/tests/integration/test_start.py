"""tg_bot -> backend: whoever starts the bot becomes a user."""

import pytest

from framework.servers.telegram import TelegramApi
from framework.testkit import Clients

pytestmark = pytest.mark.timeout(120)  # starting a service takes seconds on a busy machine


async def test_whoever_starts_the_bot_becomes_a_user(clients: Clients, telegram_api: TelegramApi) -> None:
    backend = await clients.of("backend")
    await clients.of("tg_bot")

    telegram_api.push_text("/start", user_id=44, first_name="Grace")

    await telegram_api.wait_for_message(containing="You are registered", chat_id=44, within=30)
    (user,) = (await backend.get("/users")).json()["items"]
    assert (user["name"], user["telegram_id"]) == ("Grace", 44)
