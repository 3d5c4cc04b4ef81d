"""The tables of this service."""

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from services.tasks.src.models.base import Base

__all__ = ["Base", "Task"]


class Task(Base):
    """Something to be done."""

    __tablename__ = "tasks"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    creator_id: Mapped[int]
    admin_id: Mapped[int]
    worker_ids: Mapped[list[int]] = mapped_column(JSON)
    is_done: Mapped[bool] = mapped_column(default=False)
