"""The backlog in PostgreSQL: advisory locks of its partitions, which end with the transaction.

Hence they also end with this process, or with its connection. From a commit to its publishing there are two
round trips, and the driver is spoken to directly: this is what an event waits for.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from math import ceil
from typing import TYPE_CHECKING, Final

from sqlalchemy import ARRAY, Integer, SmallInteger, bindparam, case, func, literal_column, null, select
from sqlalchemy.ext.asyncio import AsyncEngine

from framework.runtime.driver import DriverStatement, driver_of
from framework.runtime.envelope import now
from framework.runtime.events import PublishFailed
from framework.runtime.outbox.backlog import (
    HAS_WAITING,
    NOTE_REFUSAL,
    PARTITION_NUMBERS,
    Batch,
    Refusal,
    WaitingRow,
    rows_of,
)
from framework.runtime.tables import outbox

if TYPE_CHECKING:
    import asyncpg  # type: ignore[import-untyped]

_LOCK_CLASS: Final = int.from_bytes(b"evnt")
"""The first half of the advisory locks; the second is the partition."""

# Each statement sees what was committed before it: what is read after locking, nobody publishes beside us.
# A plan for the very values at hand would take longer to make than the reading takes.
_BEGIN: Final = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL plan_cache_mode = force_generic_plan"

_number = PARTITION_NUMBERS.c.number
_try_lock = func.pg_try_advisory_xact_lock(literal_column(str(_LOCK_CLASS), Integer), _number)
_LOCK_WAITING: Final = DriverStatement(select(_number, case((HAS_WAITING, _try_lock), else_=null())))

_chosen = (
    func.unnest(bindparam("partitions", type_=ARRAY(SmallInteger)))
    .table_valued("number", name="chosen")
    .render_derived()
)
_rows_of_chosen = rows_of(_chosen.c.number).correlate(_chosen).lateral()
_READ: Final = DriverStatement(
    select(_rows_of_chosen).select_from(_chosen).order_by(_rows_of_chosen.c.position)
)
_NOTE_REFUSAL: Final = DriverStatement(NOTE_REFUSAL)


class PostgresBacklog:
    """Implements `backlog.Backlog` in a transaction of the driver."""

    def __init__(self, driver: asyncpg.Connection, locked: Collection[int], is_contended: bool) -> None:
        self.is_contended = is_contended
        self._driver = driver
        self._locked = locked

    async def read(self, limit: int) -> Batch:
        """Read what waits in the locked partitions."""
        if not self._locked:
            return Batch([], is_full=False)
        share = ceil(limit / len(self._locked))
        values = _READ.values(partitions=self._locked, now=now(), share=share)
        rows = [WaitingRow._make(row) for row in await self._driver.fetch(_READ.text, *values)]
        return Batch(rows, is_full=len(rows) >= share)

    async def mark(self, published: Sequence[int], refusals: Sequence[Refusal]) -> None:
        """Mark, commit and so unlock; in one round trip, as the next drain waits for this one."""
        for refusal in refusals:
            await self._driver.execute(_NOTE_REFUSAL.text, *_NOTE_REFUSAL.values(**refusal.note()))
        mark = _mark_published(published) if published else ""
        await self._driver.execute(f"{mark}COMMIT")


def _mark_published(positions: Sequence[int]) -> str:
    return (
        f"UPDATE {outbox.name} SET published_at = '{now().isoformat()}', last_error = NULL, retry_at = NULL "  # noqa: S608
        f"WHERE position = ANY('{{{','.join(map(str, positions))}}}'); "
    )


@asynccontextmanager
async def postgres_backlog(
    engine: AsyncEngine, partitions: Collection[int]
) -> AsyncIterator[PostgresBacklog]:
    """Implements `backlog.OpenBacklog`; whoever does not mark leaves everything as it was."""
    async with engine.connect() as connection:
        driver = driver_of(connection)
        try:
            locked, is_contended = await _lock(driver, partitions)
            yield PostgresBacklog(driver, locked, is_contended)
            if driver.is_in_transaction():
                await driver.execute("ROLLBACK")
        except PublishFailed:  # for which the connection is not to blame
            await driver.execute("ROLLBACK")
            raise
        except BaseException:
            await connection.invalidate()
            raise


async def _lock(driver: asyncpg.Connection, partitions: Collection[int]) -> tuple[Collection[int], bool]:
    """Begin, and lock these partitions; or, if there are none or not all can be had, any that can.

    Returns those locked, and whether others are with another relay.
    """
    if partitions and await driver.execute(f"{_BEGIN}; {_try_all(partitions)}") == "SELECT 1":
        return partitions, False
    if not partitions:
        await driver.execute(_BEGIN)
    states = await driver.fetch(_LOCK_WAITING.text, *_LOCK_WAITING.values(now=now()))
    locked = [number for number, is_locked in states if is_locked]  # null where nothing waits
    return locked, any(is_locked is False for _, is_locked in states)


def _try_all(partitions: Collection[int]) -> str:
    """Finds one row if it locks all of them."""
    tries = (f"pg_try_advisory_xact_lock({_LOCK_CLASS}, {number})" for number in partitions)
    return f"SELECT 1 WHERE {' AND '.join(tries)}"
