"""Handlers that fail in every way that there is."""

import asyncio
import os
from datetime import UTC, datetime, timedelta

from services.notifications.src.models import Charge, Payment
from shared.generated.errors import ReportRefused
from shared.generated.schemas import OrderCharged, OrderRead, PaymentReceived, ReportRead, ReportWritten
from sqlalchemy.ext.asyncio import AsyncSession

POISON = range(40, 50)
"""The moods of orders that can never be charged."""
TRANSIENT = range(500, 600)
"""Those of orders that cannot be charged at once."""
SLOW = range(600, int(os.environ.get("CHAOS_SLOW_ORDERS", "700")))
LONG_REPORTS = range(int(os.environ.get("CHAOS_LONG_REPORTS", "10")))
"""The moods of reports that take longer than a lease."""
POISON_SECONDS = 0.05
REFUSED_REPORTS = range(500, int(os.environ.get("CHAOS_REFUSED_REPORTS", "510")))
REFUSAL_SECONDS = float(os.environ.get("CHAOS_REFUSAL_SECONDS", "0.05"))
"""How long a report is looked at before it is refused."""
LONG_SECONDS = float(os.environ.get("CHAOS_LONG_LEASES", "1.3")) * float(os.environ.get("EVENTS_LEASE", "30"))
SLOW_SECONDS = float(os.environ.get("CHAOS_SLOW_SECONDS", "0.05"))


class BillingController:
    """Charges orders, writes reports."""

    async def charge_order(self, session: AsyncSession, payload: OrderRead) -> OrderCharged:
        """Charge an order. Raises RuntimeError for poison, TimeoutError for what is too fresh."""
        if payload.mood in POISON:
            await asyncio.sleep(POISON_SECONDS)
            raise RuntimeError("this order can never be charged")
        if payload.mood in TRANSIENT and datetime.now(UTC) - payload.created_at < timedelta(seconds=1):
            raise TimeoutError("this order cannot be charged yet")
        session.add(Charge(order_id=payload.id))
        if payload.mood in SLOW:
            await session.flush()
            await asyncio.sleep(SLOW_SECONDS)
        return OrderCharged(order_id=payload.id, customer=payload.customer)

    async def record_payment(self, session: AsyncSession, payload: PaymentReceived) -> None:
        """Record a payment."""
        session.add(Payment(reference=payload.reference))

    async def write_report(self, payload: ReportRead) -> ReportWritten:
        """Write a report, which takes its time. Raises `ReportRefused`."""
        if payload.mood in REFUSED_REPORTS:
            await asyncio.sleep(REFUSAL_SECONDS)
            raise ReportRefused("This report will not be written.")
        if payload.mood in LONG_REPORTS:
            await asyncio.sleep(LONG_SECONDS)
        return ReportWritten(report_id=payload.id)
