"""Publishing again what the outbox still holds: for what a broker has lost.

The rows are marked as waiting, and the relays do the rest, in order per key as ever. Consumers suppress what
they have handled by their inbox, which forgets none that is young enough to be replayed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from framework.runtime.database import writing
from framework.runtime.envelope import now
from framework.runtime.outbox.writing import wake_relays
from framework.runtime.tables import outbox

REPLAYABLE: Final = timedelta(days=6)
"""Older events are not published again: an inbox may have forgotten them (`forgetting.MEMORY`)."""
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Selection:
    """Which published events are meant: those that fit everything that is given."""

    since: datetime | None = None
    """Published since then."""
    event: str | None = None
    id: str | None = None

    @property
    def is_everything(self) -> bool:
        """Whether nothing at all is given."""
        return self.since is None and self.event is None and self.id is None

    def condition(self) -> ColumnElement[bool]:
        """The same for the database."""
        given = (
            (outbox.c.published_at >= self.since) if self.since is not None else None,
            (outbox.c.type == self.event) if self.event is not None else None,
            (outbox.c.id == self.id) if self.id is not None else None,
        )
        return and_(outbox.c.published_at.is_not(None), *(each for each in given if each is not None))


@dataclass(frozen=True, slots=True)
class Replay:
    """What a selection comes to at one moment. Make one with `plan_replay`."""

    selection: Selection
    counts: Mapping[str, int]
    """How many of each event."""
    too_old: int
    """How many fit besides, and are too old to be replayed."""
    not_before: datetime
    first: int
    last: int
    """Positions: what is published from now on is not meant."""

    @property
    def count(self) -> int:
        """How many in all."""
        return sum(self.counts.values())

    def summary(self) -> dict[str, Any]:
        """What it would do, ready for JSON."""
        return {"events": dict(self.counts), "count": self.count, "too_old": self.too_old}


async def plan_replay(engine: AsyncEngine, selection: Selection) -> Replay:
    """Count what would be published again. Raises what the driver raises when the database is down."""
    not_before = now() - REPLAYABLE
    is_meant = selection.condition()
    found = select(
        outbox.c.type, func.count(), func.min(outbox.c.position), func.max(outbox.c.position)
    ).where(is_meant, outbox.c.created_at >= not_before)
    old = select(func.count()).select_from(outbox).where(is_meant, outbox.c.created_at < not_before)
    async with engine.connect() as connection:
        rows = (await connection.execute(found.group_by(outbox.c.type).order_by(outbox.c.type))).all()
        too_old = (await connection.execute(old)).scalar_one()
    return Replay(
        selection,
        {type_: count for type_, count, _, _ in rows},
        too_old,
        not_before,
        min((first for *_, first, _ in rows), default=0),
        max((last for *_, last in rows), default=-1),
    )


async def replay(engine: AsyncEngine, plan: Replay) -> int:
    """Have the events published again; returns how many. Relays begin while the last are still being marked.

    When it is interrupted, it can be done again: what waits by then is not counted any more.
    Raises what the driver raises when the database is down.
    """
    marked, first = 0, plan.first
    while first <= plan.last:
        positions = await _mark_batch(engine, plan, first)
        if not positions:
            break
        marked += len(positions)
        first = positions[-1] + 1
    if marked:
        wake_relays()
    return marked


async def _mark_batch(engine: AsyncEngine, plan: Replay, first: int) -> list[int]:
    """Mark the first rows from this position on; in order, so that a relay never sees a later one alone."""
    chosen = (
        select(outbox.c.position)
        .where(
            plan.selection.condition(),
            outbox.c.created_at >= plan.not_before,
            outbox.c.position.between(first, plan.last),
        )
        .order_by(outbox.c.position)
        .limit(BATCH)
    )
    async with writing(engine) as connection:
        positions = list((await connection.execute(chosen)).scalars())
        if positions:
            rows = update(outbox).where(outbox.c.position.in_(positions), outbox.c.published_at.is_not(None))
            await connection.execute(rows.values(published_at=None, replayed_at=now()))
    return positions
