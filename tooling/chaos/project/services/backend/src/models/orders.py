"""The tables of orders and reports. What handlers write has no unique column, so that twice is seen."""

from datetime import datetime

from services.backend.src.models.base import Base
from sqlalchemy.orm import Mapped, mapped_column


class Order(Base):
    """What a request has written."""

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer: Mapped[int]
    mood: Mapped[int]
    created_at: Mapped[datetime]


class Settlement(Base):
    """What the handler of `order.charged` has written."""

    __tablename__ = "settlements"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int]


class Report(Base):
    """What a request has written."""

    __tablename__ = "reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    mood: Mapped[int]


class ReportNote(Base):
    """What the handler of `report.written` has written."""

    __tablename__ = "report_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int]
