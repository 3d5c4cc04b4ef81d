"""What is told of the handling of events, to whoever counts it or makes spans of it."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framework.runtime.delivery import Delivery
    from framework.runtime.subscription import Subscription


class AttemptOutcome(StrEnum):
    """What came of one try to handle one event."""

    HANDLED = "handled"
    SUPPRESSED = "suppressed"
    """The inbox had it: nothing was done."""
    RETRIED = "retried"
    """The handler failed; the event is tried again later."""
    DEAD = "dead"
    """It is kept among the dead letters."""
    OUTAGE = "outage"
    """Something that the handler needs was down; the event is tried again when that is back."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to handle one event that has ended."""

    event: str
    operation: str
    """Both are empty for what was sent again to a service that has stopped to subscribe."""
    outcome: AttemptOutcome
    seconds: float
    error: Exception | None = None
    is_redrive: bool = False
    """Whether it was the first try of what was sent again on purpose, mostly from the dead letters."""


class Observer:
    """Does nothing; subclasses do. A consumer without observers does not even ask."""

    def handling(self, delivery: Delivery, subscription: Subscription) -> AbstractContextManager[object]:
        """Stand around the handler of one event."""
        return nullcontext()

    def attempted(self, attempt: Attempt) -> None:
        """Be told what came of it."""
