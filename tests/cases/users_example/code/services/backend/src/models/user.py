"""The table of users."""

from sqlalchemy.orm import Mapped, mapped_column

from services.backend.src.models.base import Base


class User(Base):
    """A person known to the system."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str | None] = mapped_column(unique=True)
