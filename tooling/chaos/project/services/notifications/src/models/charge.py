"""The tables of charges and payments. They have no unique column, so that twice is seen."""

from uuid import UUID

from services.notifications.src.models.base import Base
from sqlalchemy.orm import Mapped, mapped_column


class Charge(Base):
    """What the handler of `order.placed` has written."""

    __tablename__ = "charges"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int]


class Payment(Base):
    """What the handler of `payment.received` has written."""

    __tablename__ = "payments"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[UUID]
