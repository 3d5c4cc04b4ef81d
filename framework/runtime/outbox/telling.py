"""An insert and the event that tells of it, in one statement (PostgreSQL).

What an operation publishes is known when it begins, if its spec says so. What the event says is known when
the row is inserted, but for the key that the database gives it. So the event is written together with the
row, and taken back if something else is published in the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zlib import crc32

from pydantic import ValidationError
from sqlalchemy import Column, ColumnElement, Select, Text, bindparam, cast, literal_column, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import ReturningInsert

from framework.runtime.envelope import CloudEvent
from framework.runtime.events import EventDefinition, Recorder, Told, current_recorder, has_event_id
from framework.runtime.outbox.writing import GIVEN, PARTITIONS, PREFIX, attributes, take_number
from framework.runtime.tables import outbox
from framework.runtime.telemetry.spans import spans

_UNKNOWN: Final = 4_611_686_018_427_400_249
"""Stands for the key that the database will give. Where the row holds it, too, nothing is written ahead."""
_WITH_KEY: Final = (outbox.c.data, outbox.c.attributes)
"""Texts that the key is a part of."""
_GIVEN: Final = tuple(
    each for each in GIVEN if each.name not in {"key", "partition", *(text.name for text in _WITH_KEY)}
)
_DIGITS: Final = 20
"""Of the longest key, with its sign."""


@dataclass(slots=True)
class Draft:
    """An event about a row that has no key yet."""

    definition: EventDefinition[Any]
    key: str
    """The column that will hold it."""
    event: CloudEvent
    values: Mapping[str, object]
    """Those of the parameters that `telling` adds to an insert."""

    def told(self, key: object) -> Told:
        """The event, when it has been written with the row that got this key."""
        data = self.event.data.replace(str(_UNKNOWN).encode(), str(key).encode())
        return Told(self.definition, self.event.id, self.event.source, str(key), data)


def work_of(session: AsyncSession) -> Recorder | None:
    """The unit of work of `session`, as long as it is open."""
    work = current_recorder()
    return work if work is not None and work.session is session else None


def teller_of(session: AsyncSession) -> Recorder | None:
    """The unit of work of `session`, if an event may be written with the next row.

    A savepoint might take row and event back, and publish the same once more.
    """
    work = work_of(session)
    if work is None or work.tells is None or work.told is not None:
        return None
    if session.in_nested_transaction() or has_event_id() or spans().are_made:
        return None
    return work


def draft(definition: EventDefinition[Any], row: Mapping[str, object], *, source: str) -> Draft | None:
    """What the event will say of a row that the database gives its key; None if that cannot be known."""
    key = definition.key or ""
    try:
        message = definition.message.model_validate(_Attributes({**row, key: _UNKNOWN}))
    except ValidationError:
        return None
    event = definition.envelope(message, source=source)
    parts = event.data.decode().split(str(_UNKNOWN))
    if len(parts) != 2:
        return None
    before, after = parts
    return Draft(
        definition,
        key,
        event,
        {
            f"{PREFIX}id": event.id,
            f"{PREFIX}source": source,
            f"{PREFIX}type": event.type,
            f"{PREFIX}created_at": event.time,
            f"{PREFIX}causationid": event.causationid,
            f"{PREFIX}traceparent": event.traceparent,
            f"{PREFIX}data_before": before,
            f"{PREFIX}data_after": after,
            **_AROUND_SUBJECT,
        },
    )


class _Attributes:
    """A row as an object, which is what models are made of; its times are in UTC, as they will be read."""

    def __init__(self, values: Mapping[str, object]) -> None:
        vars(self).update(values)
        for name, value in values.items():
            if isinstance(value, datetime) and value.tzinfo not in {None, UTC}:
                setattr(self, name, value.astimezone(UTC))


def _around(column: Column[Any]) -> tuple[str, str]:
    """The parameters for what stands in a text before and after the key."""
    return f"{PREFIX}{column.name}_before", f"{PREFIX}{column.name}_after"


def telling(insertion: ReturningInsert[Any], key: Column[Any]) -> Select[Any]:
    """Extend an INSERT of one row: the event of a `Draft` is written, too.

    `key` is the column with the key of the event, behind whose lock the position of the event is taken.
    """
    inserted = insertion.cte("inserted")
    named = select(cast(inserted.c[key.key], Text).label("key")).cte("named")
    taken = take_number(bindparam(f"{PREFIX}type"), named.c.key, named).cte("taken")
    texts = [_text(column, named.c.key) for column in _WITH_KEY]
    given = [bindparam(PREFIX + column.name, type_=column.type) for column in _GIVEN]
    partition: ColumnElement[int] = literal_column(_PARTITION_OF_NAMED)
    told = (
        postgresql.insert(outbox)
        .from_select(
            [*_GIVEN, *_WITH_KEY, outbox.c.key, outbox.c.partition, outbox.c.sequence],
            select(*given, *texts, named.c.key, partition, taken.c.value),
        )
        .cte("told")
    )
    return select(*inserted.c).add_cte(told)


_before, _after = attributes(str(_UNKNOWN)).split(str(_UNKNOWN))
_AROUND_SUBJECT: Final = {f"{PREFIX}attributes_before": _before, f"{PREFIX}attributes_after": _after}


def _text(column: Column[Any], key: ColumnElement[str]) -> ColumnElement[str]:
    before, after = (bindparam(name, type_=column.type) for name in _around(column))
    return before.concat(key).concat(after)


def _partitions() -> str:
    """CRC-32 modulo 16 of a number's decimal digits, as SQL: what `partition_of` says of the key `named.key`.

    PostgreSQL has it from version 18 on only. It is linear: in texts of one length, what a character adds
    depends on its place alone.
    """

    def remainder(text: str) -> int:
        return crc32(text.encode()) % PARTITIONS

    zeros = bytes(remainder("0" * length) for length in range(_DIGITS + 1))
    added = bytes(
        remainder(character + "0" * place) ^ remainder("0" * (place + 1))
        for place in range(_DIGITS)
        for character in "0123456789;<=-?/"  # by the last four bits of their codes
    )
    tables = [f"'\\x{table.hex()}'::bytea" for table in (zeros, added)]
    return _PARTITION.format(*tables)


_PARTITION: Final = """
get_byte({0}, length(named.key)) # (
  SELECT bit_xor(get_byte({1}, (length(named.key) - place) * 16 + (ascii(substr(named.key, place, 1)) & 15)))
  FROM generate_series(1, length(named.key)) AS place
)"""
_PARTITION_OF_NAMED: Final = _partitions()
