"""What a channel is."""

from typing import Protocol

from framework.runtime.errors import OperationError


class Channel(Protocol):
    """A way to send a text to a person."""

    async def send(self, recipient: int, text: str) -> None:
        """Send `text` to the person with this id at Telegram.

        Raises `RefusedError` if it makes no sense to try again; after any other exception it is tried again.
        """


class RefusedError(OperationError):
    """The channel will never deliver this: the person blocked the bot, say."""

    status = 422
    code = "refused"
