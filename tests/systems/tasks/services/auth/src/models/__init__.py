"""The tables of this service."""

from sqlalchemy.orm import Mapped, mapped_column

from services.auth.src.models.base import Base

__all__ = ["Base", "User"]


class User(Base):
    """A person who may sign in."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    full_name: Mapped[str]
