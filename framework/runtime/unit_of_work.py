"""The unit of work: one session, one transaction, and the events published in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final, NoReturn

from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from framework.runtime.database import WRITING, reading, transaction
from framework.runtime.delivery import Delivery, current_delivery
from framework.runtime.envelope import CloudEvent
from framework.runtime.events import EventDefinition, PublishFunction, Told, current_recorder, recording
from framework.runtime.failures import OperationFailed, reporting
from framework.runtime.inbox import recording as inbox
from framework.runtime.outbox import writing as outbox
from framework.runtime.sessions import SessionFactory, flush_changes

_GUARDED: Final = ("begin", "commit", "rollback", "close", "reset", "invalidate")
# The inner session's `begin` makes savepoints too.
_GUARDED_INSIDE: Final = ("commit", "rollback", "close", "reset", "invalidate")


class GuardedSessionError(RuntimeError):
    """The transaction of a unit of work was to be ended by someone else."""


class NestedUnitOfWorkError(RuntimeError):
    """An operation was called inside the unit of work of another."""


class WriteInQueryError(RuntimeError):
    """A query tried to change something."""


class UnitOfWork:
    """The work of one operation. Its session belongs to it, and it alone ends the transaction."""

    def __init__(
        self,
        operation: str,
        session: AsyncSession,
        *,
        source: str = "",
        tells: EventDefinition[Any] | None = None,
    ) -> None:
        self.operation = operation
        self.session = session
        self.source = source
        """That of events which tell of a row, and are written with it."""
        self.tells = tells
        """The event that will be published in the end, if it is known which."""
        self.told: Told | None = None
        """That event, when it has been written."""
        self.is_open = True
        self.events: list[CloudEvent] = []

    def record(self, event: CloudEvent) -> None:
        """Take an event into the transaction: it is published if, and only if, that is committed."""
        self.events.append(event)

    def has_told(self, event: EventDefinition[Any], message: BaseModel, source: str) -> bool:
        """Whether this event was written with the row that it tells of; from now on it is published."""
        told = self.told
        if told is None or told.is_published or not told.says(event, message, source):
            return False
        told.is_published = True
        return True

    async def write_events(self, connection: AsyncConnection) -> None:
        """Write what was published, and take back what was not."""
        if self.told is not None and not self.told.is_published:
            await outbox.withdraw(connection, self.told.id)
            self.told = None
        await outbox.write(connection, self.events)

    def wake_relays(self) -> None:
        """Tell the relays of what is committed now."""
        partitions = {outbox.partition_of(event) for event in self.events}
        if self.told is not None:
            partitions.add(outbox.partition_of_key(self.told.key))
        if partitions:
            outbox.wake_relays(partitions)


class QueryWork(UnitOfWork):
    """The work of a query, which changes nothing and so has nothing to tell."""

    def record(self, event: CloudEvent) -> None:
        """Refuse.

        Raises:
            WriteInQueryError: always.
        """
        raise WriteInQueryError(
            f"`{event.type}` was published in the query `{self.operation}`: a query changes nothing, "
            "so there is nothing to tell. Give the operation another method than GET in its spec."
        )


class UnitOfWorkFactory:
    """Opens the units of work of a service: what the generated operations run in."""

    def __init__(self, service: str, get_session: SessionFactory) -> None:
        self.service = service
        self._get_session = get_session

    def command(
        self, operation: str, tells: EventDefinition[Any] | None = None
    ) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open the unit of work of an operation that changes something.

        While a message is being handled, the first thing written is its row in the inbox. What is published
        in the block is written last; then all is committed, before the block is left. An event that is known
        beforehand, because `tells` names it, may be written with the row that it tells of.

        Raises:
            AlreadyHandled: the operation has handled this message.
            NestedUnitOfWorkError: another unit of work is open.
        """
        delivery = current_delivery()
        is_recorded = delivery is not None and delivery.records and delivery.operation == operation
        return self._writing(operation, delivery if is_recorded else None, tells)

    @asynccontextmanager
    async def _writing(
        self, operation: str, delivery: Delivery | None, tells: EventDefinition[Any] | None = None
    ) -> AsyncIterator[UnitOfWork]:
        _refuse_nesting(operation)
        async with self._get_session() as session:
            work = UnitOfWork(operation, session, source=self.service, tells=tells)
            async with transaction(session, WRITING) as connection:
                if delivery is not None:
                    await inbox.record(connection, delivery)
                with _Owned(work):
                    yield work
                await flush_changes(session)
                await work.write_events(connection)
        work.wake_relays()

    @asynccontextmanager
    async def query(self, operation: str) -> AsyncIterator[UnitOfWork]:
        """Open the unit of work of an operation that only reads.

        Raises:
            NestedUnitOfWorkError: another unit of work is open.
            WriteInQueryError: the block changed something or published an event.
        """
        _refuse_nesting(operation)
        async with self._get_session() as session:
            work = QueryWork(operation, session)
            try:
                async with reading(session):
                    with _Owned(work):
                        yield work
            except DBAPIError as error:
                if _is_refused_write(error):
                    raise WriteInQueryError(
                        f"the query `{operation}` tried to change something. Give the operation another "
                        "method than GET in its spec."
                    ) from error
                raise

    def report_failure(
        self, operation: str, publish: PublishFunction[OperationFailed]
    ) -> AbstractAsyncContextManager[None]:
        """Publish what fails for good in the block, in a transaction of its own; the failure goes on.

        Without a message everything fails for good; with one an `OperationError` does, and any failure
        of the last attempt. A message that fails twice is reported under one id, and so once.
        """

        async def report(failure: OperationFailed) -> None:
            async with self._writing(operation, None) as work:
                await publish(failure, session=work.session)

        return reporting(operation, report)


def _refuse_nesting(operation: str) -> None:
    outer = current_recorder()
    if outer is not None:
        raise NestedUnitOfWorkError(
            f"`{operation}` was called inside the unit of work of `{outer.operation}`, which would make two "
            "transactions of one operation. Call the controller, or a repository, with the session at hand."
        )


class _Owned:
    """Hands a unit of work out: it takes events, and its session cannot be ended, until the block ends."""

    __slots__ = ("_recording", "_work")

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._recording = recording(work)

    def __enter__(self) -> None:
        refuse = _refusal(self._work.operation)
        session = self._work.session
        vars(session).update(dict.fromkeys(_GUARDED, refuse))
        vars(session.sync_session).update(dict.fromkeys(_GUARDED_INSIDE, refuse))
        self._recording.__enter__()

    def __exit__(self, *_: object) -> None:
        self._recording.__exit__()
        self._work.is_open = False
        session = self._work.session
        for name in _GUARDED:
            delattr(session, name)
        for name in _GUARDED_INSIDE:
            delattr(session.sync_session, name)


def _refusal(operation: str) -> Callable[..., NoReturn]:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise GuardedSessionError(
            f"this session belongs to the unit of work of `{operation}`, which commits when the "
            "operation succeeds, and rolls back when it raises. For a part that may fail by itself write "
            "`async with session.begin_nested():`."
        )

    return refuse


def _is_refused_write(error: DBAPIError) -> bool:
    """Whether the database refused to write because the transaction is for reading."""
    cause = error.orig
    is_postgres = getattr(cause, "sqlstate", None) == "25006"
    is_sqlite = getattr(cause, "sqlite_errorname", None) == "SQLITE_READONLY"
    return is_postgres or is_sqlite
