"""The bot as people see it: a process with a Bot API and a Redis of its own for every test."""

from framework.servers.telegram import TelegramApi
from framework.testkit import Clients
from services.bot.src.handlers.start import WELCOME


async def test_start_is_answered(clients: Clients, telegram_api: TelegramApi) -> None:
    telegram_api.push_text("/start")

    await clients.of("bot")

    await telegram_api.wait_for_message(containing=WELCOME)
