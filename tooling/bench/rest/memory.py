"""No database: what takes the place of sessions and of the business logic where only the rest is measured.

The business logic is the same for every subject, but for the class of its answers, which is made once.
"""

from __future__ import annotations

from itertools import count
from typing import Any, Final, Generic, Protocol, Self, TypeVar

from tooling.bench.rest.data import KEPT, user


class Payload(Protocol):
    """What a create is called with."""

    name: str
    email: str | None
    telegram_id: int | None


Answer = TypeVar("Answer")


class MemoryUsers(Generic[Answer]):
    """Answers what is prepared; what is created is told and forgotten."""

    def __init__(self, answer: type[Answer]) -> None:
        self._answer = answer
        self._users = {number: answer(**user(number)) for number in range(1, KEPT + 1)}
        self._ids = count(KEPT + 1)

    async def get_user(self, session: object, user_id: int) -> Answer:
        """A user who was made beforehand."""
        return self._users[user_id]

    async def list_users(self, session: object, after: int, limit: int) -> list[Answer]:
        """Users who were made beforehand."""
        return [self._users[number] for number in range(after + 1, after + limit + 1)]

    async def create_user(self, session: object, payload: Payload) -> Answer:
        """A new user."""
        given = {"name": payload.name, "email": payload.email, "telegram_id": payload.telegram_id}
        return self._answer(**{**user(next(self._ids)), **given})


class _NoEngine:
    """What a session is bound to that has no database."""

    @property
    def engine(self) -> Self:
        """Itself."""
        return self


_NO_ENGINE: Final = _NoEngine()


class _Inside:
    """What SQLAlchemy works with inside of a session: there is nothing in it."""

    new = dirty = deleted = identity_map = ()


class FakeSession(_Inside):
    """Opens, begins, commits and closes, and does nothing of it."""

    sync_connection = None

    def __init__(self) -> None:
        self.sync_session = _Inside()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    async def connection(self, execution_options: object = None) -> Self:
        """Itself."""
        return self

    def get_bind(self, **_: object) -> _NoEngine:
        """Nothing that could be asked."""
        return _NO_ENGINE

    async def commit(self) -> None:
        """Do nothing."""

    async def rollback(self) -> None:
        """Do nothing."""


def fake_sessions() -> Any:
    """Open a session: what every subject without a database does for each request."""
    return FakeSession()
