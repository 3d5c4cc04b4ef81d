"""The work on what is held: handle each entry, then tell Redis what came of it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from typing import Final, cast

from framework.runtime.isolation import isolated
from framework.runtime.outage import Dependency
from framework.runtime.redis_streams.dead_letters import Failure, identity, record
from framework.runtime.redis_streams.errors import GroupMissing
from framework.runtime.redis_streams.group import Entry, Group
from framework.runtime.redis_streams.handling import Handling
from framework.runtime.redis_streams.holdings import Held, Holdings
from framework.runtime.transport import BrokerUnavailable

logger = logging.getLogger(__name__)

_TURN: Final = 0.005
"""Seconds after which handlers that never wait let others have the event loop."""


class Workers:
    """Runs the handlers of one consumer, so many at a time.

    A worker is a task that handles one entry after the other. Only one that has to wait lets others begin:
    what never waits would keep them from working anyway.
    """

    def __init__(
        self, group: Group, handling: Handling, holdings: Holdings, broker: Dependency, concurrency: int
    ) -> None:
        self._group = group
        self._handling = handling
        self._holdings = holdings
        self._counts = holdings.counts
        self._broker = broker
        self._concurrency = concurrency
        self._queue: deque[Held] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._beginning = 0
        self._turn_began = time.monotonic()

    def take_on(self, entry: Entry) -> None:
        """Hold an entry that was delivered here, and handle it as soon as a worker is free."""
        held = self._holdings.add(entry)
        if held is not None:
            self._queue.append(held)
            if not self._beginning:
                self._begin()

    def put_down(self) -> None:
        """Begin with nothing more of what is held."""
        self._queue.clear()

    def _begin(self) -> None:
        if len(self._tasks) < self._concurrency:
            self._beginning += 1
            self._tasks.add(asyncio.create_task(self._work(), name=f"{self._group.name}:worker"))

    def _let_others_begin(self) -> None:
        self._turn_began = time.monotonic()
        while self._beginning < len(self._queue) and len(self._tasks) < self._concurrency:
            self._begin()

    async def _work(self) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self._beginning -= 1
        try:
            while self._queue:
                held = self._queue.popleft()
                if not held.is_taken:
                    held.task = task
                    await isolated(self._settle(held), self._let_others_begin)
                self._holdings.remove(held)
                if time.monotonic() - self._turn_began > _TURN:
                    self._turn_began = time.monotonic()
                    await asyncio.sleep(0)
        finally:
            self._tasks.discard(task)

    async def _settle(self, held: Held) -> None:
        try:
            held.runs = True
            outcome = await self._handling.attempt(held.entry)
            while isinstance(outcome, Dependency):
                held.runs = False
                await outcome.wait()
                held.runs = True
                outcome = await self._handling.attempt(held.entry)
            if isinstance(outcome, Failure):
                # Held until Redis knows: should this process die before, the delivery counts as a crash.
                await self._let_go(held.entry, outcome)
                self._counts.failed += 1
            else:
                self._counts.add(outcome)
                self._holdings.handle(held)
        except Exception:
            # Ours to repair. Its lease ends now, and so in the end does the event: as a crash loop.
            logger.exception("entry %s of %s broke the consumer", held.entry.id.decode(), held.entry.stream)

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
            is_ours = await self._group.bury(entry, letter, identity(entry, failure))
            self._counts.dead += is_ours
        self._counts.lost += not is_ours
