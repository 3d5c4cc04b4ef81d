"""The work on what is held: handle each entry, then tell Redis what came of it."""

from __future__ import annotations

import asyncio
import logging
import time

from framework.runtime.outage import Dependency
from framework.runtime.redis_streams.dead_letters import Failure, record
from framework.runtime.redis_streams.errors import GroupMissing
from framework.runtime.redis_streams.group import Entry, Group
from framework.runtime.redis_streams.handling import Handling, Outcome
from framework.runtime.redis_streams.holdings import Held, Holdings
from framework.runtime.transport import BrokerUnavailable

logger = logging.getLogger(__name__)


class Workers:
    """Runs the handlers of one consumer, so many at a time."""

    def __init__(
        self, group: Group, handling: Handling, holdings: Holdings, broker: Dependency, concurrency: int
    ) -> None:
        self._group = group
        self._handling = handling
        self._holdings = holdings
        self._counts = holdings.counts
        self._broker = broker
        self._slots = asyncio.Semaphore(concurrency)

    def take_on(self, entry: Entry) -> None:
        """Hold an entry that was delivered here, and handle it as soon as a slot is free."""
        held = self._holdings.add(entry)
        if held is not None:
            held.task = asyncio.create_task(self._work(held), name=f"{entry.stream}:{entry.id.decode()}")

    async def _work(self, held: Held) -> None:
        async with self._slots:
            try:
                if not held.is_taken:
                    await self._handle(held)
            except Exception:
                # Ours to repair. Its lease ends now, and so in the end does the event: as a crash loop.
                logger.exception(
                    "entry %s of %s broke the consumer", held.entry.id.decode(), held.entry.stream
                )
            self._holdings.remove(held)

    async def _handle(self, held: Held) -> None:
        outcome = await self._attempt(held)
        while isinstance(outcome, Dependency):
            await outcome.wait()
            outcome = await self._attempt(held)
        if isinstance(outcome, Failure):
            # Held until Redis knows: should this process die before, the delivery counts as a crash.
            await self._let_go(held.entry, outcome)
            self._counts.failed += 1
        else:
            self._counts.add(outcome)
            self._holdings.handle(held)

    async def _attempt(self, held: Held) -> Outcome | Failure | Dependency:
        held.runs = True
        outcome = await self._handling.attempt(held.entry)
        held.runs = not isinstance(outcome, Dependency)
        return outcome

    async def _let_go(self, entry: Entry, failure: Failure) -> None:
        """Park an entry, or write it to the dead letters; an outage is waited for."""
        while True:
            try:
                return await self._park_or_bury(entry, failure)
            except BrokerUnavailable:
                await self._broker.wait()
                await asyncio.sleep(0.1)  # it may answer, and yet refuse what we need
            except GroupMissing:
                return None  # and with it all that was pending
            except Exception:
                logger.exception("Redis refuses what failed of %s, which is tried again", entry.stream)
                await asyncio.sleep(1)

    async def _park_or_bury(self, entry: Entry, failure: Failure) -> None:
        now = time.time()
        if failure.delay is not None:
            is_ours = await self._group.park(entry, entry.behind.failed(now - entry.written_at))
        else:
            letter = record(entry, failure, group=self._group.name, consumer=self._group.consumer, now=now)
            is_ours = await self._group.bury(entry, letter)
            self._counts.dead += is_ours
        self._counts.lost += not is_ours
