"""The columns of every database hold what the types of the specs let through, from end to end."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from framework.runtime.columns import COLUMN_TYPES
from framework.runtime.database import Database
from framework.runtime.types import LocalTime, StorableDatetime, StorableDuration

ENDS = [
    (StorableDatetime, "at", "0001-01-01T00:00:00Z"),
    (StorableDatetime, "at", "9999-12-31T23:59:59.999999Z"),
    (StorableDuration, "lasts", "-P719162D"),
    (StorableDuration, "lasts", "P2932896D"),
    (StorableDuration, "lasts", "-PT0.000001S"),
    (LocalTime, "daily", "23:59:59.999999"),
]


class Base(DeclarativeBase):
    type_annotation_map = COLUMN_TYPES


class Row(Base):
    __tablename__ = "rows"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime | None]
    lasts: Mapped[timedelta | None]
    daily: Mapped[time | None]


@pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)
async def test_the_ends_come_back_as_they_were_stored(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    database = Database("shop")
    values = [TypeAdapter[Any](type_).validate_python(text) for type_, _, text in ENDS]
    async with database.session() as session:
        await (await session.connection()).run_sync(Base.metadata.create_all)
        for number, ((_, column, _), value) in enumerate(zip(ENDS, values, strict=True)):
            session.add(Row(id=number, **{column: value}))
        await session.commit()

    async with database.session() as session:
        rows = (await session.scalars(select(Row).order_by(Row.id))).all()
        found = [getattr(row, column) for row, (_, column, _) in zip(rows, ENDS, strict=True)]
    await database.close()
    assert found == values


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        (StorableDatetime, "2024-01-01T00:00:00"),
        (StorableDatetime, "0001-01-01T00:00:00+01:00"),
        (StorableDatetime, "9999-12-31T23:59:59-01:00"),
        (StorableDuration, "-P719163D"),
        (StorableDuration, "P2932897D"),
        (LocalTime, "12:30:00Z"),
    ],
)
def test_what_lies_beyond_is_refused(type_: Any, text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(type_).validate_python(text)
