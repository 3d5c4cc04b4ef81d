"""The database of a service: its engine, its sessions, and how a transaction on it begins."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import URL, Connection, Engine, ExceptionContext, event, make_url, select
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, PoolResetState

from framework.runtime.driver import has_failed, note_failure
from framework.runtime.sessions import ServiceSession, SessionFactory, create_session_factory
from framework.runtime.settings import DatabaseSettings, load

__all__ = [
    "READING",
    "WRITING",
    "Database",
    "FailedTransactionError",
    "SessionFactory",
    "begin_reading",
    "begin_writing",
    "begins_late",
    "commit",
    "create_engine",
    "roll_back",
    "writer_lock",
    "writing",
]

_BEGIN: Final = "framework_begin"
WRITING: Final[Mapping[str, Any]] = {_BEGIN: "BEGIN IMMEDIATE"}
"""Begin for writing: SQLite takes the write lock at once instead of failing when it needs it."""
READING: Final[Mapping[str, Any]] = {_BEGIN: "BEGIN", "postgresql_readonly": True, "sqlite_query_only": True}
"""Begin for reading: the database refuses to write."""

CONNECTIONS: Final = 10
"""To PostgreSQL, that a process keeps for reading, and as many for all else."""

_SQLITE_BUSY_SECONDS: Final = 30.0
# What libpq understands and asyncpg would pass on to the server, which refuses it.
_LIBPQ_ONLY: Final = frozenset(
    {
        "channel_binding",
        "connect_timeout",
        "gssencmode",
        "keepalives",
        "keepalives_idle",
        "keepalives_interval",
    }
)

_writer_locks: WeakKeyDictionary[Engine, asyncio.Lock] = WeakKeyDictionary()


def create_engine(url: str, *, application: str = "service", connections: int = CONNECTIONS) -> AsyncEngine:
    """Make an engine for `postgresql://` or `sqlite:///`, with the settings that the runtime relies on.

    Parameters of a PostgreSQL URL are read as libpq reads them (`sslmode`, `sslrootcert`, `options`...);
    `application` is the name that its connections carry, of which it keeps as many as `connections` says, and
    in a peak has twice as many. The folder of an SQLite file is made if needed.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _create_sqlite_engine(parsed)
    return _create_postgres_engine(parsed, application, {}, pool_size=connections, max_overflow=connections)


def create_reading_engine(
    url: str, *, application: str = "service", connections: int = CONNECTIONS
) -> AsyncEngine | None:
    """Make an engine on which each statement is a transaction of its own, and none may write.

    That is PostgreSQL; None for SQLite, where a transaction for reading costs no round trip.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return None
    engine = _create_postgres_engine(
        parsed,
        application,
        {"default_transaction_read_only": "on"},
        isolation_level="AUTOCOMMIT",
        pool_size=connections,
        max_overflow=0,
    )
    event.listen(engine.sync_engine, "reset", _end_transaction)
    return engine


def _create_postgres_engine(
    url: URL, application: str, server_settings: Mapping[str, str], **options: Any
) -> AsyncEngine:
    import asyncpg  # type: ignore[import-untyped]

    address = url.set(drivername="postgresql").difference_update_query(_LIBPQ_ONLY)
    named = {} if "application_name" in address.query else {"application_name": application}
    connect = partial(
        asyncpg.connect,
        address.render_as_string(hide_password=False),
        server_settings={**named, **server_settings},
    )
    bare = url.set(drivername="postgresql+asyncpg", query={})
    # The connection used last is the next one used, so that those which a peak needed may rest.
    engine = create_async_engine(bare, async_creator=connect, pool_use_lifo=True, **options)
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    event.listen(engine.sync_engine, "handle_error", _note_failure)
    return engine


def _refuse_closed(connection: Any, _: ConnectionPoolEntry, __: PoolProxiedConnection) -> None:
    """Have the pool make new connections when the server has closed the old ones; to know takes no asking."""
    if connection.driver_connection.is_closed():
        raise InvalidatePoolError


def _note_failure(context: ExceptionContext) -> None:
    note_failure(context.connection)


def _end_transaction(connection: Any, _: ConnectionPoolEntry, state: PoolResetState) -> None:
    """End what was begun by hand, which SQLAlchemy knows nothing of."""
    if state.asyncio_safe and connection.driver_connection.is_in_transaction():
        connection.run_async(lambda driver: driver.execute("ROLLBACK"))


def _create_sqlite_engine(url: URL) -> AsyncEngine:
    Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(
        url.set(drivername="sqlite+aiosqlite"),
        connect_args={"timeout": _SQLITE_BUSY_SECONDS},
        # Who began a transaction ends it; a rollback more is only a visit more to the driver's thread.
        pool_reset_on_return=None,
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite_connection)
    event.listen(engine.sync_engine, "begin", _begin_sqlite_transaction)
    event.listen(engine.sync_engine, "invalidate", _end_abandoned_transaction)
    _writer_locks[engine.sync_engine] = asyncio.Lock()
    return engine


def _prepare_sqlite_connection(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver would begin late, and not at all for reading
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _end_abandoned_transaction(connection: Any, _: ConnectionPoolEntry, __: BaseException | None) -> None:
    # The statement of a cancelled task lives as long as its traceback, and so long SQLite does not really
    # close the connection thrown away, which would keep the write lock.
    connection.rollback()


def _begin_sqlite_transaction(connection: Connection) -> None:
    options = connection.get_execution_options()
    query_only = options.get("sqlite_query_only", False)
    if query_only != connection.info.get("sqlite_query_only", False):
        connection.exec_driver_sql(f"PRAGMA query_only={int(query_only)}")
        connection.info["sqlite_query_only"] = query_only
    connection.exec_driver_sql(options.get(_BEGIN, "BEGIN"))


def writer_lock(engine: Engine) -> AbstractAsyncContextManager[None]:
    """Wait for the turn to write: SQLite has one writer, and its own queue is polling with a time limit."""
    return _writer_locks.get(engine) or nullcontext()


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Run the block in one transaction for writing, and in turn: what the runtime does to its own tables."""
    async with writer_lock(engine.sync_engine), engine.execution_options(**WRITING).begin() as connection:
        yield connection


class FailedTransactionError(RuntimeError):
    """What was to be committed is lost, because a statement had failed."""


def begins_late(session: AsyncSession) -> bool:
    """Whether a transaction begins with its first statement: one without any takes no connection."""
    return isinstance(session, ServiceSession) and session.begins_late


async def begin_writing(session: AsyncSession) -> asyncio.Lock | None:
    """Begin the transaction of a session for writing, in turn; whoever ends it releases what this returns."""
    turn = _writer_locks.get(session.get_bind().engine)
    if turn is not None:
        await turn.acquire()
    try:
        await session.connection(execution_options=WRITING)
    except BaseException:
        try:
            await roll_back(session)
        finally:
            if turn is not None:
                turn.release()
        raise
    return turn


async def begin_reading(session: AsyncSession) -> None:
    """Begin the transaction of a session for reading: the database refuses to write."""
    await session.connection(execution_options=READING)


async def commit(session: AsyncSession) -> None:
    """Commit the transaction of a session, if one has begun.

    Raises:
        FailedTransactionError: a statement failed before, and the database would commit nothing.
    """
    if not session.in_transaction():
        return
    connection = await session.connection()
    if has_failed(connection):
        await _refuse_failed(connection)
    await session.commit()


async def roll_back(session: AsyncSession) -> None:
    """Roll the transaction of a session back, if one has begun."""
    if session.in_transaction():
        await session.rollback()


async def _refuse_failed(connection: AsyncConnection) -> None:
    """Raise if all of the transaction has failed, of which a COMMIT says nothing."""
    try:
        await connection.execute(select(1))
    except DBAPIError as error:
        raise FailedTransactionError(
            "a statement failed before and its error was caught, but PostgreSQL keeps nothing of the "
            "transaction then. For a part that may fail by itself write `async with session.begin_nested():`."
        ) from error


class Database:
    """The database that a service owns; connects at first use, so importing it needs no `DATABASE_URL`."""

    def __init__(self, service: str, *, url: str | None = None) -> None:
        """`service` names its connections; `url` overrides `DATABASE_URL`."""
        self._service = service
        self._url = url
        self._engine: AsyncEngine | None = None
        self._reading: AsyncEngine | None = None
        self._sessions: async_sessionmaker[ServiceSession]
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def engine(self) -> AsyncEngine:
        """The engine of the running event loop.

        Raises:
            SystemExit: `DATABASE_URL` is missing or malformed.
        """
        loop = asyncio.get_running_loop()
        if self._engine is None or self._loop is not loop:
            for engine in self._engines():
                # Its connections belong to a loop that has ended, and cannot be closed any more.
                engine.sync_engine.dispose(close=False)
            self._engine = self._connect()
            self._loop = loop
        return self._engine

    def _connect(self) -> AsyncEngine:
        url, connections = self._url, CONNECTIONS
        if url is None:
            settings = load(DatabaseSettings)
            url, connections = settings.database_url, settings.database_pool_size
        engine = create_engine(url, application=self._service, connections=connections)
        self._reading = create_reading_engine(url, application=self._service, connections=connections)
        self._sessions = create_session_factory(engine, self._reading)
        return engine

    def _engines(self) -> list[AsyncEngine]:
        return [engine for engine in (self._engine, self._reading) if engine is not None]

    def session(self) -> ServiceSession:
        """Open a plain session, which commits nothing by itself; operations use a unit of work."""
        _ = self.engine
        return self._sessions()

    async def check(self) -> None:
        """Raise the driver's error unless the database answers now."""
        async with self.engine.connect() as connection:
            await connection.execute(select(1))

    async def close(self) -> None:
        """Close all connections; using the database again reads its URL again."""
        engines = self._engines()
        self._engine = self._reading = None
        for engine in engines:
            await engine.dispose()
