"""A Telegram Bot API over real HTTP, for one bot, with what the people in its chats do under our control.

`TelegramApi` runs it in a thread of this process. The same controls are there over HTTP, for other processes:

    POST   /control/updates    {"text": "/start", "user_id": 42, "first_name": "Ada"}
    GET    /control/messages   what the bot sent, oldest first
    POST   /control/failures   {"status": 429, "retry_after": 1, "method": "sendMessage", "times": 1}
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import uvicorn

from framework.servers.ports import HOST
from framework.servers.process import ServerError
from framework.servers.telegram_app import create_app
from framework.servers.telegram_chats import Chats, Failure, SentMessage

TOKEN = "42:AAfake-token-of-no-bot"  # noqa: S105
START_TIMEOUT = 60.0  # seconds
STOP_TIMEOUT = 10.0  # seconds
POLL_INTERVAL = 0.01  # seconds


class TelegramApi:
    """A running Bot API: `url` is for TELEGRAM_API_URL, `token` for TELEGRAM_BOT_TOKEN (it takes any)."""

    def __init__(self) -> None:
        self.token = TOKEN
        self._chats = Chats()
        self._socket = socket.create_server((HOST, 0))
        self.url = f"http://{HOST}:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(create_app(self._chats), log_level="error", access_log=False, lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="telegram-api", daemon=True
        )
        self._thread.start()
        self._wait_until_started()

    def push_text(self, text: str, *, user_id: int = 42, first_name: str = "Ada") -> int:
        """Let a person write `text` in their private chat with the bot; return the id of the update."""
        return self._chats.receive(text, user_id=user_id, first_name=first_name)

    @property
    def messages(self) -> list[SentMessage]:
        """What the bot sent so far, oldest first."""
        return self._chats.sent

    async def wait_for_message(
        self, *, containing: str = "", chat_id: int | None = None, within: float = 30.0
    ) -> SentMessage:
        """The first message that fits, sent already or `within` so many seconds.

        Raises `TimeoutError`, which tells what was sent instead.
        """
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            for message in self.messages:
                if containing in message.text and chat_id in {None, message.chat_id}:
                    return message
            await asyncio.sleep(POLL_INTERVAL)
        raise TimeoutError(f"no message with {containing!r} to {chat_id or 'anybody'}; sent: {self.messages}")

    def fail(
        self, status: int, *, method: str = "sendMessage", times: int = 1, retry_after: int | None = None
    ) -> None:
        """Answer the next `times` calls of `method` with an error; `retry_after` (seconds) goes with 429."""
        self._chats.fail(Failure(status=status, method=method, times=times, retry_after=retry_after))

    def clear(self) -> None:
        """Forget all updates, messages and failures, as if newly started."""
        self._chats.clear()

    def close(self) -> None:
        """Stop it; calls that wait for updates are answered with none."""
        self._chats.close()
        self._server.should_exit = True
        self._thread.join(STOP_TIMEOUT)
        self._socket.close()

    def _wait_until_started(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise ServerError("the Telegram Bot API for tests did not start")
            time.sleep(POLL_INTERVAL / 10)
