"""One try to handle one entry: from the bytes in the stream to the handler, and what came of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from typing import Final

from framework.runtime.delivery import AlreadyHandled, Delivery, begin_handling
from framework.runtime.envelope import CloudEvent, InvalidEnvelope
from framework.runtime.errors import OperationError
from framework.runtime.outage import Dependency
from framework.runtime.redis_streams.bridge import Bridge, Deliver
from framework.runtime.redis_streams.dead_letters import Failure, one_line
from framework.runtime.redis_streams.declarations import UndecodableEvent
from framework.runtime.redis_streams.group import Entry
from framework.runtime.redis_streams.redrives import Origin
from framework.runtime.redis_streams.wire import decode, receive
from framework.runtime.subscription import Subscription

logger = logging.getLogger(__name__)

CRASH_LIMIT: Final = 5
"""After how many deliveries that ended without a word an event is given up."""


class CrashLoop(Exception):
    """Too many deliveries ended without a word: their process died, or was paused beyond its lease."""


class NotSubscribed(Exception):
    """An event was sent again to a service that has no operation for it any more."""


class HandlerCancelled(Exception):
    """A handler let a cancellation out that nobody had asked for."""


_GIVEN_UP: Final = (InvalidEnvelope, UndecodableEvent, CrashLoop)
"""It would be the same the next time."""
_PLAIN: Final = (*_GIVEN_UP, OperationError, NotImplementedError)
"""The message says all, and no outage is to blame: a refusal, a controller not yet written."""


class Outcome(Enum):
    """What came of a try that needs no other."""

    HANDLED = auto()
    SUPPRESSED = auto()
    """It had been handled before: nothing was done."""


class Handling:
    """The handlers of one group."""

    def __init__(
        self, subscriptions: Mapping[str, Subscription], bridge: Bridge, dependencies: Sequence[Dependency]
    ) -> None:
        """`subscriptions` by stream; `dependencies` are what a handler needs to work."""
        self.dependencies = dependencies
        self.is_stopping = False
        """Whether a handler that is cancelled from now on was cancelled by us."""
        self._subscriptions = subscriptions
        self._bridge = bridge
        self._ways: Mapping[str, Deliver] = {}

    async def open(self) -> None:
        """Make the handlers ready to be called."""
        self._ways = await self._bridge.open()

    async def close(self) -> None:
        """Close what the handlers had open."""
        await self._bridge.close()

    async def attempt(self, entry: Entry) -> Outcome | Failure | Dependency:
        """Try once; if an outage is to blame, returns the dependency that has to come back first.

        To be called in a context of its own: the delivery is the current one for the rest of it.
        """
        subscription = self._subscriptions.get(entry.event_stream)
        if subscription is None:
            return _orphaned(entry)
        delivery = None
        try:
            body, event = receive(entry.message)
            delivery = _delivery(event, entry, subscription)
            begin_handling(delivery)
            return await self._deliver(entry, delivery, body)
        except Exception as error:
            outage = None if isinstance(error, _PLAIN) else await self._find_outage()
            return outage or _failure(entry, subscription, delivery, error)

    async def _deliver(self, entry: Entry, delivery: Delivery, body: bytes) -> Outcome:
        if entry.behind.crashes >= CRASH_LIMIT:
            raise CrashLoop(
                f"{entry.behind.crashes} deliveries ended with the death, or a long pause, of a process"
            )
        try:
            await self._ways[entry.event_stream](entry, body)
        except AlreadyHandled:
            logger.info("%s has handled event %s before", delivery.operation, delivery.event.id)
            return Outcome.SUPPRESSED
        except asyncio.CancelledError:
            if self.is_stopping:
                raise
            _take_back_cancellation()
            raise HandlerCancelled("the handler cancelled itself") from None
        return Outcome.HANDLED

    async def _find_outage(self) -> Dependency | None:
        """Whom to blame instead of the handler."""
        for dependency in self.dependencies:
            if await dependency.failure() is not None:
                return dependency
        return None


def _delivery(
    event: CloudEvent | Callable[[], CloudEvent], entry: Entry, subscription: Subscription
) -> Delivery:
    return Delivery(
        event,
        subscription.operation,
        subscription.records,
        is_final=entry.behind.failures >= len(subscription.retry_delays),
        again=entry.origin.again if entry.origin else None,
    )


def _take_back_cancellation() -> None:
    """The task goes on: it has other entries to handle."""
    task = asyncio.current_task()
    while task is not None and task.cancelling():
        task.uncancel()


def _orphaned(entry: Entry) -> Failure:
    """What is told of an entry of the redrive stream that no operation is there for."""
    origin = entry.origin or Origin(entry.stream, entry.id.decode())
    try:
        event = decode(entry.fields)
    except InvalidEnvelope:
        event = None
    error = NotSubscribed(f"no operation of this service handles the events of {origin.stream!r}")
    logger.error("entry %s is kept among the dead letters: %s", origin.id, one_line(error))
    return Failure(origin.operation, event, error, None, is_unexpected=False)


def _failure(
    entry: Entry, subscription: Subscription, delivery: Delivery | None, error: Exception
) -> Failure:
    """What is told about a failure, and whether the event is tried again; also said in the log."""
    is_given_up = delivery is None or delivery.ends_with(error) or isinstance(error, _GIVEN_UP)
    delay = None if is_given_up else subscription.retry_delays[entry.behind.failures]
    is_unexpected = not isinstance(error, _PLAIN)
    what = f"event {delivery.event.id}" if delivery else f"entry {entry.id.decode()}"
    then = f"is tried again in {delay:g} s" if delay is not None else "is kept among the dead letters"
    logger.error(
        "%s (%s) failed on %s, delivery %d; it %s: %s",
        subscription.operation,
        subscription.event.name,
        what,
        entry.deliveries,
        then,
        one_line(error),
        # Once for an event: its later failures are mostly the same.
        exc_info=error if is_unexpected and not entry.behind.failures else None,
    )
    return Failure(subscription.operation, delivery.event if delivery else None, error, delay, is_unexpected)
