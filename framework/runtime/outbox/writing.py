"""The outbox: events written in the transaction that they tell of, to be published by a relay."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from types import MappingProxyType
from typing import Any, Final
from zlib import crc32

from sqlalchemy import ColumnElement, FromClause, bindparam, delete, literal_column, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

from framework.runtime.driver import DriverStatement, driver_of
from framework.runtime.envelope import JSON, CloudEvent
from framework.runtime.inserts import INSERTS
from framework.runtime.tables import outbox, sequences

PARTITIONS: Final = 16
"""Fixed for good: the rows of one key must stay in one partition."""

EVENT_COLUMNS: Final = (
    outbox.c.position,
    outbox.c.id,
    outbox.c.source,
    outbox.c.type,
    outbox.c.created_at,
    outbox.c.data,
    outbox.c.key,
    outbox.c.sequence,
    outbox.c.causationid,
    outbox.c.traceparent,
    outbox.c.attributes,
)
"""What a row that is read for `from_row` begins with."""
_WIDTH: Final = len(EVENT_COLUMNS)

# An event with a derived id that is written twice is one event.
_WRITE: Final = {
    dialect: insert(outbox).on_conflict_do_nothing(index_elements=[outbox.c.id])
    for dialect, insert in INSERTS.items()
}
_TAKE_NUMBERS: Final = {
    dialect: (statement := insert(sequences))
    .on_conflict_do_update(
        index_elements=[sequences.c.type, sequences.c.key],
        set_={"value": sequences.c.value + statement.excluded.value},
    )
    .returning(sequences.c.value)
    for dialect, insert in INSERTS.items()
}

PREFIX: Final = "event_"
"""Begins the names of parameters for columns; SQLAlchemy keeps the names of columns for itself."""
GIVEN: Final = (
    *(each for each in EVENT_COLUMNS if each.name not in {"position", "sequence"}),
    outbox.c.partition,
)
"""What an event comes with; the database adds the rest."""


def take_number(
    type_: ColumnElement[str], key: ColumnElement[str], *keys: FromClause
) -> ReturningInsert[Any]:
    """Take the next number of a type and key, and lock it until the commit (PostgreSQL)."""
    return (
        postgresql.insert(sequences)
        .from_select(
            [sequences.c.type, sequences.c.key, sequences.c.value],
            select(type_, key, literal_column("1")).select_from(*keys),
        )
        .on_conflict_do_update(
            index_elements=[sequences.c.type, sequences.c.key],
            set_={"value": sequences.c.value + literal_column("1")},
        )
        .returning(sequences.c.value)
    )


def _write_in_one() -> Any:
    """Number an event and write it, in one round trip (PostgreSQL).

    Its position is taken after its number, and so behind the lock of its key.
    """
    taken = take_number(bindparam(f"{PREFIX}type"), bindparam(f"{PREFIX}key")).cte("taken")
    values = [bindparam(PREFIX + column.name, type_=column.type) for column in GIVEN]
    return (
        postgresql.insert(outbox)
        .from_select([*GIVEN, outbox.c.sequence], select(*values, taken.c.value))
        .on_conflict_do_nothing(index_elements=[outbox.c.id])
    )


_WRITE_IN_ONE: Final = DriverStatement(_write_in_one())

_WITHDRAW: Final = delete(outbox).where(outbox.c.id == bindparam("event_id"))

Wake = Callable[[Collection[int]], None]
"""Called with the partitions in which something was committed; with none if it may be any."""
_wakes: set[Wake] = set()


async def write(connection: AsyncConnection, events: Sequence[CloudEvent]) -> None:
    """Write events, in their order, into the transaction of `connection`; done last before its commit."""
    if not events:
        return
    if len(events) == 1 and events[0].partitionkey is not None and connection.dialect.name == "postgresql":
        row = to_row(events[0], None)
        values = _WRITE_IN_ONE.values(**{PREFIX + each.name: row[each.name] for each in GIVEN})
        await driver_of(connection).execute(_WRITE_IN_ONE.text, *values)
    else:
        numbers = await _number(connection, events)
        rows = [to_row(event, number) for event, number in zip(events, numbers, strict=True)]
        await connection.execute(_WRITE[connection.dialect.name], rows)


async def withdraw(connection: AsyncConnection, event_id: str) -> None:
    """Take an event back that this transaction has written. Its number is left out."""
    await connection.execute(_WITHDRAW, {"event_id": event_id})


async def _number(connection: AsyncConnection, events: Sequence[CloudEvent]) -> list[int | None]:
    """Take the next numbers of each type and key.

    This locks the sequence until the commit, so that of two transactions the one with the lower number
    commits first. All writers lock in sorted order: no two wait for each other.
    """
    counts = Counter((event.type, event.partitionkey) for event in events if event.partitionkey is not None)
    numbers: dict[tuple[str, str | None], Iterator[int]] = {}
    for (type_, key), amount in sorted(counts.items()):
        row = {"type": type_, "key": key, "value": amount}
        result = await connection.execute(_TAKE_NUMBERS[connection.dialect.name], row)
        numbers[type_, key] = count(result.scalar_one() - amount + 1)
    return [next(numbers.get((event.type, event.partitionkey), iter(())), None) for event in events]


def to_row(event: CloudEvent, number: int | None) -> dict[str, Any]:
    """The row of an event that has this number."""
    return {
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "key": event.partitionkey,
        "sequence": number,
        "partition": partition_of(event),
        "created_at": event.time,
        "causationid": event.causationid,
        "traceparent": event.traceparent,
        "attributes": attributes(event.subject, event.datacontenttype, event.dataschema, event.extensions),
        "data": event.data.decode(),
    }


def attributes(
    subject: str | None,
    datacontenttype: str = JSON,
    dataschema: str | None = None,
    extensions: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """What the column `attributes` holds of an event."""
    return json.dumps(
        {
            "datacontenttype": datacontenttype,
            "dataschema": dataschema,
            "subject": subject,
            "extensions": dict(extensions),
        }
    )


def partition_of(event: CloudEvent) -> int:
    """Tell the partition of an event; events without a key are spread."""
    return partition_of_key(event.partitionkey or event.id)


def partition_of_key(key: str) -> int:
    """Tell the partition of all events with this key."""
    return crc32(key.encode()) % PARTITIONS


def from_row(row: Sequence[Any]) -> CloudEvent:
    """Make the event of a row of the outbox, which begins with `EVENT_COLUMNS`.

    Raises:
        ValueError, TypeError: the row does not hold an event.
    """
    _, id_, source, type_, time, data, key, sequence, causationid, traceparent, attributes = row[:_WIDTH]
    return CloudEvent.trusted(
        id=id_,
        source=source,
        type=type_,
        time=time,
        data=data.encode(),
        partitionkey=key,
        sequence=sequence,
        causationid=causationid,
        traceparent=traceparent,
        **json.loads(attributes),
    )


def wake_relays(partitions: Collection[int] = ()) -> None:
    """Tell the relays of this process that something was committed: in these partitions, or anywhere."""
    for wake in tuple(_wakes):  # a relay of another thread may come or go
        wake(partitions)


@contextmanager
def waking(wake: Wake) -> Iterator[None]:
    """Have `wake` called after every commit of events in this process, for the block."""
    _wakes.add(wake)
    try:
        yield
    finally:
        _wakes.discard(wake)
