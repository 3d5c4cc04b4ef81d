"""The business logic of the domain `notifications`: who is told of a task, and what."""

import logging
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications.src.models import Notification, Recipient
from shared.generated.events import publish_notification_failed, publish_notification_sent
from shared.generated.schemas import NotificationRead, NotificationStatus, TaskRead

logger = logging.getLogger(__name__)


class NotificationsController:
    """Tells people of tasks; whoever is no user cannot be told."""

    async def list_notifications(self, session: AsyncSession, task_id: int) -> list[NotificationRead]:
        """Who was told what of a task, oldest first."""
        query = select(Notification).where(Notification.task_id == task_id).order_by(Notification.id)
        return [NotificationRead.model_validate(each) for each in await session.scalars(query)]

    async def tell_workers(self, session: AsyncSession, payload: TaskRead) -> None:
        """Tell each worker of a new task."""
        await _tell(session, payload.worker_ids, payload, "New task")

    async def tell_admin(self, session: AsyncSession, payload: TaskRead) -> None:
        """Tell the admin of a task that has changed."""
        await _tell(session, [payload.admin_id], payload, "Task changed")

    async def tell_creator(self, session: AsyncSession, payload: TaskRead) -> None:
        """Tell the creator of a task that is done."""
        await _tell(session, [payload.creator_id], payload, "Task done")


async def _tell(session: AsyncSession, user_ids: Iterable[int], task: TaskRead, news: str) -> None:
    for user_id in user_ids:
        recipient = await session.get(Recipient, user_id)
        status = NotificationStatus.SENT if recipient else NotificationStatus.FAILED
        told = Notification(user_id=user_id, task_id=task.id, text=f"{news}: {task.title}", status=status)
        session.add(told)
        await session.flush()
        message = NotificationRead.model_validate(told)
        if recipient:
            logger.info("to %s: %s", recipient.email, told.text)
            await publish_notification_sent(message, session=session)
        else:
            await publish_notification_failed(message, session=session)
