"""The broker Redis: one client, events written in pipelines."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from faststream.redis import RedisBroker
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from framework.runtime.consumer_settings import ConsumerSettings
from framework.runtime.envelope import CloudEvent
from framework.runtime.outage import Dependency
from framework.runtime.redis_streams import dead_letters, redrives
from framework.runtime.redis_streams.bridge import Bridge
from framework.runtime.redis_streams.consumer import RedisConsumer
from framework.runtime.redis_streams.dead_letter_store import RedisDeadLetters
from framework.runtime.redis_streams.errors import translated
from framework.runtime.redis_streams.group import Group
from framework.runtime.redis_streams.groups import RedisGroups, streams_named
from framework.runtime.redis_streams.handling import Handling
from framework.runtime.redis_streams.observed import ObservedHandling
from framework.runtime.redis_streams.oldest import oldest
from framework.runtime.redis_streams.redelivery import Redelivery
from framework.runtime.redis_streams.status import status
from framework.runtime.redis_streams.tail import RedisTail
from framework.runtime.redis_streams.ticks import add, begin
from framework.runtime.redis_streams.trimming import trim
from framework.runtime.redis_streams.wire import encode
from framework.runtime.redis_streams.writing import add_command, write
from framework.runtime.subscription import Subscription
from framework.runtime.telemetry.observer import Observer
from framework.runtime.transport import BrokerStatus, BrokerUnavailable, Probe

_TIMEOUT = 5.0
"""Seconds for a connection and for an answer; longer than the longest read blocks."""


class RedisStreams:
    """Implements `transport.Transport`."""

    def __init__(self, url: str, stream: Callable[[str], str], declared: Callable[[], RedisBroker]) -> None:
        """`stream` names the stream of an event; `declared` is FastStream's broker with the subscriptions."""
        self._url = url
        self._stream = stream
        self._declared = declared
        self._client: Redis | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def redis(self) -> Redis:
        """The client of the running event loop; connections of a loop that has ended are of no use."""
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            self._loop = loop
            self._client = Redis.from_url(
                self._url,
                protocol=2,
                socket_timeout=_TIMEOUT,
                socket_connect_timeout=_TIMEOUT,
                # Once, for a connection that went stale in the pool. Who calls decides about more.
                retry=Retry(NoBackoff(), 1),
            )
        return self._client

    async def check(self) -> None:
        """Raise `BrokerUnavailable` if Redis does not answer now."""
        with translated():
            await self.redis.ping()

    async def publish_many(self, events: Sequence[CloudEvent]) -> list[Exception | None]:
        """Publish in order, in one round trip, each answered by None or by why it was refused."""
        refusals: dict[int, Exception] = {}
        commands: dict[int, bytes] = {}
        for place, event in enumerate(events):
            try:
                commands[place] = add_command(self._stream(event.type), encode(event))
            except Exception as error:  # whatever is wrong with one event must not keep back the others
                refusals[place] = error
        with translated():
            answers = await write(self.redis, list(commands.values()))
        for place, answer in zip(commands, answers, strict=True):
            if isinstance(answer, BrokerUnavailable):
                raise answer
            if answer is not None:
                refusals[place] = answer
        return [refusals.get(place) for place in range(len(events))]

    def consumer(
        self,
        group: str,
        subscriptions: Sequence[Subscription],
        probes: Mapping[str, Probe],
        settings: ConsumerSettings,
        observers: Sequence[Observer] = (),
    ) -> RedisConsumer:
        """A consumer of `group` with a name of its own."""
        by_stream = {self._stream(each.event.name): each for each in subscriptions}
        broker = Dependency("Redis", self.check)
        others = [Dependency(name, probe) for name, probe in probes.items()]
        name = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
        streams = Group(
            self.redis,
            group,
            name,
            sorted(by_stream),
            dead_letters=self._stream(dead_letters.name_of(group)),
            redrives=self._stream(redrives.name_of(group)),
        )
        delays = {stream: each.retry_delays for stream, each in by_stream.items()}
        needed = (by_stream, Bridge(self._declared(), group, by_stream), [broker, *others])
        return RedisConsumer(
            streams,
            Redelivery(streams, settings.lease, delays),
            ObservedHandling(*needed, observers) if observers else Handling(*needed),
            broker,
            settings,
        )

    async def begin_schedule(self, schedule: str, definition: str, now: datetime) -> None:
        """Note what a schedule says; if that is new, its ticks up to `now` count as published."""
        await begin(self.redis, self._stream(schedule), definition, now)

    async def publish_tick(self, tick: CloudEvent, group: str) -> bool:
        """Publish a tick, unless it or a later one was; drop those before it that nobody has read."""
        return await add(self.redis, self._stream(tick.type), group, tick)

    def tail(self, events: Sequence[str]) -> RedisTail:
        """The events of these names, for whoever looks on."""
        return RedisTail(self.redis, [self._stream(name) for name in events])

    def dead_letters(self, group: str) -> RedisDeadLetters:
        """What `group` has given up."""
        return RedisDeadLetters(self.redis, group, self._stream)

    async def dead_letter_groups(self) -> list[str]:
        """The groups that have given something up."""
        beginning = self._stream(dead_letters.name_of(""))
        return [each.removeprefix(beginning) for each in await streams_named(self.redis, beginning)]

    def groups(self) -> RedisGroups:
        """All groups that read the project's streams."""
        return RedisGroups(self.redis, self._stream)

    async def status(self, events: Collection[str], groups: Collection[str]) -> BrokerStatus:
        """How far all who read these events are; see `status.status`."""
        return await status(self.redis, self._stream, events, groups)

    async def oldest(self, group: str, events: Collection[str]) -> dict[str, datetime]:
        """When the oldest was written, of each event, that `group` may yet be given; see `oldest.oldest`."""
        streams = {self._stream(name): name for name in events}
        letters, waiting = dead_letters.name_of(group), redrives.name_of(group)
        found = await oldest(self.redis, streams, self._stream(letters), self._stream(waiting))
        return {streams[stream]: written_at for stream, written_at in found.items()}

    async def trim(self, retention: Mapping[str, timedelta], pause: timedelta) -> int:
        """Remove what is older than its retention and handled by every group; see `trimming.trim`."""
        return await trim(self.redis, {self._stream(name): age for name, age in retention.items()}, pause)

    async def close(self) -> None:
        """Close the connections, if they are of the running event loop."""
        client, self._client = self._client, None
        if client is not None and self._loop is asyncio.get_running_loop():
            await client.aclose()
