"""The bot as people see it: the real application, a Bot API of its own and a real Redis for every test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from framework.runtime.telegram import Bot
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
async def running(app: Bot) -> AsyncIterator[None]:
    """Do what `run_polling` does, for the length of a block."""
    assert app.updater is not None
    assert app.post_init is not None
    assert app.post_shutdown is not None
    await app.initialize()
    await app.post_init(app)
    await app.start()
    await app.updater.start_polling(poll_interval=0, timeout=1)
    try:
        yield
    finally:
        await app.updater.stop()
        await app.stop()
        await app.shutdown()
        await app.post_shutdown(app)
