"""The unit of work: one session, one transaction, and the events published in it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel
from sqlalchemy import Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from typing_extensions import TypeForm

from framework.runtime.answers import checked
from framework.runtime.database import begin_reading, begin_writing, begins_late, commit, roll_back
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
from framework.runtime.refusals import (
    GuardedSessionError,
    NestedUnitOfWorkError,
    SettledWorkError,
    WriteInQueryError,
)
from framework.runtime.sessions import (
    ServiceSession,
    SessionFactory,
    allow_statements,
    has_changes,
    own,
    refuse_statements,
)

__all__ = [
    "GuardedSessionError",
    "NestedUnitOfWorkError",
    "QueryWork",
    "SettledWorkError",
    "UnitOfWork",
    "UnitOfWorkFactory",
    "WriteInQueryError",
]

logger = logging.getLogger(__name__)

T = TypeVar("T")


class UnitOfWork:
    """The work of one operation. Its session belongs to it, and it alone ends the transaction."""

    source: str
    """That of events which tell of a row, and are written with it."""
    tells: EventDefinition[Any] | None
    """The event that will be published in the end, if it is known which."""
    told: Told | None = None
    """That event, when it has been written."""
    is_committed = False
    """Whether all of it has been committed already, by the statement that inserted its last row."""
    is_open = True
    events: list[CloudEvent]
    _last: _Last | None = None

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
        self.tells = tells
        self.events = []

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
        if not self.events and self.told is None:
            return
        partitions = {outbox.partition_of(event) for event in self.events}
        if self.told is not None:
            partitions.add(outbox.partition_of_key(self.told.key))
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

    async def finish(self) -> None:
        """Write what was changed in memory, so that the database refuses it."""
        if has_changes(self.session):
            await self.session.flush()

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
        return _Command(self._get_session, operation, self.service, delivery if is_recorded else None, tells)

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
            async with _Command(self._get_session, operation, self.service, None, None) as work:
                await publish(failure, session=work.session)

        return reporting(operation, report)


class _Block(AbstractAsyncContextManager[UnitOfWork]):
    """A session of its own, and the work handed out.

    The work takes events, and alone ends the transaction of its session, until the block ends. It is written
    out, since a service does this for every request.
    """

    __slots__ = ("_get_session", "_opened", "_operation", "_token", "_turn", "_work")

    _get_session: SessionFactory
    _operation: str
    _opened: AbstractAsyncContextManager[AsyncSession]
    _work: UnitOfWork
    _turn: asyncio.Lock | None
    """What it holds while it writes, where only one may."""

    async def _open(self) -> AsyncSession:
        outer = current_recorder()
        if outer is not None:
            _refuse_nesting(self._operation, outer.operation)
        self._opened = self._get_session()
        return await self._opened.__aenter__()

    def _hand_out(self) -> UnitOfWork:
        work = self._work
        own(work.session, work.operation)
        self._token = begin_recording(work)
        return work

    def _take_back(self) -> None:
        work = self._work
        end_recording(self._token)
        work.is_open = False
        own(work.session, None)

    async def _leave(self, error: BaseException | None) -> None:
        """End the transaction, then the session."""
        try:
            await self._end(error)
        except BaseException as failure:
            await self._opened.__aexit__(*_details(failure))
            raise
        await self._opened.__aexit__(*_details(error))

    async def _end(self, error: BaseException | None) -> None:
        """Commit what was done; roll it back if there was an error, or is one now."""
        session = self._work.session
        try:
            if error is not None:
                await roll_back(session)
                return
            try:
                await self._work.finish()
                await commit(session)
            except BaseException:
                await roll_back(session)
                raise
        finally:
            if self._turn is not None:
                self._turn.release()


def _refuse_nesting(operation: str, outer: str) -> NoReturn:
    raise NestedUnitOfWorkError(
        f"`{operation}` was called inside the unit of work of `{outer}`, which would make two "
        "transactions of one operation. Call the controller, or a repository, with the session at hand."
    )


def _details(
    error: BaseException | None,
) -> tuple[type[BaseException] | None, BaseException | None, TracebackType | None]:
    return (None, None, None) if error is None else (type(error), error, error.__traceback__)


class _Command(_Block):
    """The unit of work of an operation that changes something."""

    __slots__ = ("_delivery", "_source", "_tells")

    def __init__(
        self,
        get_session: SessionFactory,
        operation: str,
        source: str,
        delivery: Delivery | None,
        tells: EventDefinition[Any] | None,
    ) -> None:
        self._get_session = get_session
        self._operation = operation
        self._source = source
        self._delivery = delivery
        self._tells = tells
        self._turn = None

    async def __aenter__(self) -> UnitOfWork:
        session = await self._open()
        self._work = UnitOfWork(self._operation, session, source=self._source, tells=self._tells)
        if self._delivery is not None or not begins_late(session):
            await self._begin(session)
        return self._hand_out()

    async def _begin(self, session: AsyncSession) -> None:
        try:
            if not begins_late(session):
                self._turn = await begin_writing(session)
            if self._delivery is not None:
                await inbox.record(await session.connection(), self._delivery)
        except BaseException as error:
            await self._leave(error)
            raise

    async def __aexit__(self, type_: object, error: BaseException | None, traceback: object) -> None:
        self._take_back()
        await self._leave(error)
        if self._work.is_committed and error is not None:
            logger.error("%s failed after its last row had been committed, which stays", self._operation)
        if error is None or self._work.is_committed:
            self._work.wake_relays()


class _Query(_Block):
    """The unit of work of an operation that only reads."""

    __slots__ = ("_stands_alone",)

    def __init__(self, get_session: SessionFactory, operation: str) -> None:
        self._get_session = get_session
        self._operation = operation
        self._turn = None

    async def __aenter__(self) -> UnitOfWork:
        session = await self._open()
        self._work = QueryWork(self._operation, session)
        self._stands_alone = isinstance(session, ServiceSession) and session.read_by_statements()
        if not self._stands_alone:
            await self._begin(session)
        return self._hand_out()

    async def _begin(self, session: AsyncSession) -> None:
        try:
            await begin_reading(session)
        except BaseException as error:
            await self._leave(error)
            raise

    async def _end(self, error: BaseException | None) -> None:
        if not self._stands_alone:
            await super()._end(error)
        elif error is None:
            await self._work.finish()

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
                f"the query `{self._operation}` tried to change something, or to lock it "
                "(`with_for_update`). Give the operation another method than GET in its spec, or only read."
            ) from error


def _is_refused_write(error: DBAPIError) -> bool:
    """Whether the database refused to write because the transaction is for reading."""
    cause = error.orig
    is_postgres = getattr(cause, "sqlstate", None) == "25006"
    is_sqlite = getattr(cause, "sqlite_errorname", None) == "SQLITE_READONLY"
    return is_postgres or is_sqlite
