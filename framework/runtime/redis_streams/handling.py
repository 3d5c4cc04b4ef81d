"""One try to handle one entry: from the bytes in the stream to the handler, and what came of it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from enum import Enum, auto

from framework.runtime.delivery import AlreadyHandled, Delivery, handling
from framework.runtime.envelope import CloudEvent, InvalidEnvelope
from framework.runtime.errors import OperationError
from framework.runtime.outage import Dependency
from framework.runtime.redis_streams.bridge import Bridge, Deliver
from framework.runtime.redis_streams.declarations import UndecodableEvent
from framework.runtime.redis_streams.group import Entry
from framework.runtime.redis_streams.wire import decode
from framework.runtime.transport import Subscription

logger = logging.getLogger(__name__)

REFUSALS = (OperationError, UndecodableEvent)
"""What is raised on purpose, and is nobody else's fault."""


class Outcome(Enum):
    """What came of a try."""

    HANDLED = auto()
    SUPPRESSED = auto()
    """It had been handled before: nothing was done."""
    FAILED = auto()
    """By its own fault; it stays pending."""


class Handling:
    """The handlers of one group."""

    def __init__(
        self, subscriptions: Mapping[str, Subscription], bridge: Bridge, dependencies: Sequence[Dependency]
    ) -> None:
        """`subscriptions` by stream; `dependencies` are what a handler needs to work."""
        self.dependencies = dependencies
        self._subscriptions = subscriptions
        self._bridge = bridge
        self._ways: Mapping[str, Deliver] = {}

    async def open(self) -> None:
        """Make the handlers ready to be called."""
        self._ways = await self._bridge.open()

    async def close(self) -> None:
        """Close what the handlers had open."""
        await self._bridge.close()

    async def attempt(self, entry: Entry) -> Outcome | Dependency:
        """Try once; if an outage is to blame, returns the dependency that has to come back first."""
        subscription = self._subscriptions[entry.stream]
        try:
            event = decode(entry.fields)
        except InvalidEnvelope as error:
            logger.error("%s cannot read entry %s: %s", _name(subscription, entry), entry.id.decode(), error)
            return Outcome.FAILED
        try:
            with handling(Delivery(event, subscription.operation, subscription.records, is_final=False)):
                await self._ways[entry.stream](entry.id, entry.fields)
        except AlreadyHandled:
            logger.info("%s has handled event %s before", subscription.operation, event.id)
            return Outcome.SUPPRESSED
        except Exception as error:
            return await self._failure(subscription, entry, event, error)
        return Outcome.HANDLED

    async def _failure(
        self, subscription: Subscription, entry: Entry, event: CloudEvent, error: Exception
    ) -> Outcome | Dependency:
        """Whose fault it was. Here a retry will be parked, or the event written to the dead letters."""
        if not isinstance(error, REFUSALS):
            for dependency in self.dependencies:
                if await dependency.failure() is not None:
                    return dependency
        logger.error(
            "%s failed on event %s, delivery %d; it is tried again after its lease: %s",
            _name(subscription, entry),
            event.id,
            entry.deliveries,
            _words(error),
            exc_info=error if _needs_traceback(entry, error) else None,
        )
        return Outcome.FAILED


def _name(subscription: Subscription, entry: Entry) -> str:
    return f"{subscription.operation} ({entry.stream})"


def _needs_traceback(entry: Entry, error: Exception) -> bool:
    """Once for an entry, and never where the message says all: a refusal, a controller not yet written."""
    return entry.deliveries == 1 and not isinstance(error, (*REFUSALS, NotImplementedError))


def _words(error: Exception) -> str:
    """The error in one line."""
    message = " ".join(str(error).splitlines())
    return f"{type(error).__name__}: {message}" if message else type(error).__name__
