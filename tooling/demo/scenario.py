"""What the demo shows, step by step, as clients of the project would see it."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx

from framework.servers.telegram import TelegramApi
from tooling.demo.project import Project
from tooling.demo.steps import StepFailed, step, wait_for

START_SECONDS = 180.0
EVENT_SECONDS = 90.0
ADA, BOB = 4001, 4002
CROWD = range(5001, 5011)
STARTED = re.compile(r"notifications\b.*\bpid (\d+)")


@dataclass(frozen=True)
class Scenario:
    """A running project and the Bot API server that stands in for Telegram."""

    project: Project
    telegram: TelegramApi
    backend: str
    notifications: str

    def play(self) -> None:
        """Run every step. Raises `StepFailed` at the first that does not show what it should."""
        with httpx.Client(timeout=60, trust_env=False) as client:
            self.start(client)
            self.create_user(client)
            self.greet_the_bot(client)
            self.send_a_command()
            self.kill_notifications(client)

    def start(self, client: httpx.Client) -> None:
        """Every service starts and becomes ready."""
        with step("make dev: every service starts, with SQLite files and a Redis of its own") as current:
            self.project.start()
            for name, url in (("backend", self.backend), ("notifications", self.notifications)):
                self._wait(f"{name} to be ready", partial(_is_ready, client, url), START_SECONDS)
                current.saw(f"GET {url}/health/ready → 200")

    def create_user(self, client: httpx.Client) -> None:
        """A request is answered, and its event ends in a database and a chat."""
        with step("POST /users: an event reaches another service's database, and a chat") as current:
            answer = client.post(f"{self.backend}/users", json={"name": "Ada", "telegram_id": ADA})
            _require(answer.status_code == 201, f"201, not {answer.status_code}: {answer.text}")
            current.saw(f"201 {answer.text}")
            self._wait("Ada's notification to be stored as sent", partial(self._was_sent_to, ADA))
            current.saw(f"notification stored and marked as sent: {self._texts_of(ADA)}")
            current.saw(f"chat {ADA} shows: {self._chat(ADA)}")
            _require(any("Ada" in text for text in self._chat(ADA)), "a message for Ada in her chat")

    def greet_the_bot(self, client: httpx.Client) -> None:
        """A person writes `/start` and is a user afterwards."""
        with step("/start: the bot registers the person through the generated client") as current:
            self.telegram.push_text("/start", user_id=BOB, first_name="Bob")
            self._wait("Bob's welcome to be stored as sent", partial(self._was_sent_to, BOB))
            current.saw(f"chat {BOB} shows: {self._chat(BOB)}")
            users = client.get(f"{self.backend}/users", params={"limit": 100}).json()["items"]
            found = [user for user in users if user["telegram_id"] == BOB]
            _require(len(found) == 1, f"one user with telegram_id {BOB}, not {len(found)}")
            current.saw(f"GET /users shows: {found[0]}")

    def send_a_command(self) -> None:
        """A person writes `/command hello` and is answered by the notifications service."""
        with step("/command hello: the bot publishes an event itself, without the backend") as current:
            self.telegram.push_text("/command hello", user_id=BOB, first_name="Bob")
            self._wait("a second notification for Bob", lambda: self._sent_to(BOB) == 2 or None)
            current.saw(f"notifications stored: {self._texts_of(BOB)}")
            current.saw(f"chat {BOB} shows: {self._chat(BOB)}")

    def kill_notifications(self, client: httpx.Client) -> None:
        """A consumer is killed; nothing is lost and nothing happens twice."""
        with step(
            "kill -9 notifications, POST ten users, start it again: ten notifications, none twice"
        ) as current:
            victim = self._notifications_pid()
            with self.project.held_up():  # it would start the victim again, on a busy machine too soon
                os.kill(victim, signal.SIGKILL)
                current.saw(f"kill -9 {victim}")
                for telegram_id in CROWD:
                    user = {"name": f"User {telegram_id}", "telegram_id": telegram_id}
                    answer = client.post(f"{self.backend}/users", json=user)
                    _require(answer.status_code == 201, f"201, not {answer.status_code}: {answer.text}")
                missing = sum(1 for telegram_id in CROWD if not self._stored_for(telegram_id))
                current.saw(f"ten users created; {missing} of their notifications are not stored yet")
                _require(missing == len(CROWD), "no notification stored while the service was dead")
            self._wait(
                "notifications to be ready again",
                partial(_is_ready, client, self.notifications),
                START_SECONDS,
            )
            for telegram_id in CROWD:
                self._wait(f"user {telegram_id}'s notification", partial(self._was_sent_to, telegram_id))
            stored = [self._stored_for(telegram_id) for telegram_id in CROWD]
            _require(stored == [1] * len(CROWD), f"each notification stored once, not {stored}")
            current.saw(f"pid {self._notifications_pid()} stored {sum(stored)} notifications, none twice")

    def require_stopped(self) -> None:
        """Raises `StepFailed` if a service still answers."""
        for url in (self.backend, self.notifications):
            with contextlib.suppress(httpx.TransportError):
                raise StepFailed(
                    f"expected nobody at {url}, and got {httpx.get(url, timeout=5, trust_env=False)}"
                )

    def _wait(self, what: str, look: Callable[[], object], seconds: float = EVENT_SECONDS) -> None:
        def look_while_running() -> object:
            self.project.require_running()
            return look()

        wait_for(what, look_while_running, seconds=seconds)

    def _notifications_pid(self) -> int:
        started = STARTED.findall(self.project.log_text())
        if not started:
            raise StepFailed("expected the log of `make dev` to tell the process id of notifications")
        return int(started[-1])

    def _chat(self, user_id: int) -> list[str]:
        return [message.text for message in self.telegram.messages if message.chat_id == user_id]

    def _texts_of(self, recipient: int) -> list[str]:
        rows = self._query("SELECT text FROM notifications WHERE recipient = ? ORDER BY id", recipient)
        return [str(text) for (text,) in rows]

    def _stored_for(self, recipient: int) -> int:
        return len(self._texts_of(recipient))

    def _sent_to(self, recipient: int) -> int:
        sent = "SELECT id FROM notifications WHERE recipient = ? AND sent_at IS NOT NULL"
        return len(self._query(sent, recipient))

    def _was_sent_to(self, recipient: int) -> bool | None:
        return self._sent_to(recipient) > 0 or None

    def _query(self, statement: str, recipient: int) -> list[tuple[object, ...]]:
        database: Path = self.project.path / ".dev" / "notifications.db"
        with contextlib.closing(
            sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)
        ) as connection:
            return connection.execute(statement, (recipient,)).fetchall()


def _is_ready(client: httpx.Client, url: str) -> bool | None:
    try:
        return client.get(f"{url}/health/ready").status_code == httpx.codes.OK or None
    except httpx.TransportError:
        return None


def _require(holds: bool, expected: str) -> None:
    if not holds:
        raise StepFailed(f"expected {expected}")
