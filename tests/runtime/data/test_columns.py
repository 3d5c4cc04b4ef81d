"""Columns that hold the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import ClassVar

import pytest
from sqlalchemy import Column, MetaData, Table, func, insert, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from framework.runtime.columns import COLUMN_TYPES, UtcDateTime
from framework.runtime.database import create_engine

TABLE = Table(
    "samples",
    MetaData(),
    Column("number", COLUMN_TYPES[int], primary_key=True),
    Column("at", UtcDateTime),
)
NOON_IN_OSLO = datetime(2026, 1, 2, 12, 0, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)
async def test_times_come_back_in_utc_and_integers_have_64_bits(database_url: str) -> None:
    engine = create_engine(database_url)
    async with engine.begin() as connection:
        await connection.run_sync(TABLE.metadata.create_all)
        await connection.execute(
            insert(TABLE), [{"number": 2**63 - 1, "at": NOON_IN_OSLO}, {"number": -(2**63), "at": None}]
        )
        rows = (await connection.execute(select(TABLE).order_by(TABLE.c.number))).all()
    await engine.dispose()

    assert rows == [(-(2**63), None), (2**63 - 1, NOON_IN_OSLO)]
    assert rows[1].at.tzinfo is UTC


async def test_a_time_without_a_zone_is_refused(database_url: str) -> None:
    engine = create_engine(database_url)
    async with engine.begin() as connection:
        await connection.run_sync(TABLE.metadata.create_all)
        with pytest.raises(StatementError, match="has no time zone"):
            await connection.execute(insert(TABLE).values(number=1, at=NOON_IN_OSLO.replace(tzinfo=None)))
    await engine.dispose()


PRICES = Table("prices", MetaData(), Column("price", COLUMN_TYPES[Decimal]))


@pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)
async def test_decimals_of_fifteen_digits_come_back_as_they_were(database_url: str) -> None:
    prices = [Decimal(text) for text in ("-999999999999999", "0.000000000000001", "0.1", "0.2", "9.90")]
    engine = create_engine(database_url)
    async with engine.begin() as connection:
        await connection.run_sync(PRICES.metadata.create_all)
        await connection.execute(insert(PRICES), [{"price": price} for price in [*prices, None]])
        query = select(PRICES.c.price).where(PRICES.c.price.is_not(None)).order_by(PRICES.c.price)
        rows = list((await connection.execute(query)).scalars())
        few = select(func.sum(PRICES.c.price)).where(PRICES.c.price.in_([Decimal("0.1"), Decimal("0.2")]))
        total = (await connection.execute(few)).scalar_one()
    await engine.dispose()

    assert rows == sorted(prices)
    assert total == Decimal("0.3")


@pytest.mark.parametrize("number", ["1234567890.123456", "NaN"])
async def test_a_decimal_that_the_column_could_not_hold_is_refused(database_url: str, number: str) -> None:
    engine = create_engine(database_url)
    async with engine.begin() as connection:
        await connection.run_sync(PRICES.metadata.create_all)
        with pytest.raises(StatementError, match="at most 15 digits"):
            await connection.execute(insert(PRICES).values(price=Decimal(number)))
    await engine.dispose()


class Base(DeclarativeBase):
    type_annotation_map: ClassVar = COLUMN_TYPES


class Status(StrEnum):
    NEW = "new"
    ON_ITS_WAY = "on its way"


class Size(IntEnum):
    SMALL = 1
    LARGE = 10


class Parcel(Base):
    __tablename__ = "parcels"

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[Status]
    size: Mapped[Size | None]


async def test_enumerations_are_stored_as_their_values_and_nothing_limits_them(database_url: str) -> None:
    engine = create_engine(database_url)
    parcels = Parcel.__table__
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
        await connection.execute(
            insert(Parcel),
            [
                {"id": 1, "status": Status.ON_ITS_WAY, "size": Size.LARGE},
                {"id": 2, "status": Status.NEW, "size": None},
            ],
        )
        stored = (await connection.execute(text("SELECT status, size FROM parcels ORDER BY id"))).all()
        read = (await connection.execute(select(parcels).where(Parcel.status == Status.ON_ITS_WAY))).all()
        await connection.execute(text("INSERT INTO parcels (id, status) VALUES (3, :new)"), {"new": "x" * 64})
    await engine.dispose()

    assert stored == [("on its way", "10"), ("new", None)]
    assert read == [(1, Status.ON_ITS_WAY, Size.LARGE)]
    assert type(read[0].status) is Status
