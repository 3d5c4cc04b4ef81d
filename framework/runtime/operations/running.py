"""A running service, for what tells its operators about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from framework.runtime.transport import Probe

if TYPE_CHECKING:  # a service without a database does not load SQLAlchemy
    from framework.runtime.broker import EventBroker
    from framework.runtime.database import Database


@dataclass(frozen=True, slots=True)
class RunningService:
    """A service as its operators see it."""

    name: str
    broker: EventBroker
    database: Database | None
    handles_events: bool
    """Whether it is a consumer group, named as the service."""
    checks: Mapping[str, Probe]
    """Look at what it cannot work without; each raises if that is out of order."""
    is_started: Callable[[], bool]
    ended: Callable[[], str | None]
    """Tells which of its parts has ended for good; None as long as all of them run."""
    lost_leases: Callable[[], int] = lambda: 0
    """As `Consumer.lost_leases`."""
