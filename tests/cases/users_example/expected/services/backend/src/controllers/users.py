"""The business logic of the domain `users`."""

from sqlalchemy.ext.asyncio import AsyncSession

from shared.generated.schemas import UserCreate, UserImportBatch, UserImportResult, UserRead


class UsersController:
    """Carries out the operations of `services/backend/spec/users.yaml`."""

    async def get_user(
        self,
        session: AsyncSession,
        user_id: int,
    ) -> UserRead:
        """Get user."""
        raise NotImplementedError("not written yet")

    async def list_users(
        self,
        session: AsyncSession,
        limit: int,
    ) -> list[UserRead]:
        """List users."""
        raise NotImplementedError("not written yet")

    async def create_user(
        self,
        session: AsyncSession,
        payload: UserCreate,
    ) -> UserRead:
        """Create user."""
        raise NotImplementedError("not written yet")

    async def delete_user(
        self,
        session: AsyncSession,
        user_id: int,
    ) -> None:
        """Delete user."""
        raise NotImplementedError("not written yet")

    async def process_user_import(
        self,
        session: AsyncSession,
        payload: UserImportBatch,
    ) -> UserImportResult:
        """Process user import."""
        raise NotImplementedError("not written yet")
