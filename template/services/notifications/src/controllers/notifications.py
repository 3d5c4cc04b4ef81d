"""The business logic of the domain `notifications`: what is told to whom, and through which channel."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from framework.runtime.settings import load
from services.notifications.src.channels import Channel, LogChannel, create_channel
from services.notifications.src.repositories import notifications
from services.notifications.src.settings import Settings
from shared.generated.schemas import CommandReceived, NotificationReceipt, NotificationRequest, UserRead


class NotificationsController:
    """Records what people are to be told, sends it, and notes that it was sent."""

    def __init__(self, channel: Channel | None = None) -> None:
        self._channel = channel or create_channel(load(Settings).notifications_channel)
        self._log = LogChannel()

    async def record_user_created(self, session: AsyncSession, payload: UserRead) -> NotificationRequest:
        """Record the welcome of a new user."""
        return await _record(session, payload.telegram_id, f"Welcome, {payload.name}!")

    async def record_command(self, session: AsyncSession, payload: CommandReceived) -> NotificationRequest:
        """Record the answer to a command."""
        return await _record(session, payload.user_id, f"Your command arrived: {payload.command}")

    async def send_notification(self, payload: NotificationRequest) -> NotificationReceipt:
        """Send a notification; one for a person whose id at Telegram is not known goes to the log.

        Raises `channels.base.RefusedError` if it can never be delivered.
        """
        if payload.recipient is None:
            await self._log.send(None, payload.text)
        else:
            await self._channel.send(payload.recipient, payload.text)
        return NotificationReceipt(id=payload.id, sent_at=datetime.now(UTC))

    async def mark_sent(self, session: AsyncSession, payload: NotificationReceipt) -> None:
        """Note when a notification was sent."""
        await notifications.mark_sent(session, payload.id, payload.sent_at)


async def _record(session: AsyncSession, recipient: int | None, text: str) -> NotificationRequest:
    notification = await notifications.add(session, recipient=recipient, text=text)
    return NotificationRequest.model_validate(notification)
