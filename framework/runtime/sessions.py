"""The sessions of a service: cheap to leave, and able to read without a transaction."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncResult,
    AsyncSession,
    async_sessionmaker,
)
from sqlalchemy.orm import Session, SessionTransaction

SessionFactory = Callable[[], AbstractAsyncContextManager[AsyncSession]]
"""Opens a session for the length of a block; whoever opens it ends its transaction."""


class _SyncSession(Session):
    """What SQLAlchemy works with inside of a `ServiceSession`."""

    stands_alone = False
    """Whether each statement is a transaction of its own."""

    def begin_nested(self) -> SessionTransaction:
        """Begin a savepoint, which there is within a transaction only."""
        if self.stands_alone:
            self.begin_around()
        return super().begin_nested()

    def begin_around(self) -> None:
        """Put the statements from now on into one transaction, which ends with the session."""
        adapter: Any = self.connection().connection.dbapi_connection
        if not adapter.driver_connection.is_in_transaction():
            adapter.run_async(lambda driver: driver.execute("BEGIN"))


class ServiceSession(AsyncSession):
    """A session as the runtime opens it."""

    sync_session_class = _SyncSession
    sync_session: _SyncSession

    def __init__(self, bind: AsyncEngine, *, reading: AsyncEngine | None = None, **options: Any) -> None:
        """`reading` is an engine that commits each statement and refuses to write, where there is one."""
        super().__init__(bind, **options)
        self._reading = reading
        self._connection: AsyncConnection | None = None

    def read_by_statements(self) -> bool:
        """Have each statement be a transaction of its own, for reading; False if there is no engine for that.

        To be called before the first statement. A savepoint and a cursor of the server begin a transaction.
        """
        if self._reading is None:
            return False
        self.sync_session.bind = self._reading.sync_engine
        self.sync_session.stands_alone = True
        return True

    async def connection(self, *args: Any, **options: Any) -> AsyncConnection:
        """The connection of the transaction at hand, which is begun if there is none."""
        known = self._connection
        # In a savepoint SQLAlchemy must see who asks: it sends the SAVEPOINT only then.
        if known is None or known.closed or args or options or self.in_nested_transaction():
            known = self._connection = await super().connection(*args, **options)
        return known

    async def stream(self, *args: Any, **options: Any) -> AsyncResult[Any]:
        """Execute a statement and fetch its rows as they are asked for, from a cursor of the server."""
        if self.sync_session.stands_alone:
            await self.run_sync(lambda _: self.sync_session.begin_around())
        result: AsyncResult[Any] = await super().stream(*args, **options)
        return result

    async def __aexit__(self, type_: Any, value: Any, traceback: Any) -> None:
        """Close it.

        SQLAlchemy does that in a task of its own, lest a cancellation interrupts a rollback. Where there is
        nothing to roll back nothing is waited for, and so nothing can be interrupted.
        """
        if not self.in_transaction():
            self.sync_session.close()
        elif self.sync_session.stands_alone:
            await self.close()
        else:
            await super().__aexit__(type_, value, traceback)


def create_session_factory(
    engine: AsyncEngine, reading: AsyncEngine | None = None
) -> async_sessionmaker[ServiceSession]:
    """Make sessions as the runtime wants them: objects stay readable after the commit, the end is final."""
    return async_sessionmaker(
        engine, class_=ServiceSession, reading=reading, expire_on_commit=False, close_resets_only=False
    )


async def flush_changes(session: AsyncSession) -> None:
    """Write what has been changed in memory, if anything has."""
    inside = session.sync_session
    if inside.new or (len(inside.identity_map) and (inside.dirty or inside.deleted)):
        await session.flush()
