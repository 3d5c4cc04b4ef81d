"""The business logic of the domain `meetings`."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.meetings.src import rooms
from services.meetings.src.links import Links
from services.meetings.src.models import Meeting, Member
from shared.generated.errors import MeetingClosed, NotFound
from shared.generated.schemas import Closing, MeetingCreate, MeetingRead, Membership


class MeetingsController:
    """Carries out the operations of `services/meetings/spec/meetings.yaml`."""

    def __init__(self, links: Links | None = None) -> None:
        self._links = links or Links()

    async def open_meeting(self, session: AsyncSession, payload: MeetingCreate) -> MeetingRead:
        """Open a meeting, with nobody in it but whom it is for."""
        meeting = Meeting(id=payload.id, link=self._links.to(payload.id), is_open=True)
        session.add_all([meeting, Member(meeting_id=payload.id, user_id=0)])
        await session.flush()
        return MeetingRead.model_validate(meeting)

    async def read_meeting(self, session: AsyncSession, meeting_id: int) -> MeetingRead:
        """Read a meeting; a read of the meeting 7 tries to change it."""
        meeting = await _found(session, meeting_id)
        if meeting_id == 7:
            meeting.is_open = False
            await session.flush()
        return MeetingRead.model_validate(meeting)

    async def join_meeting(self, session: AsyncSession, payload: Membership) -> Membership:
        """Let somebody in."""
        if not (await _found(session, payload.meeting_id)).is_open:
            raise MeetingClosed(f"The meeting {payload.meeting_id} is closed.")
        session.add(Member(meeting_id=payload.meeting_id, user_id=payload.user_id))
        return payload

    async def close_meetings(self, session: AsyncSession, payload: Closing) -> None:
        """Close meetings."""
        await rooms.close(session, empty_only=payload.empty_only)


async def _found(session: AsyncSession, meeting_id: int) -> Meeting:
    meeting = await session.get(Meeting, meeting_id)
    if meeting is None:
        raise NotFound(f"There is no meeting {meeting_id}.")
    return meeting
