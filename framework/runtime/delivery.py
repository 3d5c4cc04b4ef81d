"""Which message is being handled here: set by the consumer, read by the unit of work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from framework.runtime.envelope import CloudEvent
from framework.runtime.errors import OperationError


class AlreadyHandled(Exception):
    """The event was handled before: its effects are committed, so that it is to be acknowledged."""


@dataclass(slots=True)  # frozen ones take three times as long to make, and there is one for each event
class Delivery:
    """One attempt to handle one event with one operation."""

    envelope: CloudEvent | Callable[[], CloudEvent]
    """The event, or what makes it when somebody asks for it."""
    operation: str
    """The operation subscribed, `users.process_user_import`."""
    records: bool
    """Whether the unit of work of that operation records the event in the inbox."""
    is_final: bool
    """Whether the event is not tried again when this attempt fails, whatever the failure."""
    again: datetime | None = None
    """When somebody asked that the event be handled once more, whatever had been handled before then."""

    @property
    def event(self) -> CloudEvent:
        """What is handled."""
        if not isinstance(self.envelope, CloudEvent):
            self.envelope = self.envelope()
        return self.envelope

    def ends_with(self, error: Exception) -> bool:
        """Whether the event is not tried again after `error`: an `OperationError` would come again."""
        return self.is_final or isinstance(error, OperationError)


_current: ContextVar[Delivery | None] = ContextVar("framework_delivery", default=None)


def current_delivery() -> Delivery | None:
    """Tell what is being handled in this context; None outside a handler."""
    return _current.get()


def begin_handling(delivery: Delivery) -> None:
    """Make `delivery` the current one for the rest of this context."""
    _current.set(delivery)


@contextmanager
def handling(delivery: Delivery) -> Iterator[None]:
    """Make `delivery` the current one for the block."""
    token = _current.set(delivery)
    try:
        yield
    finally:
        _current.reset(token)
