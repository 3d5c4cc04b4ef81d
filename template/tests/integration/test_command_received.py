"""tg_bot -> notifications: a command is answered by another service."""

import pytest

from framework.servers.telegram import TelegramApi
from framework.testkit import Clients

pytestmark = pytest.mark.timeout(120)  # starting a service takes seconds on a busy machine


async def test_a_command_is_answered(clients: Clients, telegram_api: TelegramApi) -> None:
    await clients.of("notifications", NOTIFICATIONS_CHANNEL="telegram")
    await clients.of("tg_bot")

    telegram_api.push_text("/command hello", user_id=43)

    await telegram_api.wait_for_message(containing="/command hello", chat_id=43, within=30)
