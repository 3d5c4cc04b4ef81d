"""The regular removal of answers so old that nobody repeats their requests any more."""

from __future__ import annotations

import asyncio
import logging
import random
from datetime import timedelta
from typing import Final, NoReturn

from sqlalchemy import bindparam, delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine

from framework.runtime.database import Database, writing
from framework.runtime.envelope import now
from framework.runtime.tables import idempotency_keys

logger = logging.getLogger(__name__)

INTERVAL: Final = timedelta(minutes=10)
BATCH: Final = 500
_BREATH: Final = 0.05
"""Seconds between two batches, for those who wait to write."""

_OLD: Final = (
    select(*idempotency_keys.primary_key)
    .where(idempotency_keys.c.created_at < bindparam("before"))
    .order_by(idempotency_keys.c.created_at)
    .limit(bindparam("batch"))
)
_REMOVE: Final = delete(idempotency_keys).where(tuple_(*idempotency_keys.primary_key).in_(_OLD))


async def keep_forgetting_answers(
    database: Database, memory: timedelta, interval: timedelta = INTERVAL
) -> NoReturn:
    """Remove the answers older than `memory` until cancelled.

    At irregular times, so that the processes do not march in step.
    """
    while True:
        await asyncio.sleep(interval.total_seconds() * random.uniform(0.5, 1.5))  # noqa: S311
        try:
            await forget_answers(database.engine, memory)
        except Exception as error:
            logger.warning("old answers could not be removed: %s: %s", type(error).__name__, error)


async def forget_answers(engine: AsyncEngine, memory: timedelta) -> int:
    """Remove the answers older than `memory`; returns how many.

    Raises what the driver raises when the database is down.
    """
    removed = 0
    while count := await _remove_batch(engine, memory):
        removed += count
        await asyncio.sleep(_BREATH)
    return removed


async def _remove_batch(engine: AsyncEngine, memory: timedelta) -> int:
    async with writing(engine) as connection:
        result = await connection.execute(_REMOVE, {"before": now() - memory, "batch": BATCH})
    return result.rowcount
