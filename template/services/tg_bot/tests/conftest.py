"""The bot as people see it: the real application, a Bot API of its own and a real Redis for every test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram.ext import Application

from framework.servers.telegram import TelegramApi
from services.tg_bot.src.generated.app import create_app


@pytest.fixture
def environment(redis_url: str, telegram_api: TelegramApi, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the bot reads from its environment."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", telegram_api.token)
    monkeypatch.setenv("TELEGRAM_API_URL", telegram_api.url)
    # A server that answers 404 to whatever the bot calls, unless a test brings the service itself.
    monkeypatch.setenv("API_BASE_URL", telegram_api.url)


@pytest.fixture
async def bot(environment: None) -> AsyncIterator[None]:
    """The running bot."""
    async with running(create_app()):
        yield


@asynccontextmanager
async def running(application: Application[Any, Any, Any, Any, Any, Any]) -> AsyncIterator[None]:
    """Do what `run_polling` does, for the length of a block."""
    assert application.updater is not None
    assert application.post_init is not None
    assert application.post_shutdown is not None
    await application.initialize()
    await application.post_init(application)
    await application.start()
    await application.updater.start_polling(poll_interval=0, timeout=1)
    try:
        yield
    finally:
        await application.updater.stop()
        await application.stop()
        await application.shutdown()
        await application.post_shutdown(application)
