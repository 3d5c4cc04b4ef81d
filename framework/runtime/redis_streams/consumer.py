"""The delivery loop over Redis Streams: every event of the group is handled, whoever dies on the way.

An entry that was read is held under a lease, which a heartbeat begins anew until the entry is acknowledged.
A handler that fails lets go of its entry, and a process that dies of all its entries: when the lease has
ended, whichever process looks next takes them over. So a crash and a failure are one and the same thing.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress

from framework.runtime.consumer_settings import ConsumerSettings
from framework.runtime.outage import Dependency
from framework.runtime.redis_streams.errors import GroupMissing
from framework.runtime.redis_streams.group import Entry, Group, Member
from framework.runtime.redis_streams.handling import Handling, Outcome
from framework.runtime.redis_streams.holdings import Counts, Held, Holdings
from framework.runtime.tasks import end
from framework.runtime.transport import BrokerUnavailable

logger = logging.getLogger(__name__)

_BLOCK = 1.0
"""Seconds that one read waits for news; a stop waits for the read."""
_SWEEP = 1.0
"""Seconds between two looks for ended leases, give or take half, so that processes do not march in step."""
_SILENCE = 2
"""After how many leases a consumer that holds nothing is taken for dead."""
_FAREWELL = 5.0
"""Seconds that a stopping consumer gives Redis to take what it acknowledges and gives back."""


class RedisConsumer:
    """Implements `transport.Consumer` for one process in one consumer group."""

    def __init__(
        self,
        group: Group,
        handling: Handling,
        broker: Dependency,
        settings: ConsumerSettings,
    ) -> None:
        self.counts = Counts()
        self._group = group
        self._handling = handling
        self._broker = broker
        self._settings = settings
        self._holdings = Holdings()
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._stopping = asyncio.Event()
        self._closing = asyncio.Event()
        self._takers: list[asyncio.Task[None]] = []
        self._keepers: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to read in the background; Redis need not be there yet."""
        if not self._group.streams:
            return
        await self._handling.open()
        self._takers = [self._repeat(step, self._stopping) for step in (self._read, self._sweep)]
        self._keepers = [self._repeat(step, self._closing) for step in (self._renew, self._acknowledge)]

    async def stop(self) -> None:
        """Read no more, finish what runs within the grace time, give back the rest at once, leave."""
        self._stopping.set()
        self._holdings.changed.set()
        await end(self._takers, _BLOCK + 1)
        await self._give_back(self._holdings.waiting())
        await self._finish(self._holdings.running())
        self._closing.set()
        self._holdings.to_acknowledge.set()
        await end(self._keepers, 1)
        await self._give_back(self._holdings.all())
        await self._leave()
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
        free = self._settings.concurrency - self._holdings.count
        if free <= 0:
            self._holdings.changed.clear()
            await self._holdings.changed.wait()
            return
        # COUNT is for each stream.
        count = max(1, free // len(self._group.streams))
        for entry in await self._group.read(count, int(_BLOCK * 1000)):
            self._hold(entry)

    async def _sweep(self) -> None:
        """Take over what has outlived its lease: left by the dead, or let go of by a handler that failed."""
        await _pause(_SWEEP * random.uniform(0.5, 1.5), self._stopping)  # noqa: S311
        if self._stopping.is_set() or any(each.is_down for each in self._handling.dependencies):
            return
        try:
            members = await self._group.members()
            await self._take_over(members)
            for dead in await self._group.remove_dead(members, self._milliseconds(_SILENCE)):
                logger.info("the consumer %s of %s is dead: removed", dead.name, dead.stream)
        except BrokerUnavailable:
            await self._broker.wait()
            # Leases went on during the outage: let the living renew theirs before anyone takes them for dead.
            await _pause(self._settings.lease / 3, self._stopping)

    async def _take_over(self, members: Sequence[Member]) -> None:
        # At most half of the slots: entries that fail again and again leave the other half to new ones.
        room = max(1, self._settings.concurrency // 2) - self._holdings.count_claimed
        if room > 0:
            held = self._holdings.keys()
            for entry in await self._group.claim_expired(members, self._milliseconds(1), room, held):
                self.counts.claimed += 1
                self._hold(entry)

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
        keys = set(self._holdings.handled)
        if not keys:
            self._holdings.to_acknowledge.clear()
            await self._holdings.to_acknowledge.wait()
            return
        self.counts.lost += len(await self._group.acknowledge(keys))
        self._holdings.handled -= keys

    def _hold(self, entry: Entry) -> None:
        held = self._holdings.add(entry)
        if held is not None:
            held.task = asyncio.create_task(self._handle(held), name=f"{entry.stream}:{entry.id.decode()}")

    async def _handle(self, held: Held) -> None:
        async with self._slots:
            if held.is_taken:
                self._holdings.remove(held)
                return
            outcome = await self._attempt(held)
            while isinstance(outcome, Dependency):
                await outcome.wait()
                outcome = await self._attempt(held)
        self.counts.add(outcome)
        self._holdings.settle(held, is_handled=outcome is not Outcome.FAILED)

    async def _attempt(self, held: Held) -> Outcome | Dependency:
        held.runs = True
        try:
            return await self._handling.attempt(held.entry)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise  # by us, to stop
            logger.exception("the handler of %s cancelled itself", held.entry.stream)
            return Outcome.FAILED
        except Exception:
            logger.exception("entry %s of %s broke the consumer", held.entry.id.decode(), held.entry.stream)
            return Outcome.FAILED
        finally:
            held.runs = False

    def _milliseconds(self, leases: float) -> int:
        return int(self._settings.lease * leases * 1000)

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
        keys = [held.entry.key for held in given if self._holdings.remove(held)]
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


async def _pause(seconds: float, unless: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(unless.wait(), seconds)
