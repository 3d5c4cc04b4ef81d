"""What waits in the outbox, for relays to take it: what both databases have in common."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, Protocol

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    literal_column,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from framework.runtime.envelope import now
from framework.runtime.outbox.writing import EVENT_COLUMNS, PARTITIONS
from framework.runtime.tables import outbox

_LONGEST_RETRY: Final = 60
_LONGEST_ERROR: Final = 1000


class WaitingRow(NamedTuple):
    """A row of the outbox that is not published; it begins with `writing.EVENT_COLUMNS`."""

    position: int
    id: str
    source: str
    type: str
    created_at: datetime
    data: str
    key: str | None
    sequence: int | None
    causationid: str | None
    traceparent: str | None
    attributes: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows to be published together."""

    rows: Sequence[WaitingRow]
    is_full: bool
    """Whether some partition may hold more."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that the broker would not take."""

    row: WaitingRow
    error: Exception

    @property
    def delay(self) -> timedelta:
        """How long until it is tried again."""
        return timedelta(seconds=min(2**self.row.attempts, _LONGEST_RETRY))

    def note(self) -> dict[str, Any]:
        """The parameters of `NOTE_REFUSAL`."""
        error = f"{type(self.error).__name__}: {self.error}"[:_LONGEST_ERROR]
        return {"refused": self.row.position, "error": error, "retry": now() + self.delay}


class Backlog(Protocol):
    """The partitions that one relay has to itself."""

    is_contended: bool
    """Whether others, in which something waits, are with another relay."""

    async def read(self, limit: int) -> Batch:
        """Read about `limit` rows, those of one key in their order.

        Rows behind one that the broker refused wait with it.
        """

    async def mark(self, published: Sequence[int], refusals: Sequence[Refusal]) -> None:
        """Mark rows as published by position, and note why others were refused and when to try them again."""


class OpenBacklog(Protocol):
    """How a backlog is come by."""

    def __call__(
        self, engine: AsyncEngine, partitions: Collection[int], /
    ) -> AbstractAsyncContextManager[Backlog]:
        """Take these partitions, or all in which something waits if none is named, for the block."""


IS_WAITING: Final = and_(
    outbox.c.published_at.is_(None), or_(outbox.c.retry_at.is_(None), outbox.c.retry_at <= bindparam("now"))
)
PARTITION_NUMBERS: Final = union_all(
    *(select(literal_column(str(number)).label("number")) for number in range(PARTITIONS))
).subquery()
HAS_WAITING: Final = exists().where(IS_WAITING, outbox.c.partition == PARTITION_NUMBERS.c.number)
"""Of a partition: looks no further than its first row."""
NOTE_REFUSAL: Final = (
    update(outbox)
    .where(outbox.c.position == bindparam("refused"))
    .values(
        attempts=outbox.c.attempts + literal_column("1"),
        last_error=bindparam("error"),
        retry_at=bindparam("retry", type_=outbox.c.retry_at.type),
    )
)
_refused = outbox.alias()
_is_behind_refused = exists().where(
    _refused.c.published_at.is_(None),
    _refused.c.retry_at > bindparam("now"),
    _refused.c.type == outbox.c.type,
    _refused.c.key == outbox.c.key,
)


def rows_of(partition: ColumnElement[Any]) -> Select[Any]:
    """The rows of one partition, read by its index and no further than its share."""
    return (
        select(*EVENT_COLUMNS, outbox.c.attempts)
        .where(outbox.c.partition == partition, IS_WAITING, ~_is_behind_refused)
        .order_by(outbox.c.position)
        .limit(bindparam("share"))
    )
