"""The channel Telegram: the method sendMessage of the Bot API."""

from typing import Self

import httpx

from framework.runtime.settings import load
from services.notifications.src.channels.base import RefusedError
from services.notifications.src.settings import TelegramSettings

TIMEOUT = 10.0
"""Seconds to wait for Telegram, for each step of a request."""

LONGEST_TEXT = 4096
"""How long a message may be, in UTF-16 code units, as Telegram counts."""


class TelegramUnavailableError(Exception):
    """Telegram did not take the message this time; the text never holds the bot's token."""


class TelegramChannel:
    """Sends notifications as messages of the bot."""

    def __init__(self, api_url: str, token: str) -> None:
        self._url = f"{api_url.rstrip('/')}/bot{token}/sendMessage"
        self._certificates = httpx.create_ssl_context()

    @classmethod
    def from_environment(cls) -> Self:
        """The channel of the bot whose token is in TELEGRAM_BOT_TOKEN."""
        settings = load(TelegramSettings)
        return cls(str(settings.telegram_api_url), settings.telegram_bot_token.get_secret_value())

    async def send(self, recipient: int, text: str) -> None:
        """Send `text` as a message, cut to the length that Telegram takes.

        Raises `RefusedError` if Telegram will never take it, `TelegramUnavailableError` if it may later.
        """
        message = {"chat_id": recipient, "text": _shortened(text)}
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT, verify=self._certificates) as client:
                answer = await client.post(self._url, json=message)
        except httpx.TransportError as error:
            raise TelegramUnavailableError(f"Telegram could not be reached: {error!r}") from error
        if answer.status_code in {httpx.codes.BAD_REQUEST, httpx.codes.FORBIDDEN}:
            raise RefusedError(f"Telegram refused the message: {_description(answer)}")
        if not answer.is_success:
            raise TelegramUnavailableError(f"Telegram answered {answer.status_code}: {_description(answer)}")


def _shortened(text: str) -> str:
    return text.encode("utf-16-le")[: 2 * LONGEST_TEXT].decode("utf-16-le", errors="ignore")


def _description(answer: httpx.Response) -> str:
    """What the Bot API says about an error, or the beginning of what something in between said."""
    try:
        return str(answer.json()["description"])
    except (ValueError, LookupError, TypeError):
        return answer.text[:200]
