"""What the columns of every service have in common, whichever database holds them."""

from __future__ import annotations

import enum
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, Literal

from sqlalchemy import (
    CHAR,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Dialect,
    Enum,
    Integer,
    Numeric,
    String,
    Uuid,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from framework.runtime.types import DECIMAL_DIGITS


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time: aware `datetime`s go in, and come out in UTC.

    SQLite has no time zones, so there UTC is what is stored; a naive `datetime` is refused with ValueError.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What is sent to the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; write datetime.now(UTC)")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What the program sees."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A `Decimal` of at most 15 significant digits, which is what the specs' `decimal` has.

    SQLite has floating point only, which holds that many; more are refused with ValueError, as is NaN.
    """

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Floats where the database knows nothing better."""
        native: Numeric[Any] = Numeric() if dialect.supports_native_decimal else Numeric(asdecimal=False)
        return dialect.type_descriptor(native)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | None:
        """What is sent to the database."""
        if value is not None and _is_too_long(Decimal(value)):
            raise ValueError(f"{value} is no number of at most {DECIMAL_DIGITS} digits")
        return value

    def process_result_value(self, value: Decimal | float | None, dialect: Dialect) -> Decimal | None:
        """What the program sees."""
        if value is None or isinstance(value, Decimal):
            return value
        return Decimal(f"{value:.{DECIMAL_DIGITS}g}")


_FAITHFUL: Final = (Boolean, Date, Integer, String, UtcDateTime, Uuid)


def is_faithful(kind: TypeEngine[Any]) -> bool:
    """Whether databases give values of this type back as they got them, so that they are told alike.

    Others may come back in other words: 3.50 as 3.5, a float in fewer digits, an object in another order.
    """
    return isinstance(kind, _FAITHFUL) and not isinstance(kind, CHAR)


def _is_too_long(value: Decimal) -> bool:
    if not value.is_finite():
        return True
    digits = value.normalize().as_tuple()
    return len(digits.digits) > DECIMAL_DIGITS


def _values(members: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in members]


COLUMN_TYPES: dict[Any, TypeEngine[Any]] = {
    # SQLite numbers the rows of an INTEGER key only, whose values have 64 bits anyhow.
    int: BigInteger().with_variant(Integer, "sqlite"),
    datetime: UtcDateTime(),
    Decimal: ExactDecimal(),
    # For every subclass: SQLAlchemy makes a type of its own for each from this one.
    enum.Enum: Enum(enum.Enum, values_callable=_values, native_enum=False, length=64),
}
"""A `type_annotation_map` for models: integers and decimals are those of the specs, times in UTC.

An enumeration is stored as the text of its values, without a constraint: a new value needs no migration.
"""


def in_migrations(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """How Alembic writes a type of ours into a migration (its `render_item`): as SQLAlchemy's own.

    So a migration says what the database gets, and does not change when these classes do.
    """
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, ExactDecimal):
        return "sa.Numeric()"
    if isinstance(item, Enum) and not item.native_enum and not item.create_constraint:
        return f"sa.String(length={item.length})"
    return False


NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Names of constraints that do not depend on the database, so that migrations can speak of them."""
