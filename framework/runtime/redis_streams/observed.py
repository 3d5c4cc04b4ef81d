"""Handling that tells observers of each try; it stands in for the plain one where there are any."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Final

from framework.runtime.delivery import Delivery
from framework.runtime.outage import Dependency
from framework.runtime.redis_streams.bridge import Bridge
from framework.runtime.redis_streams.dead_letters import Failure
from framework.runtime.redis_streams.group import Entry
from framework.runtime.redis_streams.handling import Handling, Outcome
from framework.runtime.subscription import Subscription
from framework.runtime.telemetry.observer import Attempt, AttemptOutcome, Observer

_OUTCOMES: Final = {
    Outcome.HANDLED: AttemptOutcome.HANDLED,
    Outcome.SUPPRESSED: AttemptOutcome.SUPPRESSED,
}


class ObservedHandling(Handling):
    """The handlers of one group, watched."""

    def __init__(
        self,
        subscriptions: Mapping[str, Subscription],
        bridge: Bridge,
        dependencies: Sequence[Dependency],
        observers: Sequence[Observer],
    ) -> None:
        super().__init__(subscriptions, bridge, dependencies)
        self._observers = observers

    async def attempt(self, entry: Entry) -> Outcome | Failure | Dependency:
        """Try once, and tell what came of it."""
        begin = time.perf_counter()
        result = await super().attempt(entry)
        subscription = self._subscriptions.get(entry.event_stream)
        attempt = Attempt(
            subscription.event.name if subscription else "",
            subscription.operation if subscription else "",
            _outcome(result),
            time.perf_counter() - begin,
            error=result.error if isinstance(result, Failure) else None,
            is_redrive=entry.origin is not None and entry.deliveries == 1,
        )
        for observer in self._observers:
            observer.attempted(attempt)
        return result

    async def _deliver(self, entry: Entry, delivery: Delivery, body: bytes) -> Outcome:
        with ExitStack() as stack:
            for observer in self._observers:
                stack.enter_context(observer.handling(delivery, self._subscriptions[entry.event_stream]))
            return await super()._deliver(entry, delivery, body)


def _outcome(result: Outcome | Failure | Dependency) -> AttemptOutcome:
    if isinstance(result, Outcome):
        return _OUTCOMES[result]
    if isinstance(result, Dependency):
        return AttemptOutcome.OUTAGE
    return AttemptOutcome.DEAD if result.delay is None else AttemptOutcome.RETRIED
