"""tg_bot -> notifications: a command is answered by another service."""

from collections.abc import Awaitable, Callable

import pytest

from framework.servers.telegram import TelegramApi

pytestmark = pytest.mark.timeout(120)  # starting a service takes seconds on a busy machine


async def test_a_command_is_answered(
    start_service: Callable[..., Awaitable[str]],
    start_program: Callable[..., None],
    telegram_api: TelegramApi,
) -> None:
    await start_service("notifications", NOTIFICATIONS_CHANNEL="telegram")
    # What the bot calls is no part of this test: a server that answers 404 will do.
    start_program("services.tg_bot.src.main", API_BASE_URL=telegram_api.url)

    telegram_api.push_text("/command hello", user_id=43)

    await telegram_api.wait_for_message(containing="/command hello", chat_id=43, within=30)
