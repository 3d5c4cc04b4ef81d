"""The broker as the code of a service sees it: publish, subscribe, connect, close."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

from framework.runtime.consumer_settings import ConsumerSettings
from framework.runtime.redis_streams.declarations import declare
from framework.runtime.redis_streams.transport import RedisStreams
from framework.runtime.schedules.ticks import Job, ScheduledOperation, Tick, tick_event
from framework.runtime.subscription import RETRY_DELAYS, Handler, Subscription
from framework.runtime.transport import BrokerNotConfigured, BrokerStatus, BrokerUnavailable, Consumer, Probe

if TYPE_CHECKING:
    from faststream.redis import RedisBroker
    from redis.asyncio import Redis

    from framework.runtime.dead_letters import DeadLetters
    from framework.runtime.envelope import CloudEvent
    from framework.runtime.events import EventDefinition
    from framework.runtime.groups import Groups
    from framework.runtime.schedules.schedule import Schedule
    from framework.runtime.tail import Tail
    from framework.runtime.telemetry.observer import Observer

H = TypeVar("H", bound=Handler)
J = TypeVar("J", bound=Job)

_EXAMPLE: Final = "Write the address of Redis, such as redis://localhost:6379/0."

PUBLISH_RETRY_DELAYS: Final = (0.1, 0.5)
"""Seconds before the second and the third try of a direct publish."""


class EventBroker:
    """The project's one broker object; connects at first use, so that importing it needs no `REDIS_URL`."""

    system: Final = "redis"
    """What the broker is called in traces."""

    def __init__(self, *, stream_prefix: str = "", url: str | None = None) -> None:
        """`stream_prefix` begins the name of every stream; `url` overrides `REDIS_URL`."""
        self.source = "unknown"
        """CloudEvents' `source` of what is published here: the name of the service."""
        self._prefix = stream_prefix
        self._url = url
        self._retention: dict[str, timedelta] = {}
        self._subscriptions: dict[tuple[str, str], Subscription] = {}
        self._scheduled: dict[tuple[str, str], ScheduledOperation] = {}
        self._faststream: RedisBroker | None = None
        self._transport: RedisStreams | None = None

    def stream(self, event_name: str) -> str:
        """The stream that holds the events of this name."""
        return self._prefix + event_name

    def declare(self, *events: EventDefinition[Any]) -> None:
        """Tell which events are kept here: `trim` removes what is older than their retention."""
        self._retention.update({event.name: event.retention for event in events})

    def subscriber(
        self,
        event: EventDefinition[Any],
        *,
        group: str,
        operation: str,
        records: bool = True,
        retry: Sequence[float] | None = None,
    ) -> Callable[[H], H]:
        """Declare that `operation` of the service `group` handles `event`; the handler gets the message.

        `records` tells whether the operation's unit of work records the event in the inbox; `retry` holds the
        seconds from each failure of the handler to the next try, `RETRY_DELAYS` if it is None. Declaring the
        same operation again replaces its handler (a second application in one process, as in tests).
        Raises ValueError when another operation of the group handles the event already.
        """
        delays = RETRY_DELAYS if retry is None else tuple(retry)

        def declare_handler(handler: H) -> H:
            key = (group, event.name)
            known = self._subscriptions.get(key)
            if known is not None and known.operation != operation:
                raise ValueError(f"{group}: {known.operation} handles {event.name}, so {operation} cannot")
            self._subscriptions[key] = Subscription(event, group, operation, records, handler, delays)
            self._faststream = None
            return handler

        return declare_handler

    def scheduled(
        self, schedule: Schedule, *, group: str, operation: str, retry: Sequence[float] | None = None
    ) -> Callable[[J], J]:
        """Declare that the clock calls `operation` of the service `group`; each tick is an event to it.

        `retry` is as in `subscriber`.
        """
        event = tick_event(group, operation)
        self.declare(event)
        self._scheduled[group, event.name] = ScheduledOperation(event, group, schedule)

        def declare_job(job: J) -> J:
            async def handle(tick: Tick) -> None:
                await job()

            self.subscriber(event, group=group, operation=operation, retry=retry)(handle)
            return job

        return declare_job

    def schedules(self, group: str) -> Sequence[ScheduledOperation]:
        """The operations of `group` that the clock calls."""
        return [each for each in self._scheduled.values() if each.group == group]

    async def connect(self) -> None:
        """Raises `BrokerUnavailable`, or `BrokerNotConfigured` if `REDIS_URL` is missing or malformed."""
        await self._open().check()

    check = connect
    """For health checks: raises `BrokerUnavailable` if the broker does not answer now."""

    async def close(self) -> None:
        """Close what was opened; using the broker again opens it again."""
        transport, self._transport = self._transport, None
        if transport is not None:
            await transport.close()

    async def publish(self, event: CloudEvent) -> None:
        """Publish one event now, in three tries. Raises `BrokerUnavailable`, or why the event was refused."""
        for delay in PUBLISH_RETRY_DELAYS:
            try:
                return await self._publish_once(event)
            except BrokerUnavailable:
                await asyncio.sleep(delay)
        return await self._publish_once(event)

    async def _publish_once(self, event: CloudEvent) -> None:
        (refusal,) = await self.publish_many([event])
        if refusal is not None:
            raise refusal

    async def publish_many(self, events: Sequence[CloudEvent]) -> list[Exception | None]:
        """Publish in order, in one round trip, each answered by None or by why the broker refused it.

        Raises `BrokerUnavailable` if the broker is down; then any of the events may have been published.
        """
        return await self._open().publish_many(events)

    async def begin_schedule(self, scheduled: ScheduledOperation, now: datetime) -> None:
        """Note what a schedule says; if that is new, its ticks up to `now` count as published.

        Raises `BrokerUnavailable`.
        """
        await self._open().begin_schedule(scheduled.event.name, scheduled.schedule.definition, now)

    async def publish_tick(self, scheduled: ScheduledOperation, due: datetime) -> bool:
        """Publish the tick that is due then; False if that, or a later one, has been published.

        Ticks before it that nobody has begun to handle are dropped. Raises `BrokerUnavailable`.
        """
        return await self._open().publish_tick(scheduled.tick(due), scheduled.group)

    async def oldest(self, group: str) -> dict[str, datetime | None]:
        """For each operation of `group` when the oldest event was written that it may yet be given.

        None where there is no such event. Raises `BrokerUnavailable`.
        """
        operations = {each.event.name: each.operation for each in self.subscriptions if each.group == group}
        found = await self._open().oldest(group, operations)
        oldest: dict[str, datetime | None] = dict.fromkeys(operations.values())
        for name, written_at in found.items():
            operation = operations[name]
            oldest[operation] = min(written_at, oldest[operation] or written_at)
        return oldest

    async def trim(self, pause: timedelta) -> int:
        """Remove declared events that are older than their retention and handled by every subscriber.

        Does nothing for events that any process has trimmed within `pause`. Returns how many were removed.
        Raises `BrokerUnavailable`.
        """
        return await self._open().trim(self._retention, pause)

    def consumer(
        self,
        group: str,
        *,
        probes: Mapping[str, Probe] = MappingProxyType({}),
        settings: ConsumerSettings | None = None,
        observers: Sequence[Observer] = (),
    ) -> Consumer:
        """What delivers the events that `group` has subscribed to; the rest as in `Transport.consumer`."""
        subscriptions = [each for each in self.subscriptions if each.group == group]
        return self._open().consumer(group, subscriptions, probes, settings or ConsumerSettings(), observers)

    async def status(self, group: str) -> BrokerStatus:
        """How far all subscribers of the project's events are, and what they and `group` have given up.

        Raises `BrokerUnavailable`.
        """
        subscribed = (each.event.name for each in self.subscriptions)
        return await self._open().status({*self._retention, *subscribed}, {group})

    def tail(self, *events: EventDefinition[Any]) -> Tail:
        """These events as they were published, for whoever looks on: it takes them from nobody."""
        return self._open().tail([event.name for event in events])

    def dead_letters(self, service: str) -> DeadLetters:
        """What a service has given up: looked at, sent to it once more, or deleted by whoever may."""
        return self._open().dead_letters(service)

    async def dead_letter_services(self) -> list[str]:
        """The services that have given something up. Raises `BrokerUnavailable`."""
        return await self._open().dead_letter_groups()

    def groups(self) -> Groups:
        """All groups that read the project's events."""
        return self._open().groups()

    @property
    def subscriptions(self) -> Sequence[Subscription]:
        """What has been declared so far."""
        return list(self._subscriptions.values())

    @property
    def faststream(self) -> RedisBroker:
        """FastStream's broker with every declaration: for AsyncAPI, `TestRedisBroker`, middlewares.

        Do not `start` it: that would run FastStream's own loop, which loses messages, beside ours.
        """
        if self._faststream is None:
            self._faststream = declare(self._redis_url(), self.stream, self.subscriptions)
        return self._faststream

    @property
    def redis(self) -> Redis:
        """The client behind the broker."""
        return self._open().redis

    def _open(self) -> RedisStreams:
        if self._transport is None:
            self._transport = RedisStreams(self._redis_url(), self.stream, lambda: self.faststream)
        return self._transport

    def _redis_url(self) -> str:
        url = self._url or os.environ.get("REDIS_URL")
        if not url:
            raise BrokerNotConfigured(f"REDIS_URL is not set. {_EXAMPLE}")
        if urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
            raise BrokerNotConfigured(f"REDIS_URL is not the address of a Redis. {_EXAMPLE}")
        return url
