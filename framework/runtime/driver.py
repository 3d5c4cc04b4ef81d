"""Statements for PostgreSQL's driver itself, where SQLAlchemy around it would take twice the time of both.

What this touches of SQLAlchemy's adapter of the driver, and SQLAlchemy does not promise, stands here alone:
`tests/runtime/data/test_statements.py` holds it to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, cast
from weakref import WeakSet

from sqlalchemy import ClauseElement, Connection, Dialect
from sqlalchemy.dialects.postgresql import asyncpg as dialects
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

if TYPE_CHECKING:
    import asyncpg  # type: ignore[import-untyped]

Place = AsyncConnection | AsyncEngine
"""Where a statement is run: on a connection in the transaction at hand, on an engine as one of its own.

An engine's pool gives it a connection, without any of what SQLAlchemy puts around one.
"""
_DIALECT: Final[Dialect] = dialects.dialect()  # type: ignore[no-untyped-call]
_failed: Final[WeakSet[Connection]] = WeakSet()


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
    return _adapter_of(connection).driver_connection


async def fetch(place: Place, text: str, values: Sequence[object]) -> list[Any]:
    """Run a statement; returns its rows as the driver has them.

    Raises:
        DBAPIError: what SQLAlchemy would raise, `IntegrityError` say.
    """
    if isinstance(place, AsyncEngine):
        return await _fetch_alone(place, text, values)
    return await _fetch_within(place, text, values)


async def _fetch_within(connection: AsyncConnection, text: str, values: Sequence[object]) -> list[Any]:
    adapter = _adapter_of(connection)
    async with adapter._execute_mutex:
        if adapter._transaction is None:
            await adapter._start_transaction()  # nothing, where each statement is committed by itself
        try:
            rows: list[Any] = await adapter.driver_connection.fetch(text, *values)
        except Exception as error:
            note_failure(connection.sync_connection)
            raise _as_sqlalchemy(error, adapter, text, values) from error
    return rows


async def _fetch_alone(engine: AsyncEngine, text: str, values: Sequence[object]) -> list[Any]:
    dbapi: Any = engine.dialect.loaded_dbapi
    try:
        pooled = await engine.raw_connection()
    except dbapi.Error as error:
        raise DBAPIError.instance(None, None, error, dbapi.Error, connection_invalidated=True) from error
    adapter: Any = pooled.dbapi_connection
    try:
        rows: list[Any] = await adapter.driver_connection.fetch(text, *values)
    except Exception as error:
        raise _as_sqlalchemy(error, adapter, text, values) from error
    finally:
        pooled.close()  # nothing was begun, so there is nothing to wait for
    return rows


async def types_of(place: Place, text: str) -> list[int]:
    """The types, as PostgreSQL numbers them, of the columns that a statement returns.

    Raises:
        DBAPIError: the statement is wrong.
    """
    if isinstance(place, AsyncConnection):
        return await _types_of(place, text)
    async with place.connect() as connection:
        return await _types_of(connection, text)


async def _types_of(connection: AsyncConnection, text: str) -> list[int]:
    adapter = _adapter_of(connection)
    async with adapter._execute_mutex:
        try:
            statement = await adapter.driver_connection.prepare(text)
        except Exception as error:
            raise _as_sqlalchemy(error, adapter, text, ()) from error
    return [attribute.type.oid for attribute in statement.get_attributes()]


def note_failure(connection: Connection | None) -> None:
    """Remember that a statement has failed, and on PostgreSQL all of its transaction with it."""
    if connection is not None:
        _failed.add(connection)


def has_failed(connection: AsyncConnection) -> bool:
    """Whether a statement has failed on it, in a savepoint or not."""
    return bool(_failed) and connection.sync_connection in _failed


def is_idle(connection: Connection) -> bool:
    """Whether nothing has been begun on it that the server would have to end before others may use it."""
    if connection.closed or connection.invalidated:
        return False
    adapter: Any = connection.connection.dbapi_connection
    driver: asyncpg.Connection = adapter.driver_connection
    return adapter._transaction is None and not driver.is_closed() and not driver.is_in_transaction()


def _adapter_of(connection: AsyncConnection) -> Any:
    inner = connection.sync_connection
    if inner is None:
        raise RuntimeError("the connection is closed")
    return inner.connection.dbapi_connection


def _as_sqlalchemy(error: Exception, adapter: Any, text: str, values: Sequence[object]) -> Exception:
    is_lost = adapter.driver_connection.is_closed()
    base: type[Exception] = adapter.dbapi.Error
    try:
        adapter._handle_exception(error)
    except base as translated:
        return DBAPIError.instance(text, tuple(values), translated, base, connection_invalidated=is_lost)
    except Exception as untranslated:
        return untranslated
    return error
