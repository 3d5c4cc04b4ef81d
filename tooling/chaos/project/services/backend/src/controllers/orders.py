"""Orders and reports, as far as the rig needs them: every effect is a row, and none is unique."""

from datetime import UTC, datetime

from services.backend.src.models import Order, Report, ReportNote, Settlement
from shared.generated.errors import OrderRefused
from shared.generated.events import publish_order_placed
from shared.generated.schemas import (
    OrderCharged,
    OrderCreate,
    OrderRead,
    ReportCreate,
    ReportRead,
    ReportWritten,
)
from sqlalchemy.ext.asyncio import AsyncSession

from framework.runtime.statements import Insertion

REFUSED = range(40)
"""The moods of orders that are refused."""
_NEW_REPORT = Insertion(Report)  # whose event is written by the same statement


class OrdersController:
    """Writes down what happens."""

    async def place_order(self, session: AsyncSession, payload: OrderCreate) -> OrderRead:
        """Place an order. Raises `OrderRefused`, when the event is published already."""
        order = Order(customer=payload.customer, mood=payload.mood, created_at=datetime.now(UTC))
        session.add(order)
        await session.flush()
        placed = OrderRead.model_validate(order)
        await publish_order_placed(placed, session=session)
        if payload.mood in REFUSED:
            raise OrderRefused("This order is refused.")
        return placed

    async def note_charge(self, session: AsyncSession, payload: OrderCharged) -> None:
        """Note that an order was paid for."""
        session.add(Settlement(order_id=payload.order_id))

    async def request_report(self, session: AsyncSession, payload: ReportCreate) -> ReportRead:
        """Ask for a report."""
        return ReportRead.model_validate(await _NEW_REPORT.row(session, mood=payload.mood))

    async def note_report(self, session: AsyncSession, payload: ReportWritten) -> None:
        """Note that a report was written."""
        session.add(ReportNote(report_id=payload.report_id))
