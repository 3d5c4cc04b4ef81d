"""What a broker must be able to do. Redis Streams can; another broker is one more implementation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from framework.runtime.consumer_settings import ConsumerSettings
    from framework.runtime.dead_letters import DeadLetters
    from framework.runtime.envelope import CloudEvent
    from framework.runtime.groups import Groups
    from framework.runtime.subscription import Subscription
    from framework.runtime.tail import Tail
    from framework.runtime.telemetry.observer import Observer

Probe = Callable[[], Awaitable[None]]
"""Raises if what it looks at is out of order."""


class BrokerUnavailable(ConnectionError):
    """The broker cannot be reached, or is not ready to answer; trying again later makes sense."""


class BrokerRefused(Exception):
    """The broker answers, and does not do what an operator asks: for want of a right, say, or of memory."""


class BrokerNotConfigured(RuntimeError):
    """The address of the broker is missing or malformed; the message says what to set."""


@dataclass(frozen=True, slots=True)
class SubscriptionStatus:
    """How far a group is with the events of one name."""

    event: str
    group: str
    lag: int | None
    """Events that were never delivered to it; None if the broker cannot tell."""
    pending: int
    """Events delivered and not acknowledged, those that wait for their next try included."""
    parked: Mapping[int, int]
    """How many of them wait for their next try, by how often they have failed."""
    oldest_pending: float
    """Seconds since the oldest of them was published; 0 if there are none."""
    consumers: int
    """Processes that were seen reading lately."""


@dataclass(frozen=True, slots=True)
class GroupStatus:
    """What a group has given up."""

    group: str
    dead_letters: int
    redrives: int
    """Dead letters on their way to be handled once more."""


@dataclass(frozen=True, slots=True)
class BrokerStatus:
    """All that a broker tells about who reads what."""

    subscriptions: Sequence[SubscriptionStatus]
    groups: Sequence[GroupStatus]


class Consumer(Protocol):
    """Delivers events to the handlers of one group, from `start` until `stop`."""

    async def start(self) -> None:
        """Begin to read in the background. Never fails: a broker that is down is waited for."""

    async def stop(self) -> None:
        """Read no more, finish what runs within the grace time, give the rest back at once."""

    @property
    def is_running(self) -> bool:
        """Whether it is at work, or would be if the broker answered; False when it ended without a `stop`."""

    @property
    def lost_leases(self) -> int:
        """How many events it handled, since its start, after others had taken them over for dead."""


class Transport(Protocol):
    """One connection to a broker."""

    async def check(self) -> None:
        """Raise `BrokerUnavailable` if the broker does not answer now."""

    async def publish_many(self, events: Sequence[CloudEvent]) -> list[Exception | None]:
        """Publish in order, each answered by None or by why it was refused.

        Raises `BrokerUnavailable` if the broker is down; then any of the events may have been published.
        """

    def consumer(
        self,
        group: str,
        subscriptions: Sequence[Subscription],
        probes: Mapping[str, Probe],
        settings: ConsumerSettings,
        observers: Sequence[Observer] = (),
    ) -> Consumer:
        """A consumer for the subscriptions of one group.

        `probes` look at what the handlers depend on besides the broker, by name: an error while one of them
        fails is an outage to be waited for, and not the fault of the event. `observers` are told of each try.
        """

    async def begin_schedule(self, schedule: str, definition: str, now: datetime) -> None:
        """Note what a schedule says; if that is new, its ticks up to `now` count as published.

        So neither a first start nor a change brings ticks from before. Raises `BrokerUnavailable`.
        """

    async def publish_tick(self, tick: CloudEvent, group: str) -> bool:
        """Publish a tick of the schedule `tick.type`, due at `tick.time`; False if it, or a later one, was.

        Ticks before it that `group` has not been given yet are dropped. Raises `BrokerUnavailable`.
        """

    def tail(self, events: Sequence[str]) -> Tail:
        """The events of these names, for whoever looks on without being a group."""

    def dead_letters(self, group: str) -> DeadLetters:
        """What a group has given up, to be looked at, sent to it once more, or deleted."""

    async def dead_letter_groups(self) -> list[str]:
        """The groups that have given something up. Raises `BrokerUnavailable`."""

    def groups(self) -> Groups:
        """All groups on the broker."""

    async def status(self, events: Collection[str], groups: Collection[str]) -> BrokerStatus:
        """How far all who read the events of these names are, and what they and `groups` have given up.

        Raises `BrokerUnavailable`.
        """

    async def oldest(self, group: str, events: Collection[str]) -> Mapping[str, datetime]:
        """When the oldest was written, of each of these events, that `group` may yet be given.

        That is all that the broker holds of the event, since a group that is lost begins anew, and what waits
        among the dead letters or to be redriven. Left out where there is nothing.
        Raises `BrokerUnavailable`.
        """

    async def trim(self, retention: Mapping[str, timedelta], pause: timedelta) -> int:
        """Remove the events, by name, that are older than their retention and handled by every group.

        Does nothing for events that somebody has trimmed within `pause`. Returns how many were removed.
        Raises `BrokerUnavailable`.
        """

    async def close(self) -> None:
        """Close the connection; what runs on it fails."""
