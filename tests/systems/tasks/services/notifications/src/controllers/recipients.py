"""The business logic of the domain `recipients`: who can be told something, as `auth` has it."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications.src.models import Recipient
from shared.generated.schemas import UserDeleted, UserRead


class RecipientsController:
    """Keeps up with the users."""

    async def list_recipients(self, session: AsyncSession) -> list[UserRead]:
        """Everybody who can be told something."""
        found = await session.scalars(select(Recipient).order_by(Recipient.id))
        return [UserRead.model_validate(each) for each in found]

    async def add_recipient(self, session: AsyncSession, payload: UserRead) -> None:
        """Note a new user."""
        session.add(Recipient(**payload.model_dump()))

    async def change_recipient(self, session: AsyncSession, payload: UserRead) -> None:
        """Note what has changed of a user."""
        await session.merge(Recipient(**payload.model_dump()))

    async def remove_recipient(self, session: AsyncSession, payload: UserDeleted) -> None:
        """Forget a user."""
        if recipient := await session.get(Recipient, payload.user_id):
            await session.delete(recipient)
