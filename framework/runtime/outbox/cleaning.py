"""The removal of what was published long ago from the outbox, in batches that hold up nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncEngine

from framework.runtime.database import writing
from framework.runtime.envelope import now
from framework.runtime.tables import outbox

OUTBOX_RETENTION: Final = timedelta(hours=72)
"""For how long published events can be replayed."""
BATCH: Final = 500

_OLD: Final = (
    select(outbox.c.position)
    .where(outbox.c.published_at < bindparam("before"))
    .order_by(outbox.c.published_at)
    .limit(BATCH)
)
_REMOVE: Final = delete(outbox).where(outbox.c.position.in_(_OLD))


async def clean_outbox(engine: AsyncEngine, retention: timedelta = OUTBOX_RETENTION) -> bool:
    """Remove one batch of what was published longer ago; whether there may be more of it.

    Raises what the driver raises when the database is down.
    """
    async with writing(engine) as connection:
        result = await connection.execute(_REMOVE, {"before": now() - retention})
    return result.rowcount == BATCH
