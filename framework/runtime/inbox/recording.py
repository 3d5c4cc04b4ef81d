"""The inbox: which events an operation has handled, recorded in the transaction that handles them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam
from sqlalchemy.ext.asyncio import AsyncConnection

from framework.runtime.delivery import AlreadyHandled, Delivery
from framework.runtime.envelope import now
from framework.runtime.inserts import INSERTS
from framework.runtime.tables import inbox

_RECORD: Final = {
    dialect: insert(inbox).on_conflict_do_nothing().returning(inbox.c.id)
    for dialect, insert in INSERTS.items()
}
_ASKED: Final = bindparam("asked", type_=inbox.c.handled_at.type)
_RECORD_AGAIN: Final = {
    dialect: insert(inbox)
    .on_conflict_do_update(
        index_elements=list(inbox.primary_key),
        set_={"handled_at": bindparam("handled_again_at", type_=inbox.c.handled_at.type)},
        # Once for each time that somebody asks: a second delivery of the same wish finds the new time.
        where=inbox.c.handled_at < _ASKED,
    )
    .returning(inbox.c.id)
    for dialect, insert in INSERTS.items()
}


async def record(connection: AsyncConnection, delivery: Delivery) -> None:
    """Record that this transaction handles the event; wait for another one that does so at this moment.

    Raises:
        AlreadyHandled: the operation has handled the event, and nobody has asked since that it do so again.
    """
    event = delivery.event
    row = {"operation": delivery.operation, "source": event.source, "id": event.id, "handled_at": now()}
    statement = _RECORD
    if delivery.again is not None:
        # Never before it was asked for, if the clocks differ.
        handled_at = max(now(), delivery.again)
        row |= {"handled_at": handled_at, "handled_again_at": handled_at, "asked": delivery.again}
        statement = _RECORD_AGAIN
    result = await connection.execute(statement[connection.dialect.name], row)
    if result.first() is None:
        raise AlreadyHandled(f"{delivery.operation} has handled {event.type} {event.id} of {event.source}")
