"""The tables of notices, and of what is known of meetings."""

from sqlalchemy.orm import Mapped, mapped_column

from services.notices.src.models.base import Base


class Notice(Base):
    """That somebody joined."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int]
    user_id: Mapped[int]


class MeetingCopy(Base):
    """A meeting as it was told last."""

    __tablename__ = "meeting_copies"

    id: Mapped[int] = mapped_column(primary_key=True)
    link: Mapped[str]
    is_open: Mapped[bool]
