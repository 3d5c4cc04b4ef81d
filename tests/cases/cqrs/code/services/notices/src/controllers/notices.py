"""The business logic of the domain `notices`."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.notices.src.models import MeetingCopy, Notice
from shared.generated.schemas import MeetingRead, Membership


class NoticesController:
    """Carries out the operations of `services/notices/spec/notices.yaml`."""

    async def note_joined(self, session: AsyncSession, payload: Membership) -> None:
        """Note who joined."""
        session.add(Notice(**payload.model_dump()))

    async def copy_meeting(self, session: AsyncSession, payload: MeetingRead) -> None:
        """Keep what is known of a meeting: the event has all of it."""
        await session.merge(MeetingCopy(**payload.model_dump()))
