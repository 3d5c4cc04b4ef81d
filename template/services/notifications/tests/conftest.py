"""The notifications service with a database, a Redis and a Bot API of its own for every test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from framework.servers.telegram import TelegramApi
from framework.testkit import migrate, serve
from services.notifications.src.generated.app import create_app
from services.notifications.src.routes import router

SERVICE = Path(__file__).parents[1]


@pytest.fixture
def environment(
    database_url: str, redis_url: str, telegram_api: TelegramApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the service reads from its environment."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("NOTIFICATIONS_CHANNEL", "telegram")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", telegram_api.token)
    monkeypatch.setenv("TELEGRAM_API_URL", telegram_api.url)


@pytest.fixture
async def service(environment: None, database_url: str) -> AsyncIterator[str]:
    """The address of the running service."""
    await migrate(SERVICE, database_url)
    application = create_app()
    application.include_router(router)
    async with serve(application) as address:
        yield address
