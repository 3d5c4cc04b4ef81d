"""The ways to a person. A new one is a class with `send`, and a line in `create_channel`."""

from services.notifications.src.channels.base import Channel
from services.notifications.src.channels.log import LogChannel
from services.notifications.src.channels.telegram import TelegramChannel
from services.notifications.src.settings import ChannelName

__all__ = ["Channel", "LogChannel", "TelegramChannel", "create_channel"]


def create_channel(name: ChannelName) -> Channel:
    """The channel of that name, with its own settings read from the environment."""
    match name:
        case ChannelName.LOG:
            return LogChannel()
        case ChannelName.TELEGRAM:
            return TelegramChannel.from_environment()
