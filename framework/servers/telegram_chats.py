"""What the Bot API for tests remembers: updates for the bot, messages from it, failures to come."""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that the bot sent."""

    message_id: int
    chat_id: int
    text: str


@dataclass(slots=True)
class Failure:
    """The next `times` calls of `method` are answered with `status`; `retry_after` is in seconds."""

    status: int
    method: str = "sendMessage"
    times: int = 1
    retry_after: int | None = None


class Chats:
    """The private chats of one bot; every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._pollers = 0
        self.is_closed = False
        self.clear()

    def clear(self) -> None:
        """Forget everything but the numbers already given away."""
        with self._lock:
            self._updates: list[dict[str, Any]] = []
            self._sent: list[SentMessage] = []
            self._failures: list[Failure] = []

    def close(self) -> None:
        """End every wait for updates."""
        self.is_closed = True

    def receive(self, text: str, *, user_id: int, first_name: str) -> int:
        """Put a message of a person before the bot; return the id of its update."""
        message = self._message(user_id, text, first_name)
        message["from"] = {"id": user_id, "is_bot": False, "first_name": first_name}
        if text.startswith("/"):
            command = text.split()[0]
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(command)}]
        with self._lock:
            number = next(self._numbers)
            self._updates.append({"update_id": number, "message": message})
        return number

    def send(self, chat_id: int, text: str) -> dict[str, Any]:
        """Let the bot say `text`; return the message as the API describes it."""
        message = self._message(chat_id, text, "Ada")
        with self._lock:
            self._sent.append(SentMessage(message["message_id"], chat_id, text))
        return message

    @property
    def sent(self) -> list[SentMessage]:
        """What the bot sent, oldest first."""
        with self._lock:
            return list(self._sent)

    def start_polling(self) -> int:
        """A number for a new `getUpdates`; it takes the place of the one before."""
        self._pollers += 1
        return self._pollers

    def is_current(self, poller: int) -> bool:
        """Whether no later `getUpdates` came."""
        return poller == self._pollers

    def pending(self, offset: int, limit: int) -> list[dict[str, Any]]:
        """The updates from `offset` on; those before are confirmed by it and forgotten."""
        with self._lock:
            self._updates = [update for update in self._updates if update["update_id"] >= offset]
            return self._updates[:limit]

    def fail(self, failure: Failure) -> None:
        """Add a failure, behind those that are still to come."""
        with self._lock:
            self._failures.append(failure)

    def next_failure(self, method: str) -> Failure | None:
        """The failure that this call of `method` meets, if any; it is used up by that."""
        with self._lock:
            for failure in self._failures:
                if failure.method == method and failure.times > 0:
                    failure.times -= 1
                    return failure
        return None

    def _message(self, chat_id: int, text: str, first_name: str) -> dict[str, Any]:
        chat = {"id": chat_id, "type": "private", "first_name": first_name}
        return {"message_id": next(self._numbers), "date": int(time.time()), "chat": chat, "text": text}
