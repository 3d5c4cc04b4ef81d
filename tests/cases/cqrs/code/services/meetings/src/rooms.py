"""Closing, far below the controller."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.meetings.src.models import Meeting, Member
from shared.generated.events import publish_meeting_changed
from shared.generated.schemas import MeetingRead


async def close(session: AsyncSession, *, empty_only: bool) -> None:
    """Close meetings and tell of each."""
    found = select(Meeting).where(Meeting.is_open).order_by(Meeting.id)
    if empty_only:
        found = found.where(Meeting.id.not_in(select(Member.meeting_id)))
    for meeting in await session.scalars(found):
        meeting.is_open = False
        await publish_meeting_changed(MeetingRead.model_validate(meeting), session=session)
        if meeting.id == 13:
            raise ZeroDivisionError("after the event was told")
