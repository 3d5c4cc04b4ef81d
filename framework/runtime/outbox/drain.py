"""One drain of the outbox: take what waits, publish it, mark it, while no other relay does."""

from __future__ import annotations

import fcntl
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncEngine

from framework.runtime.database import writing
from framework.runtime.envelope import CloudEvent
from framework.runtime.events import PublishFailed
from framework.runtime.outbox.backlog import (
    Refusal,
    lock_waiting_partitions,
    mark,
    read_batch,
    waiting_partitions,
)
from framework.runtime.outbox.writing import from_row


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


async def drain(engine: AsyncEngine, broker: BatchPublisher, limit: int) -> Drained:
    """Publish about `limit` events of the outbox that nobody else is publishing.

    Raises:
        PublishFailed: the broker is down; what it took before is not marked, and published again.
        Exception: what the driver raises when the database is down.
    """
    return await _DRAINS[engine.dialect.name](engine, broker, limit)


async def _drain_postgres(engine: AsyncEngine, broker: BatchPublisher, limit: int) -> Drained:
    # The locks end with the transaction, hence also with this process or its connection.
    async with engine.begin() as connection:
        partitions, is_contended = await lock_waiting_partitions(connection)
        batch = await read_batch(connection, partitions, limit)
        outcome = await publish_rows(broker, batch.rows)
        await mark(connection, outcome.published, outcome.refusals)
    return Drained(len(outcome.published), outcome.refusals, batch.is_full, is_contended)


async def _drain_sqlite(engine: AsyncEngine, broker: BatchPublisher, limit: int) -> Drained:
    # No transaction is open while the broker answers: a writer would wait for it.
    with _file_lock(f"{engine.url.database}.relay-lock") as is_held:
        if not is_held:
            return Drained(is_contended=True)
        async with engine.connect() as connection:
            batch = await read_batch(connection, await waiting_partitions(connection), limit)
        if not batch.rows:
            return Drained()
        outcome = await publish_rows(broker, batch.rows)
        async with writing(engine) as connection:
            await mark(connection, outcome.published, outcome.refusals)
        return Drained(len(outcome.published), outcome.refusals, batch.is_full)


_DRAINS: Final[dict[str, Callable[[AsyncEngine, BatchPublisher, int], Awaitable[Drained]]]] = {
    "postgresql": _drain_postgres,
    "sqlite": _drain_sqlite,
}


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


async def publish_rows(broker: BatchPublisher, rows: Sequence[Row[Any]]) -> Outcome:
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


def _read(rows: Sequence[Row[Any]]) -> tuple[list[tuple[Row[Any], CloudEvent]], list[Refusal]]:
    """Make events of rows; a row that is none is refused, and what follows it of its key is left out."""
    readable: list[tuple[Row[Any], CloudEvent]] = []
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


def _key(row: Row[Any]) -> object:
    """What must stay in order; a row without a key has no order to keep."""
    return row.position if row.key is None else (row.type, row.key)
