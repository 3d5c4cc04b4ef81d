# Generated from services/backend/spec by `make generate-from-spec`. Do not edit.
"""What the controllers of the service `backend` must be able to do."""

from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from shared.generated.schemas import UserCreate, UserImportBatch, UserImportResult, UserRead


class UsersControllerProtocol(Protocol):
    """The business logic of the domain `users`."""

    async def get_user(
        self,
        session: AsyncSession,
        user_id: int,
    ) -> UserRead:
        """Get user."""

    async def list_users(
        self,
        session: AsyncSession,
        limit: int,
    ) -> list[UserRead]:
        """List users."""

    async def create_user(
        self,
        session: AsyncSession,
        payload: UserCreate,
    ) -> UserRead:
        """Create user."""

    async def delete_user(
        self,
        session: AsyncSession,
        user_id: int,
    ) -> None:
        """Delete user."""

    async def process_user_import(
        self,
        session: AsyncSession,
        payload: UserImportBatch,
    ) -> UserImportResult:
        """Process user import."""
