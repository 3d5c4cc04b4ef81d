"""The sessions of a service: cheap to open and to leave, and able to read without a transaction."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial, wraps
from typing import Any, Concatenate, Final, NoReturn, ParamSpec, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncResult,
    AsyncSession,
    async_sessionmaker,
)
from sqlalchemy.orm import Session, SessionTransaction

from framework.runtime.driver import is_idle
from framework.runtime.refusals import GuardedSessionError

P = ParamSpec("P")
R = TypeVar("R")

SessionFactory = Callable[[], AbstractAsyncContextManager[AsyncSession]]
"""Opens a session for the length of a block; whoever opens it ends its transaction."""
Refusal = Callable[..., NoReturn]
"""What takes the place of a method, and raises."""

POSTGRES: Final = "postgresql"
_GET_BIND: Final = "get_bind"
"""What SQLAlchemy asks for before each statement."""


def _of_the_owner(method: Callable[Concatenate[Any, P], R]) -> Callable[Concatenate[Any, P], R]:
    """Refuse a method that ends the transaction of a session while that has an owner."""

    @wraps(method)
    def guarded(session: Any, /, *args: P.args, **options: P.kwargs) -> R:
        if session.owner is not None:
            _refuse_end(session.owner)
        return method(session, *args, **options)

    return guarded


def _refuse_end(owner: str, *_: object, **__: object) -> NoReturn:
    raise GuardedSessionError(
        f"this session belongs to the unit of work of `{owner}`, which commits when the operation succeeds, "
        "and rolls back when it raises. For a part that may fail by itself write "
        "`async with session.begin_nested():`."
    )


class _SyncSession(Session):
    """What SQLAlchemy works with inside of a `ServiceSession`."""

    owner: str | None = None
    """The operation that alone ends the transaction, if there is one."""
    stands_alone = False
    """Whether each statement is a transaction of its own."""
    used: Connection | None = None
    """The connection that it has taken."""

    # Not `begin`, which makes savepoints too.
    commit = _of_the_owner(Session.commit)
    rollback = _of_the_owner(Session.rollback)
    close = _of_the_owner(Session.close)
    reset = _of_the_owner(Session.reset)
    invalidate = _of_the_owner(Session.invalidate)

    @property
    def is_idle(self) -> bool:
        """Whether nothing has been begun that the server would have to end."""
        return self.used is not None and is_idle(self.used)

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


@event.listens_for(_SyncSession, "after_begin")
def _note_connection(session: _SyncSession, _: SessionTransaction, connection: Connection) -> None:
    session.used = connection


class ServiceSession(AsyncSession):
    """A session as the runtime opens it.

    What SQLAlchemy works with is made when it is first asked for. Statements that are prepared do without.
    """

    sync_session_class = _SyncSession
    sync_session: _SyncSession
    owner: str | None = None
    """The operation that alone ends the transaction, if there is one."""

    begin = _of_the_owner(AsyncSession.begin)
    commit = _of_the_owner(AsyncSession.commit)
    rollback = _of_the_owner(AsyncSession.rollback)
    close = _of_the_owner(AsyncSession.close)
    reset = _of_the_owner(AsyncSession.reset)
    invalidate = _of_the_owner(AsyncSession.invalidate)

    def __init__(self, bind: AsyncEngine, *, reading: AsyncEngine | None = None, **options: Any) -> None:
        """`reading` is an engine that commits each statement and refuses to write, where there is one."""
        self._engine = bind
        self._reading = reading
        self._options = options
        self._overrides: dict[str, Any] = {}
        self._connection: AsyncConnection | None = None
        self._is_left = False
        self.is_made = False
        """Whether there is what SQLAlchemy works with."""
        self.stands_alone = False
        """Whether each statement is a transaction of its own."""

    def __getattr__(self, name: str) -> Any:
        """Make what SQLAlchemy works with."""
        if name not in {"sync_session", "_proxied"}:
            raise AttributeError(name, name=name, obj=self)
        super().__init__(self._engine, **self._options)
        self.is_made = True
        inside = self.sync_session
        inside.owner = self.owner
        inside.stands_alone = self.stands_alone
        vars(inside).update(self._overrides)
        if self._is_left:
            inside.close()
        return inside

    @property
    def begins_late(self) -> bool:
        """Whether a transaction begins with its first statement, whenever that comes."""
        return self._engine.dialect.name == POSTGRES

    @property
    def lone_engine(self) -> AsyncEngine | None:
        """Where a statement may be run as a transaction of its own, on PostgreSQL.

        None if something has been done with the session of which that statement would have to know.
        """
        if self._is_left or not self.begins_late or _GET_BIND in overrides(self):
            return None
        return None if self.in_transaction() or has_changes(self) else self._engine

    def read_by_statements(self) -> bool:
        """Have each statement be a transaction of its own, for reading; False if there is no engine for that.

        False as well if it has been used already. A savepoint and a cursor of the server begin a transaction.
        """
        if self._reading is None or self.is_made:
            return False
        self._engine = self._reading
        self.stands_alone = True
        return True

    def in_transaction(self) -> bool:
        """Whether a transaction has begun."""
        return self.is_made and super().in_transaction()

    def in_nested_transaction(self) -> bool:
        """Whether a savepoint has begun."""
        return self.is_made and super().in_nested_transaction()

    async def connection(self, *args: Any, **options: Any) -> AsyncConnection:
        """The connection of the transaction at hand, which is begun if there is none."""
        known = self._connection
        is_plain = not (args or options or _GET_BIND in overrides(self))
        # In a savepoint SQLAlchemy must see who asks: it sends the SAVEPOINT only then.
        if known is None or known.closed or not is_plain or self.in_nested_transaction():
            known = self._connection = await super().connection(*args, **options)
        return known

    async def stream(self, *args: Any, **options: Any) -> AsyncResult[Any]:
        """Execute a statement and fetch its rows as they are asked for, from a cursor of the server."""
        if self.stands_alone:
            await self.run_sync(lambda _: self.sync_session.begin_around())
        result: AsyncResult[Any] = await super().stream(*args, **options)
        return result

    async def __aexit__(self, type_: Any, value: Any, traceback: Any) -> None:
        """Close it.

        SQLAlchemy does that in a task of its own, lest a cancellation interrupts a rollback. Where there is
        nothing to roll back nothing is waited for, and so nothing can be interrupted.
        """
        self._is_left = True
        if not self.is_made:
            return
        inside = self.sync_session
        if not self.in_transaction() or (value is None and self.stands_alone and inside.is_idle):
            inside.close()
        elif self.stands_alone:
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


def own(session: AsyncSession, owner: str | None) -> None:
    """Have every method that ends the transaction of a session refuse, until there is no `owner` any more."""
    if isinstance(session, ServiceSession):
        session.owner = owner
        if session.is_made:
            session.sync_session.owner = owner
    else:
        _own_another(session, owner)


def _own_another(session: AsyncSession, owner: str | None) -> None:
    """The same for a session that knows nothing of owners."""
    inside = ("commit", "rollback", "close", "reset", "invalidate")
    for each, names in ((session, ("begin", *inside)), (session.sync_session, inside)):
        if owner is None:
            for name in names:
                vars(each).pop(name, None)
        else:
            vars(each).update(dict.fromkeys(names, partial(_refuse_end, owner)))


def overrides(session: AsyncSession) -> dict[str, Any]:
    """What takes the place of methods of what SQLAlchemy works with; changes of it take effect."""
    if isinstance(session, ServiceSession) and not session.is_made:
        return session._overrides
    return vars(session.sync_session)


def refuse_statements(session: AsyncSession, refuse: Refusal) -> None:
    """Have every statement from now on call `refuse` instead, that of a flush, too."""
    overrides(session)[_GET_BIND] = refuse


def allow_statements(session: AsyncSession) -> Refusal | None:
    """Take back what `refuse_statements` did; what that was called with, if it was."""
    refuse: Refusal | None = overrides(session).pop(_GET_BIND, None)
    return refuse


def has_changes(session: AsyncSession) -> bool:
    """Whether something has been changed in memory."""
    if isinstance(session, ServiceSession) and not session.is_made:
        return False
    inside = session.sync_session
    return bool(inside.new or (len(inside.identity_map) and (inside.dirty or inside.deleted)))


async def flush_changes(session: AsyncSession) -> None:
    """Write what has been changed in memory, if anything has."""
    if has_changes(session):
        await session.flush()
