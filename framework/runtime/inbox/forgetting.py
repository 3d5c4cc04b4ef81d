"""The regular removal of old rows from the inbox, and of none whose event could come again.

An event comes again from its stream (all of it, should the group ever be lost), from the dead letters, as a
redrive, or because an outbox is replayed, though not what is older than `outbox_replay.REPLAYABLE`. So a row
is forgotten when it is older by `MEMORY` than the oldest that the broker may yet deliver of its event.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, NoReturn, Protocol

from sqlalchemy import bindparam, delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine

from framework.runtime.database import Database, writing
from framework.runtime.envelope import now
from framework.runtime.tables import inbox
from framework.runtime.transport import BrokerUnavailable

logger = logging.getLogger(__name__)

MEMORY: Final = timedelta(days=7)
"""From the handling of an event to the last moment at which it may be published again."""
INTERVAL: Final = timedelta(minutes=10)
BATCH: Final = 500
_BREATH: Final = 0.05
"""Seconds between two batches, for those who wait to write."""

_key = tuple_(*inbox.primary_key)
_OLD: Final = (
    select(*inbox.primary_key)
    .where(inbox.c.operation == bindparam("of"), inbox.c.handled_at < bindparam("before"))
    .order_by(inbox.c.handled_at)
    .limit(bindparam("batch"))
)
_REMOVE: Final = delete(inbox).where(_key.in_(_OLD))


class Deliverer(Protocol):
    """The side of the broker that knows what may yet be delivered."""

    async def oldest(self, group: str) -> Mapping[str, datetime | None]:
        """For each operation of the group when the oldest event was written that it may yet be given."""


async def keep_forgetting(
    database: Database, broker: Deliverer, service: str, interval: timedelta = INTERVAL
) -> NoReturn:
    """Clean the inbox until cancelled, at irregular times, so that the processes do not march in step."""
    while True:
        await asyncio.sleep(interval.total_seconds() * random.uniform(0.5, 1.5))  # noqa: S311
        try:
            await forget(database.engine, await broker.oldest(service))
        except BrokerUnavailable as error:
            logger.debug("the inbox is not cleaned while the broker is down: %s", error)  # others tell of it
        except Exception as error:
            logger.warning("the inbox could not be cleaned: %s: %s", type(error).__name__, error)


async def forget(engine: AsyncEngine, oldest: Mapping[str, datetime | None]) -> int:
    """Remove the rows of these operations that are not needed any more; returns how many.

    Rows of other operations stay. Raises what the driver raises when the database is down.
    """
    removed = 0
    for operation, written_at in oldest.items():
        before = min(now(), written_at or now()) - MEMORY
        while count := await _remove_batch(engine, operation, before):
            removed += count
            await asyncio.sleep(_BREATH)
    return removed


async def _remove_batch(engine: AsyncEngine, operation: str, before: datetime) -> int:
    async with writing(engine) as connection:
        result = await connection.execute(_REMOVE, {"of": operation, "before": before, "batch": BATCH})
    return result.rowcount
