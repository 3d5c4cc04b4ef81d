"""Reading and writing notifications; nothing here knows of events or channels."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from framework.runtime.statements import Insertion, Row
from services.notifications.src.models import Notification

_NEW = Insertion(Notification)


async def add(session: AsyncSession, *, recipient: int | None, text: str) -> Row:
    """Insert a notification that is still to be sent."""
    return await _NEW.row(session, recipient=recipient, text=text)


async def mark_sent(session: AsyncSession, notification_id: int, sent_at: datetime) -> None:
    """Note when a notification was sent; the first time counts, since it may be sent twice."""
    unsent = (Notification.id == notification_id, Notification.sent_at.is_(None))
    await session.execute(update(Notification).where(*unsent).values(sent_at=sent_at))
