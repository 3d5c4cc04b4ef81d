"""What a service has to do with an event."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from framework.runtime.events import EventDefinition

Handler = Callable[..., Awaitable[None]]
"""Takes the decoded message first; the rest is injected by FastStream."""

RETRY_DELAYS: Final = (1.0, 5.0, 30.0)
"""Seconds before the second, third and fourth try, unless the spec of the operation says otherwise."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One operation of one service that handles one event."""

    event: EventDefinition[Any]
    group: str
    """The service: each group gets every event once, shared among the replicas of the service."""
    operation: str
    """`<domain>.<operation>`."""
    records: bool
    """Whether the operation's unit of work records the event in the inbox, and so refuses a second time."""
    handler: Handler
    retry_delays: tuple[float, ...] = RETRY_DELAYS
    """Seconds from each failure of the handler to the next try; after the last it is given up."""
