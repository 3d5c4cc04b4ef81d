"""The tables of this service."""

from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.src.models.base import Base

__all__ = ["Base", "Notification", "Recipient"]


class Recipient(Base):
    """A user of `auth`, as far as it takes to reach them."""

    __tablename__ = "recipients"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    email: Mapped[str]
    full_name: Mapped[str]


class Notification(Base):
    """What somebody was told, or could not be."""

    __tablename__ = "notifications"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]
    task_id: Mapped[int]
    text: Mapped[str]
    status: Mapped[str]
