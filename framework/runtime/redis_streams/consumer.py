"""The delivery loop over Redis Streams: every event of the group is handled, whoever dies on the way.

An entry that was read is held under a lease, which a heartbeat begins anew until the entry is acknowledged.
One whose handler fails is parked until it is due again, or written to the dead letters; those of a process
that dies are due when their lease has ended. Whichever process looks next takes over what is due.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress

from framework.runtime.consumer_settings import ConsumerSettings
from framework.runtime.outage import Dependency
from framework.runtime.redis_streams.errors import GroupMissing
from framework.runtime.redis_streams.group import Group
from framework.runtime.redis_streams.handling import Handling
from framework.runtime.redis_streams.holdings import Counts, Held, Holdings
from framework.runtime.redis_streams.redelivery import Redelivery
from framework.runtime.redis_streams.sweeper import Sweeper
from framework.runtime.redis_streams.workers import Workers
from framework.runtime.tasks import end
from framework.runtime.transport import BrokerUnavailable

logger = logging.getLogger(__name__)

_BLOCK = 1.0
"""Seconds that one read waits for news; a stop waits for the read."""
_AHEAD = 0.01
"""Seconds of work that may wait here to be begun, so that reading and handling overlap."""
_ACKNOWLEDGE = 0.005
"""Seconds between two acknowledgements, so that many go at once."""
_SWEEP = 1.0
"""Seconds between two looks for what is due, give or take half, so that processes do not march in step."""
_FAREWELL = 5.0
"""Seconds that a stopping consumer gives Redis to take what it acknowledges and gives back."""


class RedisConsumer:
    """Implements `transport.Consumer` for one process in one consumer group."""

    def __init__(
        self,
        group: Group,
        redelivery: Redelivery,
        handling: Handling,
        broker: Dependency,
        settings: ConsumerSettings,
    ) -> None:
        self._group = group
        self._handling = handling
        self._broker = broker
        self._settings = settings
        self._holdings = Holdings()
        self._pace = _Pace(settings.concurrency)
        self._workers = Workers(group, handling, self._holdings, broker, settings.concurrency)
        self._sweeper = Sweeper(group, redelivery, self._workers, self._holdings, settings)
        self._stopping = asyncio.Event()
        self._closing = asyncio.Event()
        self._takers: list[asyncio.Task[None]] = []
        self._keepers: list[asyncio.Task[None]] = []

    @property
    def counts(self) -> Counts:
        """What has been done since the start."""
        return self._holdings.counts

    @property
    def lost_leases(self) -> int:
        """How many entries were handled here after another process had taken them over."""
        return self.counts.lost

    @property
    def is_running(self) -> bool:
        """Whether everything that was started is still at work."""
        return not any(task.done() for task in (*self._takers, *self._keepers))

    async def start(self) -> None:
        """Begin to read in the background; Redis need not be there yet."""
        if not self._group.event_streams:
            return
        await self._handling.open()
        self._takers = [self._repeat(step, self._stopping) for step in (self._read, self._sweep)]
        self._keepers = [self._repeat(step, self._closing) for step in (self._renew, self._acknowledge)]

    async def stop(self) -> None:
        """Read no more, finish what runs within the grace time, give back the rest at once, leave."""
        self._stopping.set()
        self._holdings.let_in()
        waking = asyncio.create_task(self._group.wake(), name=f"{self._group.name}:wake")
        await end([*self._takers, waking], _BLOCK + 1)
        self._handling.is_stopping = True
        self._workers.put_down()
        await self._give_back(self._holdings.waiting())
        await self._finish(self._holdings.running())
        self._closing.set()
        self._holdings.to_acknowledge.set()
        await end(self._keepers, 1)
        await self._give_back(self._holdings.all())
        await self._leave()
        await self._group.close()
        await self._handling.close()

    def _repeat(self, step: Callable[[], Awaitable[None]], until: asyncio.Event) -> asyncio.Task[None]:
        return asyncio.create_task(self._loop(step, until), name=f"{self._group.name}:{step.__name__}")

    async def _loop(self, step: Callable[[], Awaitable[None]], until: asyncio.Event) -> None:
        """One step after the other; nothing but `until` ends it."""
        while not until.is_set():
            try:
                await self._step(step)
            except BrokerUnavailable:
                await self._broker.wait()
                await _pause(0.1, until)  # it may answer, and yet refuse what we need
            except Exception:
                logger.exception("the consumer of %s stumbled, and goes on", self._group.name)
                await _pause(1, until)

    async def _step(self, step: Callable[[], Awaitable[None]]) -> None:
        """A step; where the group is missing it is made, to be read from the beginning of its streams.

        It is missing at the very first start, and when Redis has lost its data.
        """
        try:
            await step()
        except GroupMissing:
            for stream in await self._group.create():
                logger.info("the group %s was made on %s, from its beginning", self._group.name, stream)

    async def _read(self) -> None:
        """Take as many new entries as there are free slots; what exceeds them waits here, under its lease."""
        for dependency in self._handling.dependencies:
            if dependency.is_down:
                await dependency.wait()
        ahead = self._pace.ahead(self._holdings.settled)
        most = self._settings.concurrency + ahead
        await self._holdings.room(most - max(1, ahead // 2))
        async with self._sweeper.intake:
            free = most - self._holdings.count
            if free > 0:
                # COUNT is for each stream; redrives are too rare to keep room for them.
                count = max(1, free // len(self._group.event_streams))
                for entry in await self._group.read(count, int(_BLOCK * 1000)):
                    self._workers.take_on(entry)

    async def _sweep(self) -> None:
        """Look for what is due; not while something is down, for then it could not be handled."""
        await _pause(_SWEEP * random.uniform(0.5, 1.5), self._stopping)  # noqa: S311
        if self._stopping.is_set() or any(each.is_down for each in self._handling.dependencies):
            return
        try:
            await self._sweeper.sweep()
        except BrokerUnavailable:
            await self._broker.wait()
            # Leases went on during the outage: let the living renew theirs before anyone takes them for dead.
            await _pause(self._settings.lease / 3, self._stopping)

    async def _renew(self) -> None:
        """The heartbeat of everything held."""
        for key in await self._group.renew(self._holdings.to_renew()):
            if self._holdings.give_up(key):
                stream, id_ = key
                logger.warning(
                    "the lease of %s in %s ended here: another process has it", id_.decode(), stream
                )
        await _pause(self._settings.lease / 3, self._closing)

    async def _acknowledge(self) -> None:
        """Acknowledge what has been handled: all at once that gathered during the previous time."""
        if not self._holdings.handled:
            self._holdings.to_acknowledge.clear()
            await self._holdings.to_acknowledge.wait()
        keys = set(self._holdings.handled)
        lost = await self._group.acknowledge(keys)
        self.counts.lost += len(lost)
        self._holdings.acknowledge(keys)
        await _pause(_ACKNOWLEDGE, self._closing)

    async def _finish(self, running: Iterable[Held]) -> None:
        tasks = [held.task for held in running if held.task is not None]
        if not tasks:
            return
        logger.info(
            "%s: %d handlers are given %g s to finish", self._group.name, len(tasks), self._settings.grace
        )
        await asyncio.wait(tasks, timeout=self._settings.grace)

    async def _give_back(self, unfinished: Iterable[Held]) -> None:
        """Cancel, and let another process handle them at once."""
        given = list(unfinished)
        await end([held.task for held in given if held.task is not None], 0)
        keys = [held.key for held in given if self._holdings.remove(held)]
        if keys and await self._said(self._group.release(keys)):
            self.counts.released += len(keys)
            logger.info("%s: %d events were given back", self._group.name, len(keys))

    async def _leave(self) -> None:
        if self._holdings.handled:
            await self._said(self._group.acknowledge(self._holdings.handled))
        await self._said(self._group.leave())

    async def _said(self, words: Awaitable[object]) -> bool:
        """Whether Redis took them in time; if not, the end of the leases says the same, only later."""
        try:
            async with asyncio.timeout(_FAREWELL):
                await words
        except (BrokerUnavailable, GroupMissing, TimeoutError) as error:
            logger.warning("%s: Redis was not told about the stop: %s", self._group.name, error)
            return False
        return True


class _Pace:
    """How many entries are settled within `_AHEAD` seconds, as it was between the last two reads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._settled = 0
        self._at = time.monotonic()

    def ahead(self, settled: int) -> int:
        """How many may wait, now that so many have been settled since the start."""
        now = time.monotonic()
        seconds, count = now - self._at, settled - self._settled
        self._at, self._settled = now, settled
        return min(self._most, int(count * _AHEAD / seconds)) if seconds > 0 else 0


async def _pause(seconds: float, unless: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):  # unlike `wait_for` no task
            await unless.wait()
