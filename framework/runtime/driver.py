"""Statements for PostgreSQL's driver itself, where SQLAlchemy around it would take twice the time of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import ClauseElement, Dialect
from sqlalchemy.dialects.postgresql import asyncpg as dialects
from sqlalchemy.ext.asyncio import AsyncConnection

if TYPE_CHECKING:
    import asyncpg  # type: ignore[import-untyped]

_DIALECT: Final[Dialect] = dialects.dialect()  # type: ignore[no-untyped-call]


class DriverStatement:
    """A statement of SQLAlchemy as the driver takes it; values are passed on as they are, without types."""

    def __init__(self, statement: ClauseElement) -> None:
        compiled = cast("Any", statement.compile(dialect=_DIALECT))
        self.text: Final = str(compiled)
        self._names: Final[tuple[str, ...]] = tuple(compiled.positiontup or ())

    def values(self, **named: object) -> list[object]:
        """The values of its parameters, in their order. Raises KeyError if one is missing."""
        return [named[name] for name in self._names]


def driver_of(connection: AsyncConnection) -> asyncpg.Connection:
    """The driver's own connection, for the time that `connection` is open.

    What is begun on it must be ended on it, as SQLAlchemy knows nothing of that.
    """
    inner = connection.sync_connection
    if inner is None:
        raise RuntimeError("the connection is closed")
    return inner.connection.driver_connection
