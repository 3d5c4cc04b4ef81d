"""The outbox: events written in the transaction that they tell of, to be published by a relay."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any, Final
from zlib import crc32

from sqlalchemy import bindparam, literal_column, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from framework.runtime.driver import DriverStatement, driver_of
from framework.runtime.envelope import CloudEvent
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

_PREFIX: Final = "event_"
"""Begins the names of the parameters of `_WRITE_IN_ONE`; SQLAlchemy keeps those of columns for itself."""
_GIVEN: Final = (
    *(each for each in EVENT_COLUMNS if each.name not in {"position", "sequence"}),
    outbox.c.partition,
)


def _write_in_one() -> Any:
    """Number an event and write it, in one round trip (PostgreSQL).

    Its position is taken after its number, and so behind the lock of its key.
    """
    key: dict[str, Any] = {name: bindparam(_PREFIX + name) for name in ("type", "key")}
    taken = (
        postgresql.insert(sequences)
        .values(**key, value=literal_column("1"))
        .on_conflict_do_update(
            index_elements=[sequences.c.type, sequences.c.key],
            set_={"value": sequences.c.value + literal_column("1")},
        )
        .returning(sequences.c.value)
        .cte("taken")
    )
    values = [bindparam(_PREFIX + column.name, type_=column.type) for column in _GIVEN]
    return (
        postgresql.insert(outbox)
        .from_select([*_GIVEN, outbox.c.sequence], select(*values, taken.c.value))
        .on_conflict_do_nothing(index_elements=[outbox.c.id])
    )


_WRITE_IN_ONE: Final = DriverStatement(_write_in_one())

Wake = Callable[[Collection[int]], None]
"""Called with the partitions in which something was committed; with none if it may be any."""
_wakes: set[Wake] = set()


async def write(connection: AsyncConnection, events: Sequence[CloudEvent]) -> None:
    """Write events, in their order, into the transaction of `connection`; done last before its commit."""
    if not events:
        return
    if len(events) == 1 and events[0].partitionkey is not None and connection.dialect.name == "postgresql":
        row = _to_row(events[0], None)
        values = _WRITE_IN_ONE.values(**{_PREFIX + each.name: row[each.name] for each in _GIVEN})
        await driver_of(connection).execute(_WRITE_IN_ONE.text, *values)
    else:
        numbers = await _number(connection, events)
        rows = [_to_row(event, number) for event, number in zip(events, numbers, strict=True)]
        await connection.execute(_WRITE[connection.dialect.name], rows)


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


def _to_row(event: CloudEvent, number: int | None) -> dict[str, Any]:
    attributes = {
        "datacontenttype": event.datacontenttype,
        "dataschema": event.dataschema,
        "subject": event.subject,
        "extensions": event.extensions,
    }
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
        "attributes": json.dumps(attributes),
        "data": event.data.decode(),
    }


def partition_of(event: CloudEvent) -> int:
    """Tell the partition of an event; events without a key are spread."""
    return crc32((event.partitionkey or event.id).encode()) % PARTITIONS


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
