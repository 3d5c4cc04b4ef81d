"""Where spans begin, for code that need not know whether traces are on: unless they are, nothing happens."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, ClassVar, Final

from framework.runtime.delivery import current_delivery

if TYPE_CHECKING:
    import httpx

Note = Callable[[Any], None]
"""Tells a span what was learned while it was open."""


def _forget(_: object) -> None:
    """Nobody wants to know."""


_NOTHING: Final = nullcontext(_forget)


class Spans:
    """Makes none. What is installed in its place, when a service starts, makes those of OpenTelemetry."""

    are_made: ClassVar[bool] = False
    """Whether anybody looks at them."""

    def publishing(self, event: str, *, is_sent: bool) -> AbstractContextManager[Note]:
        """Stand around the making of an event, and its sending if it is sent at once; takes its id."""
        return _NOTHING

    def calling(self, request: httpx.Request) -> AbstractContextManager[Note]:
        """Stand around one try to call another service; takes the status that was answered."""
        return _NOTHING

    def updating(self, update: int | None) -> AbstractContextManager[object]:
        """Stand around the handling of one update of a bot."""
        return _NOTHING

    def traceparent(self) -> str | None:
        """W3C trace context at hand, to be passed on: here that of the event being handled."""
        delivery = current_delivery()
        return delivery.event.traceparent if delivery else None


_installed = Spans()


def spans() -> Spans:
    """The ones of this process."""
    return _installed


def install(instead: Spans) -> None:
    """Have these from now on."""
    global _installed
    _installed = instead


def trace_id() -> str | None:
    """The id of the trace at hand, in hexadecimal digits."""
    parts = (spans().traceparent() or "").split("-")
    return parts[1] if len(parts) == 4 else None
