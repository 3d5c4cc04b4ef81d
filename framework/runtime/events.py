"""Event definitions, and the one way in which events are published."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from pydantic import BaseModel

from framework.runtime.delivery import current_delivery
from framework.runtime.envelope import JSON, CloudEvent, now, uuid7_text
from framework.runtime.telemetry.spans import spans

if TYPE_CHECKING:  # a service without a database does not load SQLAlchemy
    from sqlalchemy.ext.asyncio import AsyncSession

M = TypeVar("M", bound=BaseModel)
M_contra = TypeVar("M_contra", bound=BaseModel, contravariant=True)

RETENTION: Final = timedelta(hours=72)
"""How long an event is kept unless its spec says otherwise; what is still to be handled is kept longer."""


class PublishFailed(Exception):
    """The broker did not take the event, in spite of retries."""


class DualWriteError(RuntimeError):
    """An event would be sent although its transaction may still roll back."""


class ForeignSessionError(RuntimeError):
    """An event was given a session that is not that of the current unit of work."""


class Publisher(Protocol):
    """The side of the broker that publishes one event at once."""

    @property
    def source(self) -> str:
        """The CloudEvents `source` of what this process publishes."""

    async def publish(self, event: CloudEvent) -> None:
        """Send one event, with retries."""


class Recorder(Protocol):
    """A unit of work, as far as publishing sees it."""

    @property
    def operation(self) -> str:
        """The operation whose work it is."""

    @property
    def session(self) -> AsyncSession:
        """The one session that belongs to it."""

    @property
    def is_open(self) -> bool:
        """Whether it still takes events: a task that it left behind is outside."""

    source: str
    """CloudEvents' `source` of what it publishes."""
    tells: EventDefinition[Any] | None
    """The event that will be published in the end, if it is known which."""
    told: Told | None
    """That event, when it has been written together with the row that it tells of."""

    @property
    def has_recorded(self) -> bool:
        """Whether it holds events that are still to be written."""

    def record(self, event: CloudEvent) -> None:
        """Take an event into the transaction."""

    def settle(self, told: Told | None, *, is_committed: bool) -> None:
        """Refuse what follows the last row, but for the event that tells of it."""

    def has_told(self, event: EventDefinition[Any], message: BaseModel, source: str) -> bool:
        """Whether the event was written already, together with the row that it tells of."""


class PublishFunction(Protocol[M_contra]):
    """The shape of the generated `publish_<event>` functions."""

    async def __call__(self, event: M_contra, /, *, session: AsyncSession | None = None) -> None:
        """Publish `event`, in the unit of work of `session` if one is given."""


_recorder: ContextVar[Recorder | None] = ContextVar("framework_recorder", default=None)
_event_id: ContextVar[str | None] = ContextVar("framework_event_id", default=None)


@dataclass(frozen=True, slots=True)
class EventDefinition(Generic[M]):
    """An entry of the catalogue: `user.created` carries a `UserRead`, ordered by its field `id`."""

    name: str
    message: type[M]
    key: str | None
    retention: timedelta = RETENTION
    """How long the broker keeps what every subscriber has handled."""

    def data(self, message: M) -> bytes:
        """What an event with this message carries."""
        # As `model_dump_json`, which makes a text of these bytes.
        return message.__pydantic_serializer__.to_json(message, by_alias=True)

    def envelope(self, message: M, *, source: str) -> CloudEvent:
        """Wrap a message; cause and trace are those of the event being handled in this context.

        Raises:
            TypeError: the message is of another class than the event carries.
        """
        if not isinstance(message, self.message):
            wanted, given = self.message.__name__, type(message).__name__
            raise TypeError(f"the event `{self.name}` carries a {wanted}, not a {given}")
        delivery = current_delivery()
        key = None if self.key is None else getattr(message, self.key)
        key = None if key is None else str(key)
        return CloudEvent.trusted(
            id=_event_id.get() or uuid7_text(),
            source=source,
            type=self.name,
            time=now(),
            data=self.data(message),
            subject=key,
            datacontenttype=JSON,
            dataschema=None,
            partitionkey=key,
            sequence=None,
            causationid=delivery.event.id if delivery else None,
            traceparent=spans().traceparent(),
            extensions={},
        )


@dataclass(slots=True)
class Told:
    """An event that stands in the outbox, before it has been published."""

    definition: EventDefinition[Any]
    id: str
    source: str
    key: str
    data: bytes
    is_published: bool = field(default=False, init=False)
    """Whether it has been published since, with a message that says the same."""

    def is_event(self, event: CloudEvent) -> bool:
        """Whether that event says the same."""
        return (self.definition.name, self.source, self.key, self.data) == (
            event.type,
            event.source,
            event.partitionkey,
            event.data,
        )

    def says(self, definition: EventDefinition[Any], message: BaseModel, source: str) -> bool:
        """Whether it is this event with this message, from there."""
        return (definition, source) == (self.definition, self.source) and definition.data(
            message
        ) == self.data


async def publish(
    broker: Publisher, event: EventDefinition[M], message: M, session: AsyncSession | None
) -> None:
    """Publish a message as an event: with a session in its unit of work, without one straight to the broker.

    Raises:
        DualWriteError: no session was given inside a unit of work.
        ForeignSessionError: the session given is not that of the current unit of work.
        PublishFailed: the broker did not take the event.
        TypeError: the message is of another class than the event carries.
    """
    work = current_recorder()
    if work is not None and work.session is session and work.has_told(event, message, broker.source):
        return
    with spans().publishing(event.name, is_sent=session is None) as note_id:
        envelope = event.envelope(message, source=broker.source)
        note_id(envelope.id)
        if session is None:
            if work is not None:
                raise DualWriteError(_dual_write(event.name, work.operation))
            await _publish_now(broker, envelope)
        elif work is None or work.session is not session:
            raise ForeignSessionError(_foreign_session(event.name, work))
        else:
            work.record(envelope)


async def _publish_now(broker: Publisher, envelope: CloudEvent) -> None:
    try:
        await broker.publish(envelope)
    except PublishFailed:
        raise
    except Exception as error:
        raise PublishFailed(f"`{envelope.type}` could not be published: {error}") from error


def _dual_write(name: str, operation: str) -> str:
    function = "publish_" + name.replace(".", "_")
    return (
        f"`{name}` was published inside `{operation}` without its session: it would be sent even if "
        f"the transaction rolls back. Write `await {function}(..., session=session)`."
    )


def _foreign_session(name: str, work: Recorder | None) -> str:
    if work is None:
        return (
            f"`{name}` was published with a session, but outside a unit of work: nobody would commit it. "
            "Pass a session only where an operation handed it to you, else leave it out."
        )
    return f"`{name}` was published with another session than that of `{work.operation}`, whose work this is."


def has_event_id() -> bool:
    """Whether `with_event_id` holds."""
    return _event_id.get() is not None


def current_recorder() -> Recorder | None:
    """Tell the open unit of work of this context."""
    recorder = _recorder.get()
    return recorder if recorder is not None and recorder.is_open else None


def begin_recording(recorder: Recorder) -> Token[Recorder | None]:
    """Make `recorder` the current unit of work, until `end_recording` is called with what this returns."""
    return _recorder.set(recorder)


end_recording: Final = _recorder.reset


@contextmanager
def recording(recorder: Recorder) -> Iterator[None]:
    """Make `recorder` the current unit of work for the block."""
    token = begin_recording(recorder)
    try:
        yield
    finally:
        end_recording(token)


@contextmanager
def with_event_id(event_id: str) -> Iterator[None]:
    """Give what is published in the block this id, instead of a new one."""
    token = _event_id.set(event_id)
    try:
        yield
    finally:
        _event_id.reset(token)
