"""The bot as people see it: the real application, with a Bot API and a Redis of its own."""

import pytest

from framework.servers.telegram import TelegramApi
from services.bot.src.generated.app import create_app
from services.bot.src.handlers.start import WELCOME


async def test_start_is_answered(
    redis_url: str,
    telegram_api: TelegramApi,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", telegram_api.token)
    monkeypatch.setenv("TELEGRAM_API_URL", telegram_api.url)
    monkeypatch.setenv("DESK_API_BASE_URL", "http://127.0.0.1:9")
    application = create_app()
    assert application.updater is not None
    telegram_api.push_text("/start")

    async with application:
        await application.start()
        await application.updater.start_polling(poll_interval=0, timeout=1)
        await telegram_api.wait_for_message(containing=WELCOME)
        await application.updater.stop()
        await application.stop()
