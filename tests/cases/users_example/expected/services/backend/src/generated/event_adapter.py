# Generated from services/backend/spec by `make generate-from-spec`. Do not edit.
"""The operations of the service `backend` that events call."""

from framework.runtime.broker import EventBroker
from services.backend.src.generated.operations import UsersOperations
from shared.generated.events import USER_IMPORT_REQUESTED
from shared.generated.schemas import UserImportBatch


def register_users_handlers(
    broker: EventBroker,
    operations: UsersOperations,
) -> None:
    """Subscribe the operations of the domain `users` to their events."""

    @broker.subscriber(
        USER_IMPORT_REQUESTED, group="backend", operation="users.process_user_import"
    )
    async def process_user_import(
        payload: UserImportBatch,
    ) -> None:
        """Process user import."""
        await operations.process_user_import(payload=payload)
