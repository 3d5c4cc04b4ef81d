"""Reading and writing notifications; nothing here knows of events or channels."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications.src.models import Notification


async def add(session: AsyncSession, notification: Notification) -> None:
    """Insert `notification` and give it its id."""
    session.add(notification)
    await session.flush()


async def mark_sent(session: AsyncSession, notification_id: int, sent_at: datetime) -> None:
    """Note when a notification was sent; the first time counts, since it may be sent twice."""
    unsent = (Notification.id == notification_id, Notification.sent_at.is_(None))
    await session.execute(update(Notification).where(*unsent).values(sent_at=sent_at))
