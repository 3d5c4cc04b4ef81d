"""What the generated `create_app()` of a Telegram bot calls."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from pydantic import Field, HttpUrl, SecretStr
from pydantic_settings import BaseSettings
from telegram.ext import Application

if TYPE_CHECKING:
    from framework.runtime.broker import EventBroker


class BotSettings(BaseSettings):
    """What a bot must know; a service that needs more subclasses it."""

    telegram_bot_token: SecretStr = Field(description="the token that @BotFather gave you, such as 123456:ABC…")
    telegram_api_url: HttpUrl = Field(
        default=HttpUrl("https://api.telegram.org"), description="the address of the Bot API"
    )


def create_bot(
    *,
    service: str,
    broker: EventBroker,
    settings: type[BotSettings] = BotSettings,
    handlers: ModuleType,
) -> Application[Any, Any, Any, Any, Any, Any]:
    """A bot with the handlers of the package `handlers`: each of its modules exports `add(application) -> None`."""
    raise NotImplementedError
