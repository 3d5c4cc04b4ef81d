# Generated from shared/spec by `make generate-from-spec`. Do not edit.
"""The events of the project, as `shared/spec` describes them, and the broker that carries them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.runtime.broker import EventBroker
from framework.runtime.events import EventDefinition, publish
from shared.generated.schemas import (
    OperationFailed,
    UserDeleted,
    UserImportBatch,
    UserImportResult,
    UserRead,
)

if TYPE_CHECKING:  # a service without a database does not load SQLAlchemy
    from sqlalchemy.ext.asyncio import AsyncSession

broker = EventBroker(stream_prefix="")

USER_CREATED = EventDefinition(name="user.created", message=UserRead, key="id")

USER_DELETED = EventDefinition(name="user.deleted", message=UserDeleted, key="user_id")

USER_IMPORT_COMPLETED = EventDefinition(
    name="user.import.completed", message=UserImportResult, key="batch"
)

USER_IMPORT_FAILED = EventDefinition(name="user.import.failed", message=OperationFailed, key=None)

USER_IMPORT_REQUESTED = EventDefinition(
    name="user.import.requested", message=UserImportBatch, key=None
)

broker.declare(USER_CREATED, USER_DELETED, USER_IMPORT_COMPLETED, USER_IMPORT_FAILED)


async def publish_user_created(
    event: UserRead,
    *,
    session: AsyncSession | None = None,
) -> None:
    """Publish `user.created`: A user was registered."""
    await publish(broker, USER_CREATED, event, session)


async def publish_user_deleted(
    event: UserDeleted,
    *,
    session: AsyncSession | None = None,
) -> None:
    """Publish `user.deleted`: A user was deleted."""
    await publish(broker, USER_DELETED, event, session)


async def publish_user_import_completed(
    event: UserImportResult,
    *,
    session: AsyncSession | None = None,
) -> None:
    """Publish `user.import.completed`: A batch of people was registered."""
    await publish(broker, USER_IMPORT_COMPLETED, event, session)


async def publish_user_import_failed(
    event: OperationFailed,
    *,
    session: AsyncSession | None = None,
) -> None:
    """Publish `user.import.failed`: A batch of people could not be registered."""
    await publish(broker, USER_IMPORT_FAILED, event, session)


async def publish_user_import_requested(
    event: UserImportBatch,
    *,
    session: AsyncSession | None = None,
) -> None:
    """Publish `user.import.requested`: A batch of people is to be registered."""
    await publish(broker, USER_IMPORT_REQUESTED, event, session)
