"""The table of shelves."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.shop.src.models.base import Base


class Shelf(Base):
    """A shelf with a label that others may have too, and a code that is its own."""

    __tablename__ = "shelves"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]
    price: Mapped[Decimal]
    code: Mapped[UUID] = mapped_column(unique=True)
    made_on: Mapped[date]
    added_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
