"""The business logic of the domain `users`: what may happen to a user, and when."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from framework.runtime.pages import Page, PageRequest
from services.backend.src.repositories import users
from shared.generated.errors import Invalid, NotFound, UserExists
from shared.generated.schemas import UserCreate, UserRead, UserUpdate

T = TypeVar("T")


class UsersController:
    """Registers people and looks after what is known of them."""

    async def list_users(self, session: AsyncSession, page: PageRequest) -> Page[UserRead]:
        """The users of one page."""
        return await users.page(session, page)

    async def get_user(self, session: AsyncSession, user_id: int) -> UserRead:
        """The user with this id. Raises `NotFound`."""
        return UserRead.model_validate(_found(await users.get(session, user_id), user_id))

    async def create_user(self, session: AsyncSession, payload: UserCreate) -> UserRead:
        """Register a user. Raises `Invalid` if nothing says how to reach them, else `UserExists`."""
        _require_reachable(payload.email, payload.telegram_id)
        with _refuse_duplicates():
            user = await users.add(session, payload.model_dump())
        return UserRead.model_validate(user)

    async def update_user(self, session: AsyncSession, user_id: int, payload: UserUpdate) -> UserRead:
        """Change what `payload` sets. Raises `NotFound`, `Invalid` and `UserExists` as the others do."""
        user = _found(await users.get_for_update(session, user_id), user_id)
        patch = payload.model_dump(exclude_unset=True)
        _require_reachable(patch.get("email", user.email), patch.get("telegram_id", user.telegram_id))
        with _refuse_duplicates():
            await users.change(session, user, patch)
        return UserRead.model_validate(user)

    async def delete_user(self, session: AsyncSession, user_id: int) -> None:
        """Delete a user. Raises `NotFound`."""
        if not await users.remove(session, user_id):
            raise _no_such_user(user_id)


def _found(user: T | None, user_id: int) -> T:
    if user is None:
        raise _no_such_user(user_id)
    return user


def _no_such_user(user_id: int) -> NotFound:
    return NotFound(f"There is no user {user_id}.")


def _require_reachable(email: str | None, telegram_id: int | None) -> None:
    if email is None and telegram_id is None:
        raise Invalid("A user needs an email or a telegram_id.")


@contextmanager
def _refuse_duplicates() -> Iterator[None]:
    """Let the database decide who came first: a look beforehand would race with other requests."""
    try:
        yield
    except IntegrityError as error:
        raise UserExists("Another user has this email or telegram_id.") from error
