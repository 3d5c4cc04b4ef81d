"""The backlog in SQLite: a file lock beside the database, which the system ends if the process dies.

No transaction is open while the broker answers: a writer would wait for it.
"""

from __future__ import annotations

import fcntl
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any, Final

from sqlalchemy import CompoundSelect, bindparam, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from framework.runtime.database import writing
from framework.runtime.envelope import now
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

_WAITING_PARTITIONS: Final = select(PARTITION_NUMBERS.c.number).where(HAS_WAITING)
_MARK_PUBLISHED: Final = (
    update(outbox)
    .where(outbox.c.position.in_(bindparam("positions", expanding=True)))
    .values(published_at=bindparam("now"), last_error=None, retry_at=None)
)


class SqliteBacklog:
    """Implements `backlog.Backlog`."""

    def __init__(self, engine: AsyncEngine, partitions: Collection[int], is_contended: bool) -> None:
        self.is_contended = is_contended
        self._engine = engine
        self._partitions = partitions

    async def read(self, limit: int) -> Batch:
        """Read what waits, unless another relay has the lock."""
        if self.is_contended:
            return Batch([], is_full=False)
        async with self._engine.connect() as connection:
            partitions = self._partitions or await _waiting_partitions(connection)
            if not partitions:
                return Batch([], is_full=False)
            share = ceil(limit / len(partitions))
            chosen = {f"partition_{index}": number for index, number in enumerate(partitions)}
            values = {**chosen, "now": now(), "share": share}
            found = (await connection.execute(_union(len(partitions)), values)).all()
        rows = [WaitingRow._make(row) for row in found]
        return Batch(rows, is_full=len(rows) >= share)

    async def mark(self, published: Sequence[int], refusals: Sequence[Refusal]) -> None:
        """Mark in a transaction of its own."""
        async with writing(self._engine) as connection:
            if published:
                await connection.execute(_MARK_PUBLISHED, {"positions": published, "now": now()})
            for refusal in refusals:
                await connection.execute(NOTE_REFUSAL, refusal.note())


async def _waiting_partitions(connection: AsyncConnection) -> Sequence[int]:
    return (await connection.execute(_WAITING_PARTITIONS, {"now": now()})).scalars().all()


@cache
def _union(partitions: int) -> CompoundSelect[Any]:
    # SQLite has no joins that look to their left.
    parts = (rows_of(bindparam(f"partition_{index}")).subquery() for index in range(partitions))
    return union_all(*(select(part) for part in parts)).order_by("position")


@asynccontextmanager
async def sqlite_backlog(engine: AsyncEngine, partitions: Collection[int]) -> AsyncIterator[SqliteBacklog]:
    """Implements `backlog.OpenBacklog`."""
    with _file_lock(f"{engine.url.database}.relay-lock") as is_held:
        yield SqliteBacklog(engine, partitions, is_contended=not is_held)


@contextmanager
def _file_lock(path: str) -> Iterator[bool]:
    """Try to lock a file; the system unlocks it if the process dies."""
    with Path(path).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
