"""The table of notifications."""

from datetime import UTC, datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.src.models.base import Base


def _now() -> datetime:
    return datetime.now(UTC)


class Notification(Base):
    """A message to a person. One that its channel refused keeps `sent_at` empty for good."""

    __tablename__ = "notifications"
    # An id that was deleted is never given again: events may still speak of its first owner.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=_now)
    sent_at: Mapped[datetime | None]
