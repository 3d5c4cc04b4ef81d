"""How it stands with the outbox of a service, as an operator wants to see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from framework.runtime.envelope import now
from framework.runtime.outbox.relays_seen import RelaySeen, relays_seen
from framework.runtime.outbox.waiting import WAITS_SINCE
from framework.runtime.tables import outbox

SHOWN: Final = 20
"""How many of the refused rows are told one by one."""

_is_waiting = outbox.c.published_at.is_(None)
_is_refused = _is_waiting & outbox.c.retry_at.is_not(None)

_WAITING: Final = select(func.count(), func.min(WAITS_SINCE)).where(_is_waiting)
_REFUSED_COUNT: Final = select(func.count()).where(_is_refused).select_from(outbox)
_REFUSED: Final = (
    select(
        outbox.c.id,
        outbox.c.type,
        outbox.c.key,
        outbox.c.created_at,
        outbox.c.attempts,
        outbox.c.last_error,
        outbox.c.retry_at,
    )
    .where(_is_refused)
    .order_by(outbox.c.position)
    .limit(SHOWN)
)
_PUBLISHED: Final = select(func.count(), func.min(outbox.c.published_at)).where(~_is_waiting)


@dataclass(frozen=True, slots=True)
class Refused:
    """An event that the broker would not take; what follows of its key waits behind it."""

    id: str
    event: str
    key: str | None
    created_at: datetime
    attempts: int
    last_error: str
    retry_at: datetime


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """An outbox at one moment."""

    at: datetime
    waiting: int
    """Events to be published, refused ones included."""
    oldest_waiting: datetime | None
    """Since when the oldest of them waits."""
    refused_count: int
    refused: Sequence[Refused]
    """The first of them."""
    published: int
    """Events that are kept for replay."""
    oldest_published: datetime | None
    """When the first of these was published."""
    relays: Sequence[RelaySeen]

    def summary(self) -> dict[str, Any]:
        """Everything, ready for JSON; ages in seconds."""
        return {
            "waiting": self.waiting,
            "oldest_waiting_age": self.age(self.oldest_waiting),
            "refused_count": self.refused_count,
            "refused": [
                {
                    "id": each.id,
                    "event": each.event,
                    "key": each.key,
                    "age": self.age(each.created_at),
                    "attempts": each.attempts,
                    "last_error": each.last_error,
                    "retry_at": each.retry_at.isoformat(),
                }
                for each in self.refused
            ],
            "published": self.published,
            "oldest_published_age": self.age(self.oldest_published),
            "relays": [
                {
                    "name": each.name,
                    "started_at": each.started_at.isoformat(),
                    "seen_at": each.seen_at.isoformat(),
                    "silent": self.age(each.seen_at),
                }
                for each in self.relays
            ],
        }

    def age(self, time: datetime | None) -> float | None:
        """Seconds from then to the moment of this status; None for no time."""
        return None if time is None else round(max(0.0, (self.at - time).total_seconds()), 3)


async def read_status(engine: AsyncEngine) -> OutboxStatus:
    """Look at the outbox. Raises what the driver raises when the database is down."""
    async with engine.connect() as connection:
        waiting, oldest_waiting = (await connection.execute(_WAITING)).one()
        published, oldest_published = (await connection.execute(_PUBLISHED)).one()
        return OutboxStatus(
            at=now(),
            waiting=waiting,
            oldest_waiting=oldest_waiting,
            refused_count=(await connection.execute(_REFUSED_COUNT)).scalar_one(),
            refused=await _refused(connection),
            published=published,
            oldest_published=oldest_published,
            relays=await relays_seen(connection),
        )


async def _refused(connection: AsyncConnection) -> list[Refused]:
    rows = await connection.execute(_REFUSED)
    return [
        Refused(row.id, row.type, row.key, row.created_at, row.attempts, row.last_error, row.retry_at)
        for row in rows
    ]
