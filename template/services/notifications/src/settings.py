"""What the notifications service reads from the environment, beside what every service reads."""

from enum import StrEnum

from pydantic import Field, SecretStr

from framework.runtime.settings import ServiceSettings


class ChannelName(StrEnum):
    """The ways in which a notification can reach a person."""

    LOG = "log"
    TELEGRAM = "telegram"


class Settings(ServiceSettings):
    """The settings of the service; a field added here is read from the variable of the same name."""

    notifications_channel: ChannelName = Field(
        default=ChannelName.LOG,
        description="How notifications are sent: `log` (written to the log only) or `telegram`.",
    )


class TelegramSettings(ServiceSettings):
    """What only the channel `telegram` needs."""

    telegram_bot_token: SecretStr = Field(description="The token that @BotFather gave to your bot.")
    telegram_api_url: str = Field(
        default="https://api.telegram.org",
        description="Where the Bot API is; only tests and a Bot API server of your own need to set it.",
    )
