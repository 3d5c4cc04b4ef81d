"""One drain of the outbox: take what waits, publish it, mark it, while no other relay does."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from sqlalchemy.ext.asyncio import AsyncEngine

from framework.runtime.envelope import CloudEvent
from framework.runtime.events import PublishFailed
from framework.runtime.outbox.backlog import OpenBacklog, Refusal, WaitingRow
from framework.runtime.outbox.postgres_backlog import postgres_backlog
from framework.runtime.outbox.sqlite_backlog import sqlite_backlog
from framework.runtime.outbox.writing import from_row

_BACKLOGS: Final[Mapping[str, OpenBacklog]] = {"postgresql": postgres_backlog, "sqlite": sqlite_backlog}


class BatchPublisher(Protocol):
    """The side of the broker that a relay uses."""

    async def publish_many(self, events: Sequence[CloudEvent]) -> list[Exception | None]:
        """Publish in order, each answered by None or by why it was refused; raises if the broker is down."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch; rows in neither list wait for one of their key that was refused."""

    published: list[int]
    refusals: list[Refusal]


@dataclass(frozen=True, slots=True)
class Drained:
    """What one drain did."""

    published: int = 0
    refusals: Sequence[Refusal] = ()
    is_more: bool = False
    """Whether there may be more to publish at once."""
    is_contended: bool = False
    """Whether another relay was at work on something that waits."""


async def drain(
    engine: AsyncEngine, broker: BatchPublisher, limit: int, partitions: Collection[int] = ()
) -> Drained:
    """Publish about `limit` events that nobody else is publishing, of these partitions or of all.

    Raises:
        PublishFailed: the broker is down; what it took before is not marked, and published again.
        Exception: what the driver raises when the database is down.
    """
    async with _BACKLOGS[engine.dialect.name](engine, partitions) as backlog:
        batch = await backlog.read(limit)
        outcome = await publish_rows(broker, batch.rows)
        if batch.rows:
            await backlog.mark(outcome.published, outcome.refusals)
    return Drained(len(outcome.published), outcome.refusals, batch.is_full, backlog.is_contended)


async def publish_rows(broker: BatchPublisher, rows: Sequence[WaitingRow]) -> Outcome:
    """Publish rows that are in order per key, and keep to it: what follows a refused row of its key waits.

    If the broker took such a row all the same, it is published again after the refused one.

    Raises:
        PublishFailed: the broker is down.
    """
    readable, refusals = _read(rows)
    answers = await _publish(broker, [event for _, event in readable]) if readable else []
    published: list[int] = []
    waiting: set[object] = set()
    for (row, _), error in zip(readable, answers, strict=True):
        if waiting and _key(row) in waiting:
            continue
        if error is None:
            published.append(row.position)
        else:
            refusals.append(Refusal(row, error))
            waiting.add(_key(row))
    return Outcome(published, refusals)


def _read(rows: Sequence[WaitingRow]) -> tuple[list[tuple[WaitingRow, CloudEvent]], list[Refusal]]:
    """Make events of rows; a row that is none is refused, and what follows it of its key is left out."""
    readable: list[tuple[WaitingRow, CloudEvent]] = []
    refusals: list[Refusal] = []
    waiting: set[object] = set()
    for row in rows:
        if waiting and _key(row) in waiting:
            continue
        try:
            readable.append((row, from_row(row)))
        except (ValueError, TypeError) as error:
            refusals.append(Refusal(row, error))
            waiting.add(_key(row))
    return readable, refusals


async def _publish(broker: BatchPublisher, events: Sequence[CloudEvent]) -> list[Exception | None]:
    try:
        return await broker.publish_many(events)
    except Exception as error:
        raise PublishFailed(str(error)) from error


def _key(row: WaitingRow) -> object:
    """What must stay in order; a row without a key has no order to keep."""
    return row.position if row.key is None else (row.type, row.key)
