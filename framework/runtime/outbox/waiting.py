"""What waits in the outbox, and for how long: what tells whether a relay is at work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Select, exists, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncEngine

from framework.runtime.envelope import now
from framework.runtime.operations.health import NotReady
from framework.runtime.outbox.writing import PARTITIONS
from framework.runtime.tables import outbox

WAITS_SINCE: Final = func.coalesce(outbox.c.replayed_at, outbox.c.created_at, type_=outbox.c.created_at.type)
"""Since when a row waits to be published: since it was written, or since it is to be published again."""

_refused = outbox.alias()
_is_refused_or_behind = exists().where(
    _refused.c.published_at.is_(None),
    _refused.c.retry_at.is_not(None),
    _refused.c.type == outbox.c.type,
    _refused.c.key == outbox.c.key,
)


def _first_of(partition: int) -> Select[Any]:
    """By the index that the relay reads by: the cost does not grow with the outbox."""
    return (
        select(WAITS_SINCE.label("since"))
        .where(
            outbox.c.partition == partition,
            outbox.c.published_at.is_(None),
            outbox.c.retry_at.is_(None),
            ~_is_refused_or_behind,
        )
        .order_by(outbox.c.position)
        .limit(1)
    )


_firsts = union_all(*(select(_first_of(number).subquery()) for number in range(PARTITIONS))).subquery()
_OLDEST: Final = select(func.min(_firsts.c.since))


async def check_waiting(engine: AsyncEngine, longest: timedelta) -> None:
    """Raise `NotReady` if an event has waited longer in the outbox; or what the driver raises.

    What the broker refuses, and what waits behind that, does not count: the relay is not to blame.
    """
    async with engine.connect() as connection:
        oldest = (await connection.execute(_OLDEST)).scalar_one()
    if oldest is not None and (waited := now() - oldest) > longest:
        raise NotReady(f"behind: an event has waited {waited.total_seconds():.0f} s in the outbox")


@dataclass(frozen=True, slots=True)
class OutboxDepth:
    """What is to be published still."""

    waiting: int
    """Events not published yet, refused ones included; no more than `MOST_COUNTED` are counted."""
    refused: int
    """Of these, events that the broker has refused; they are tried again."""
    oldest: float
    """Seconds since the oldest of them was written; 0 if there are none."""


MOST_COUNTED: Final = 100_000

_unpublished = (
    select(WAITS_SINCE.label("since"), outbox.c.retry_at)
    .where(outbox.c.published_at.is_(None))
    .limit(MOST_COUNTED)
    .subquery()
)
_STATUS: Final = select(
    func.count(),
    func.count(_unpublished.c.retry_at),
    func.min(_unpublished.c.since),
).select_from(_unpublished)


async def outbox_depth(engine: AsyncEngine) -> OutboxDepth:
    """Look at the outbox. Raises what the driver raises when the database is down."""
    async with engine.connect() as connection:
        waiting, refused, oldest = (await connection.execute(_STATUS)).one()
    return OutboxDepth(waiting, refused, (now() - oldest).total_seconds() if oldest else 0)
