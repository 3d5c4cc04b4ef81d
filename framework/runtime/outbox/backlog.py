"""What waits in the outbox: the statements with which a relay takes it and marks it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from math import ceil
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Integer,
    Row,
    Select,
    SmallInteger,
    Update,
    and_,
    any_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from framework.runtime.envelope import now
from framework.runtime.outbox.writing import EVENT_COLUMNS, PARTITIONS
from framework.runtime.tables import outbox

_LOCK_CLASS: Final = literal_column(str(int.from_bytes(b"evnt")), Integer)
"""The first half of the advisory locks; the second is the partition."""

_LONGEST_RETRY: Final = 60
_LONGEST_ERROR: Final = 1000

_partitions = union_all(
    *(select(literal_column(str(number)).label("number")) for number in range(PARTITIONS))
).subquery()
_refused = outbox.alias()
_is_waiting = and_(
    outbox.c.published_at.is_(None), or_(outbox.c.retry_at.is_(None), outbox.c.retry_at <= bindparam("now"))
)
_has_waiting = exists().where(_is_waiting, outbox.c.partition == _partitions.c.number)
_is_behind_refused = exists().where(
    _refused.c.published_at.is_(None),
    _refused.c.retry_at > bindparam("now"),
    _refused.c.type == outbox.c.type,
    _refused.c.key == outbox.c.key,
)

_WAITING_PARTITIONS: Final = select(_partitions.c.number).where(_has_waiting)
_LOCK_WAITING_PARTITIONS: Final = select(
    _partitions.c.number,
    case((_has_waiting, func.pg_try_advisory_xact_lock(_LOCK_CLASS, _partitions.c.number)), else_=null()),
)
_mark = update(outbox).values(published_at=bindparam("now"), last_error=None, retry_at=None)
_MARK_PUBLISHED: Final[dict[str, Update]] = {
    # One parameter, and so one statement for the server to plan, however many rows.
    "postgresql": _mark.where(outbox.c.position == any_(bindparam("positions", type_=ARRAY(BigInteger)))),
    "sqlite": _mark.where(outbox.c.position.in_(bindparam("positions", expanding=True))),
}
_MARK_REFUSED: Final = update(outbox).where(outbox.c.position == bindparam("row"))


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows to be published together."""

    rows: Sequence[Row[Any]]
    is_full: bool
    """Whether some partition may hold more."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that the broker would not take."""

    row: Row[Any]
    error: Exception

    @property
    def delay(self) -> timedelta:
        """How long until it is tried again."""
        return timedelta(seconds=min(2**self.row.attempts, _LONGEST_RETRY))


async def waiting_partitions(connection: AsyncConnection) -> list[int]:
    """Tell which partitions have rows that wait to be published."""
    result = await connection.execute(_WAITING_PARTITIONS, {"now": now()})
    return list(result.scalars())


async def lock_waiting_partitions(connection: AsyncConnection) -> tuple[list[int], bool]:
    """Lock partitions with waiting rows until the transaction ends (PostgreSQL).

    Returns those locked, and whether others are with another relay.
    """
    result = await connection.execute(_LOCK_WAITING_PARTITIONS, {"now": now()})
    states = result.all()  # null for a partition where nothing waits
    locked = [number for number, is_locked in states if is_locked]
    return locked, any(is_locked is False for _, is_locked in states)


async def read_batch(connection: AsyncConnection, partitions: Collection[int], limit: int) -> Batch:
    """Read about `limit` waiting rows of the partitions, those of one key in their order.

    Rows behind one that the broker refused wait with it.
    """
    if not partitions:
        return Batch([], is_full=False)
    share = ceil(limit / len(partitions))
    statement, chosen = _READS[connection.dialect.name](partitions)
    result = await connection.execute(statement, {**chosen, "now": now(), "share": share})
    rows = result.all()
    return Batch(rows, is_full=len(rows) >= share)


def _rows_of(partition: ColumnElement[Any]) -> Select[Any]:
    """The rows of one partition, read by its index and no further than its share."""
    return (
        select(*EVENT_COLUMNS, outbox.c.attempts)
        .where(outbox.c.partition == partition, _is_waiting, ~_is_behind_refused)
        .order_by(outbox.c.position)
        .limit(bindparam("share"))
    )


_chosen = (
    func.unnest(bindparam("partitions", type_=ARRAY(SmallInteger)))
    .table_valued("number", name="chosen")
    .render_derived()
)
_rows_of_chosen = _rows_of(_chosen.c.number).correlate(_chosen).lateral()
_READ_POSTGRES: Final = select(_rows_of_chosen).select_from(_chosen).order_by(_rows_of_chosen.c.position)


def _read_postgres(partitions: Collection[int]) -> tuple[Select[Any], dict[str, Any]]:
    return _READ_POSTGRES, {"partitions": list(partitions)}


def _read_sqlite(partitions: Collection[int]) -> tuple[CompoundSelect[Any], dict[str, Any]]:
    # SQLite has no joins that look to their left.
    return _union(len(partitions)), {f"partition_{index}": number for index, number in enumerate(partitions)}


@cache
def _union(partitions: int) -> CompoundSelect[Any]:
    parts = (_rows_of(bindparam(f"partition_{index}")).subquery() for index in range(partitions))
    return union_all(*(select(part) for part in parts)).order_by("position")


_READS: Final[dict[str, Callable[[Collection[int]], tuple[Any, dict[str, Any]]]]] = {
    "postgresql": _read_postgres,
    "sqlite": _read_sqlite,
}


async def mark(connection: AsyncConnection, published: Sequence[int], refusals: Sequence[Refusal]) -> None:
    """Mark rows as published by position, and note why others were refused and when to try them again."""
    if published:
        statement = _MARK_PUBLISHED[connection.dialect.name]
        await connection.execute(statement, {"positions": published, "now": now()})
    for refusal in refusals:
        await connection.execute(
            _MARK_REFUSED.values(
                attempts=outbox.c.attempts + 1,
                last_error=f"{type(refusal.error).__name__}: {refusal.error}"[:_LONGEST_ERROR],
                retry_at=now() + refusal.delay,
            ),
            {"row": refusal.row.position},
        )
