"""The tables of meetings and of who is in them."""

from sqlalchemy.orm import Mapped, mapped_column

from services.meetings.src.models.base import Base


class Meeting(Base):
    """A meeting, which has a link until it is closed."""

    __tablename__ = "meetings"

    id: Mapped[int] = mapped_column(primary_key=True)
    link: Mapped[str]
    is_open: Mapped[bool] = mapped_column(default=True)


class Member(Base):
    """Somebody in a meeting."""

    __tablename__ = "members"

    meeting_id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True)
