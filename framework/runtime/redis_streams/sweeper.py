"""The look for what is due to be delivered again, which every process of the group takes for all of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from framework.runtime.consumer_settings import ConsumerSettings
from framework.runtime.redis_streams.group import Group, Member, Waiting
from framework.runtime.redis_streams.holdings import Holdings
from framework.runtime.redis_streams.redelivery import Redelivery
from framework.runtime.redis_streams.workers import Workers

logger = logging.getLogger(__name__)

_SILENCE: Final = 2
"""After how many leases a consumer that holds nothing is taken for dead."""


class Sweeper:
    """Takes over what is due: parked for long enough, given back, or left by the dead."""

    def __init__(
        self,
        group: Group,
        redelivery: Redelivery,
        workers: Workers,
        holdings: Holdings,
        settings: ConsumerSettings,
    ) -> None:
        self.intake = asyncio.Lock()
        """Held by whoever takes in new entries; a suspect is handled while nobody else does."""
        self._group = group
        self._redelivery = redelivery
        self._workers = workers
        self._holdings = holdings
        self._settings = settings

    async def sweep(self) -> None:
        """Look once, and return when what had to be handled alone has been."""
        members = await self._group.members()
        await self._take_over(members)
        silent_ms = int(self._settings.lease * _SILENCE * 1000)
        for dead in await self._group.remove_dead(members, silent_ms):
            logger.info("the consumer %s of %s is dead: removed", dead.name, dead.stream)

    async def _take_over(self, members: Sequence[Member]) -> None:
        # At most half of the slots: entries that fail again and again leave the other half to new ones.
        room = max(1, self._settings.concurrency // 2) - self._holdings.count_claimed
        if room <= 0:
            return
        due = await self._redelivery.due(members, room, self._holdings.keys())
        await self._take([each for each in due if not each.behind.crashes])
        suspects = [each for each in due if each.behind.crashes]
        if suspects:
            await self._take_alone(suspects)

    async def _take_alone(self, suspects: Sequence[Waiting]) -> None:
        """Handle entries that may have ended a process one by one, with nothing beside: none else is charged.

        What takes longer than a lease, a neighbour or a suspect, is not waited for: one handler that hangs
        must not keep the process from reading.
        """
        logger.info("%s: %d events outlived a process, and run one by one", self._group.name, len(suspects))
        async with self.intake:
            await self._is_quiet()
            for suspect in suspects:
                await self._take([suspect])
                if not await self._is_quiet():
                    return

    async def _is_quiet(self) -> bool:
        """Wait until nothing is held, for a lease at most; False if something still is."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.lease):
                while not self._holdings.is_empty:
                    self._holdings.changed.clear()
                    await self._holdings.changed.wait()
        return self._holdings.is_empty

    async def _take(self, waiting: Sequence[Waiting]) -> None:
        for entry in await self._group.take(waiting):
            self._holdings.counts.claimed += 1
            self._workers.take_on(entry)
