"""The inbox: which events an operation has handled, recorded in the transaction that handles them."""

from __future__ import annotations

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from framework.runtime.delivery import AlreadyHandled, Delivery
from framework.runtime.envelope import now
from framework.runtime.inserts import INSERTS
from framework.runtime.tables import inbox

_RECORD: Final = {
    dialect: insert(inbox).on_conflict_do_nothing().returning(inbox.c.id)
    for dialect, insert in INSERTS.items()
}


async def record(session: AsyncSession, delivery: Delivery) -> None:
    """Record that this transaction handles the event; wait for another one that does so at this moment.

    Raises:
        AlreadyHandled: the operation has handled the event.
    """
    connection = await session.connection()
    event = delivery.event
    row = {"operation": delivery.operation, "source": event.source, "id": event.id, "handled_at": now()}
    result = await connection.execute(_RECORD[connection.dialect.name], row)
    if result.first() is None:
        raise AlreadyHandled(f"{delivery.operation} has handled {event.type} {event.id} of {event.source}")
