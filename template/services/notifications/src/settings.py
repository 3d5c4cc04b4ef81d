"""What the notifications service reads from the environment, beside what every service reads."""

from enum import StrEnum

from pydantic import Field, HttpUrl, SecretStr

from framework.runtime.settings import ServiceSettings


class ChannelName(StrEnum):
    """The ways in which a notification can reach a person."""

    LOG = "log"
    TELEGRAM = "telegram"


class Settings(ServiceSettings):
    """The settings of the service; a field added here is read from the variable of the same name."""

    notifications_channel: ChannelName = Field(
        default=ChannelName.LOG,
        description="Write log or telegram: how notifications are sent; log if left out.",
    )


class TelegramSettings(ServiceSettings):
    """What only the channel `telegram` needs."""

    telegram_bot_token: SecretStr = Field(
        min_length=1, description="Write the token that @BotFather gave you, such as 123456:ABC-DEF."
    )
    telegram_api_url: HttpUrl = Field(
        default=HttpUrl("https://api.telegram.org"),
        description="Write the address of the Bot API without the token; that of Telegram if left out.",
    )
