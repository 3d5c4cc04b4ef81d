"""The business logic of the domain `users`."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from framework.runtime.errors import Conflict, NotFound
from services.backend.src.models import User
from shared.generated.schemas import UserCreate, UserImportBatch, UserImportResult, UserRead


class UsersController:
    """Carries out the operations of `services/backend/spec/users.yaml`."""

    async def get_user(self, session: AsyncSession, user_id: int) -> UserRead:
        """Get user."""
        return UserRead.model_validate(await _found(session, user_id))

    async def list_users(self, session: AsyncSession, limit: int) -> list[UserRead]:
        """List users."""
        users = await session.scalars(select(User).order_by(User.id).limit(limit))
        return [UserRead.model_validate(user) for user in users]

    async def create_user(self, session: AsyncSession, payload: UserCreate) -> UserRead:
        """Create user."""
        user = User(**payload.model_dump())
        session.add(user)
        try:
            await session.flush()
        except IntegrityError as error:
            raise Conflict(f"{payload.email} is taken.") from error
        return UserRead.model_validate(user)

    async def delete_user(self, session: AsyncSession, user_id: int) -> None:
        """Delete user."""
        await session.delete(await _found(session, user_id))

    async def process_user_import(self, session: AsyncSession, payload: UserImportBatch) -> UserImportResult:
        """Process user import."""
        users = [await self.create_user(session, user) for user in payload.users]
        return UserImportResult(batch=payload.batch, user_ids=[user.id for user in users])


async def _found(session: AsyncSession, user_id: int) -> User:
    user = await session.get(User, user_id)
    if user is None:
        raise NotFound(f"There is no user {user_id}.")
    return user
