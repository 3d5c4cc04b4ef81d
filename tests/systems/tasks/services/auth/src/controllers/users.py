"""The business logic of the domain `users`."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.src.models import User
from shared.generated.errors import EmailTaken, NotFound
from shared.generated.schemas import UserCreate, UserRead, UserUpdate


class UsersController:
    """Registers people, and tells the others of them."""

    async def register_user(self, session: AsyncSession, payload: UserCreate) -> UserRead:
        """Register a person. Raises `EmailTaken`."""
        return await _saved(session, User(**payload.model_dump()))

    async def update_user(self, session: AsyncSession, user_id: int, payload: UserUpdate) -> UserRead:
        """Change what `payload` sets. Raises `NotFound` and `EmailTaken`."""
        user = await _user(session, user_id)
        for name, value in payload.model_dump(exclude_unset=True).items():
            setattr(user, name, value)
        return await _saved(session, user)

    async def delete_user(self, session: AsyncSession, user_id: int) -> None:
        """Forget a person. Raises `NotFound`."""
        await session.delete(await _user(session, user_id))


async def _user(session: AsyncSession, user_id: int) -> User:
    if user := await session.get(User, user_id):
        return user
    raise NotFound(f"There is no user {user_id}.")


async def _saved(session: AsyncSession, user: User) -> UserRead:
    session.add(user)
    try:
        await session.flush()
    except IntegrityError as error:
        raise EmailTaken("Another user has this email.") from error
    return UserRead.model_validate(user)
