# Generated from services/backend/spec by `make generate-from-spec`. Do not edit.
"""The operations of the service `backend`, each as one unit of work."""

from framework.runtime.database import SessionFactory
from framework.runtime.unit_of_work import UnitOfWorkFactory
from services.backend.src.generated.protocols import UsersControllerProtocol
from shared.generated.events import (
    USER_CREATED,
    USER_IMPORT_COMPLETED,
    publish_user_created,
    publish_user_deleted,
    publish_user_import_completed,
    publish_user_import_failed,
)
from shared.generated.schemas import (
    UserCreate,
    UserDeleted,
    UserImportBatch,
    UserImportResult,
    UserRead,
)


class UsersOperations:
    """The operations of the domain `users`, whatever calls them."""

    def __init__(
        self,
        controller: UsersControllerProtocol,
        get_session: SessionFactory,
    ) -> None:
        self._controller = controller
        self._work = UnitOfWorkFactory("backend", get_session)

    async def get_user(
        self,
        *,
        user_id: int,
    ) -> UserRead:
        """Get user."""
        async with self._work.query("users.get_user") as work:
            return await self._controller.get_user(work.session, user_id=user_id)

    async def list_users(
        self,
        *,
        limit: int,
    ) -> list[UserRead]:
        """List users."""
        async with self._work.query("users.list_users") as work:
            return await self._controller.list_users(work.session, limit=limit)

    async def create_user(
        self,
        *,
        payload: UserCreate,
    ) -> UserRead:
        """Create user."""
        async with self._work.command("users.create_user", tells=USER_CREATED) as work:
            result = await self._controller.create_user(work.session, payload=payload)
            result = work.checked(result, UserRead)
            await publish_user_created(result, session=work.session)
        return result

    async def delete_user(
        self,
        *,
        user_id: int,
    ) -> None:
        """Delete user."""
        async with self._work.command("users.delete_user") as work:
            await self._controller.delete_user(work.session, user_id=user_id)
            await publish_user_deleted(UserDeleted(user_id=user_id), session=work.session)

    async def process_user_import(
        self,
        *,
        payload: UserImportBatch,
    ) -> UserImportResult:
        """Process user import."""
        async with (
            self._work.report_failure("users.process_user_import", publish_user_import_failed),
            self._work.command("users.process_user_import", tells=USER_IMPORT_COMPLETED) as work,
        ):
            result = await self._controller.process_user_import(work.session, payload=payload)
            result = work.checked(result, UserImportResult)
            await publish_user_import_completed(result, session=work.session)
        return result
