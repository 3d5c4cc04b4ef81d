"""The unit of work: one session, one transaction, and the events published in it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Any, Final, NoReturn, TypeVar

from pydantic import BaseModel
from sqlalchemy import Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from typing_extensions import TypeForm

from framework.runtime.answers import checked
from framework.runtime.database import WRITING, reading, transaction
from framework.runtime.delivery import Delivery, current_delivery
from framework.runtime.envelope import CloudEvent
from framework.runtime.events import (
    EventDefinition,
    PublishFunction,
    Told,
    begin_recording,
    current_recorder,
    end_recording,
)
from framework.runtime.failures import OperationFailed, reporting
from framework.runtime.inbox import recording as inbox
from framework.runtime.outbox import writing as outbox
from framework.runtime.sessions import (
    Refusal,
    SessionFactory,
    allow_statements,
    has_changes,
    overrides,
    refuse_statements,
)

logger = logging.getLogger(__name__)

T = TypeVar("T")

_GUARDED: Final = ("begin", "commit", "rollback", "close", "reset", "invalidate")
# The inner session's `begin` makes savepoints too.
_GUARDED_INSIDE: Final = ("commit", "rollback", "close", "reset", "invalidate")


class GuardedSessionError(RuntimeError):
    """The transaction of a unit of work was to be ended by someone else."""


class NestedUnitOfWorkError(RuntimeError):
    """An operation was called inside the unit of work of another."""


class WriteInQueryError(RuntimeError):
    """A query tried to change something."""


class SettledWorkError(RuntimeError):
    """An operation went on after the row that was to be its last."""


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
        self.is_committed = False
        """Whether all of it has been committed already, by the statement that inserted its last row."""
        self.is_open = True
        self.events: list[CloudEvent] = []
        self._last: _Last | None = None

    def record(self, event: CloudEvent) -> None:
        """Take an event into the transaction: it is published if, and only if, that is committed."""
        self.events.append(event)

    @property
    def has_recorded(self) -> bool:
        """Whether it holds events that are still to be written."""
        return bool(self.events)

    def checked(self, answer: T, kind: TypeForm[T]) -> T:
        """What the controller returned, if it is what it said: else nothing of the work may stay.

        Raises:
            WrongAnswerError: it is something else.
        """
        return checked(answer, kind)

    def has_told(self, event: EventDefinition[Any], message: BaseModel, source: str) -> bool:
        """Whether this event was written with the row that it tells of; from now on it is published."""
        told = self.told
        if told is None or told.is_published or not told.says(event, message, source):
            return False
        told.is_published = True
        return True

    def settle(self, told: Told | None, *, is_committed: bool) -> None:
        """Refuse what follows the last row, on every database: on PostgreSQL it may be committed already.

        `told` is the event that tells of the row, if it is known; then it has to be published.
        """
        self.is_committed = is_committed
        self._last = _Last(told, len(self.events))
        refuse_statements(self.session, self._refuse_more)

    async def execute(self, statement: Executable, values: Mapping[str, object]) -> None:
        """Execute a statement of the runtime's own, which may follow the last row."""
        refuse = allow_statements(self.session)
        try:
            await self.session.execute(statement, values)
        finally:
            if refuse is not None:
                refuse_statements(self.session, refuse)

    async def finish(self) -> None:
        """Write what was changed in memory and what was published, and take back what was not."""
        if has_changes(self.session):
            await self.session.flush()
        if self._last is not None:
            if not self._last.is_kept_by(self):
                self._refuse_more()
            allow_statements(self.session)
        if self.told is not None and not self.told.is_published:
            await outbox.withdraw(await self.session.connection(), self.told.id)
            self.told = None
        if self.events:
            await outbox.write(await self.session.connection(), self.events)

    def _refuse_more(self, *_: object, **__: object) -> NoReturn:
        raise SettledWorkError(
            f"`{self.operation}` went on after `last_row`, or published another event than that of the row: "
            "nothing may follow that, not even a read. On PostgreSQL row and event may have been committed "
            "by then, and stay; all else is undone. Insert by `row` if more is done."
        )

    def wake_relays(self) -> None:
        """Tell the relays of what is committed now."""
        partitions = {outbox.partition_of(event) for event in self.events}
        if self.told is not None:
            partitions.add(outbox.partition_of_key(self.told.key))
        if partitions:
            outbox.wake_relays(partitions)


@dataclass(frozen=True, slots=True)
class _Last:
    """What was known when the last row had been inserted."""

    told: Told | None
    """The event that tells of it."""
    recorded: int
    """How many events there were."""

    def is_kept_by(self, work: UnitOfWork) -> bool:
        """Whether nothing was published since but the event of the row."""
        later = work.events[self.recorded :]
        if self.told is None:
            return len(later) <= 1 and all(work.tells and each.type == work.tells.name for each in later)
        if work.told is not None:  # it was written with the row
            return work.told.is_published and not later
        return len(later) == 1 and self.told.is_event(later[0])


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

    def _writing(
        self, operation: str, delivery: Delivery | None, tells: EventDefinition[Any] | None = None
    ) -> _Command:
        return _Command(self._get_session, operation, self.service, delivery, tells)

    def query(self, operation: str) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open the unit of work of an operation that only reads.

        Raises:
            NestedUnitOfWorkError: another unit of work is open.
            WriteInQueryError: the block changed something or published an event.
        """
        return _Query(self._get_session, operation)

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


class _Block(AbstractAsyncContextManager[UnitOfWork]):
    """A session of its own, what surrounds the work in it, and the work handed out.

    The work takes events, and its session cannot be ended, until the block ends. It is written out, since a
    service does this for every request.
    """

    __slots__ = ("_around", "_get_session", "_opened", "_token", "_work")

    _work: UnitOfWork
    _around: AbstractAsyncContextManager[Any]

    def __init__(self, get_session: SessionFactory) -> None:
        self._get_session = get_session

    def _surround(self, session: AsyncSession) -> None:
        """Make the work, and what surrounds it."""
        raise NotImplementedError

    async def _enter(self) -> None:
        self._opened = self._get_session()
        session = await self._opened.__aenter__()
        try:
            self._surround(session)
            await self._around.__aenter__()
        except BaseException as error:
            await self._opened.__aexit__(*_details(error))
            raise

    def _hand_out(self) -> UnitOfWork:
        work = self._work
        outside, inside = _guards(work.operation)
        vars(work.session).update(outside)
        overrides(work.session).update(inside)
        self._token = begin_recording(work)
        return work

    def _take_back(self) -> None:
        work = self._work
        end_recording(self._token)
        work.is_open = False
        outside, inside = vars(work.session), overrides(work.session)
        for name in _GUARDED:
            del outside[name]
        for name in _GUARDED_INSIDE:
            del inside[name]

    async def _leave(self, error: BaseException | None) -> None:
        try:
            await self._around.__aexit__(*_details(error))
        except BaseException as failure:
            await self._opened.__aexit__(*_details(failure))
            raise
        await self._opened.__aexit__(*_details(error))


def _details(
    error: BaseException | None,
) -> tuple[type[BaseException] | None, BaseException | None, TracebackType | None]:
    return (None, None, None) if error is None else (type(error), error, error.__traceback__)


class _Command(_Block):
    """The unit of work of an operation that changes something."""

    __slots__ = ("_delivery", "_operation", "_source", "_tells")

    def __init__(
        self,
        get_session: SessionFactory,
        operation: str,
        source: str,
        delivery: Delivery | None,
        tells: EventDefinition[Any] | None,
    ) -> None:
        super().__init__(get_session)
        self._operation = operation
        self._source = source
        self._delivery = delivery
        self._tells = tells

    def _surround(self, session: AsyncSession) -> None:
        self._work = UnitOfWork(self._operation, session, source=self._source, tells=self._tells)
        self._around = transaction(session, WRITING, self._work.finish)

    async def __aenter__(self) -> UnitOfWork:
        _refuse_nesting(self._operation)
        await self._enter()
        if self._delivery is not None:
            try:
                await inbox.record(await self._work.session.connection(), self._delivery)
            except BaseException as error:
                await self._leave(error)
                raise
        return self._hand_out()

    async def __aexit__(self, type_: object, error: BaseException | None, traceback: object) -> None:
        self._take_back()
        await self._leave(error)
        if self._work.is_committed and error is not None:
            logger.error("%s failed after its last row had been committed, which stays", self._operation)
        if error is None or self._work.is_committed:
            self._work.wake_relays()


class _Query(_Block):
    """The unit of work of an operation that only reads."""

    __slots__ = ("_operation",)

    def __init__(self, get_session: SessionFactory, operation: str) -> None:
        super().__init__(get_session)
        self._operation = operation

    def _surround(self, session: AsyncSession) -> None:
        self._work = QueryWork(self._operation, session)
        self._around = reading(session)

    async def __aenter__(self) -> UnitOfWork:
        _refuse_nesting(self._operation)
        await self._enter()
        return self._hand_out()

    async def __aexit__(self, type_: object, error: BaseException | None, traceback: object) -> None:
        self._take_back()
        try:
            await self._leave(error)
        except DBAPIError as failure:
            self._refuse_write(failure)
            raise
        self._refuse_write(error)

    def _refuse_write(self, error: BaseException | None) -> None:
        if isinstance(error, DBAPIError) and _is_refused_write(error):
            raise WriteInQueryError(
                f"the query `{self._operation}` tried to change something. Give the operation another "
                "method than GET in its spec."
            ) from error


@cache
def _guards(operation: str) -> tuple[Mapping[str, Refusal], Mapping[str, Refusal]]:
    """What takes the place of the methods that end the transaction of an operation, and of those inside."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise GuardedSessionError(
            f"this session belongs to the unit of work of `{operation}`, which commits when the "
            "operation succeeds, and rolls back when it raises. For a part that may fail by itself write "
            "`async with session.begin_nested():`."
        )

    return dict.fromkeys(_GUARDED, refuse), dict.fromkeys(_GUARDED_INSIDE, refuse)


def _is_refused_write(error: DBAPIError) -> bool:
    """Whether the database refused to write because the transaction is for reading."""
    cause = error.orig
    is_postgres = getattr(cause, "sqlstate", None) == "25006"
    is_sqlite = getattr(cause, "sqlite_errorname", None) == "SQLITE_READONLY"
    return is_postgres or is_sqlite
