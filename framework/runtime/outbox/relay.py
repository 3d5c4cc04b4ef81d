"""The relay: takes committed events from the outbox to the broker, in order per key, and loses none."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from framework.runtime.database import Database
from framework.runtime.events import PublishFailed
from framework.runtime.outage import Dependency
from framework.runtime.outbox.cleaning import clean_outbox
from framework.runtime.outbox.drain import BatchPublisher, Drained, drain
from framework.runtime.outbox.relays_seen import SIGN_SECONDS, SignOfLife
from framework.runtime.outbox.writing import waking
from framework.runtime.transport import Probe

logger = logging.getLogger(__name__)

BATCH_SIZE: Final = 1000
POLL_SECONDS: Final = 1.0
CLEAN_SECONDS: Final = 60.0
"""From the moment when nothing old was left in the outbox to the next look for it."""
_CONTENDED_SECONDS: Final = 0.05
_OUTAGE_SECONDS: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Pauses after failures of what answers, as far as can be told."""
_PROBE_SECONDS: Final = (0.05, 0.1, 0.2, 0.5)
"""Pauses between looks at what does not."""


class Relay:
    """Publishes the outbox of one database, from `run` until `stop`.

    Any number of relays may run on one database. What was published when a relay, or its connection, dies
    before it could be marked is published again.
    """

    def __init__(
        self,
        database: Database,
        broker: BatchPublisher,
        *,
        check_broker: Probe | None = None,
        batch_size: int = BATCH_SIZE,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        """`check_broker` raises while the broker is down: so the relay goes on as soon as it is back."""
        self._database = database
        self._broker = broker
        self._checks = {"database": Dependency("the database", database.check)}
        if check_broker is not None:
            self._checks["broker"] = Dependency("the broker", check_broker)
        self._batch_size = batch_size
        self._poll_seconds = poll_seconds
        self._woken = asyncio.Event()
        self._committed: set[int] = set()
        """Partitions in which something was committed since they were drained."""
        self._look_at = 0.0
        """When it is time to look for what was committed anywhere."""
        self._stopped = asyncio.Event()
        self._failures = 0
        self._clean_at = 0.0
        self._life = SignOfLife()
        self._sign_at = 0.0

    async def run(self) -> None:
        """Publish what is committed: at once in this process, within the poll interval in others.

        A broker or a database that is down is waited for. This returns after `stop`, when what was committed
        by then is published, if it can be.
        """
        loop = asyncio.get_running_loop()

        def wake(partitions: Collection[int]) -> None:
            with suppress(RuntimeError):  # that loop has ended; nothing runs there any more
                loop.call_soon_threadsafe(self._wake, partitions)

        with waking(wake):
            while not self._stopped.is_set():
                self._woken.clear()
                await self._pause(await self._turn())
            self._look_at = 0.0
            while await self._turn() == 0:
                pass
        await self._tell(self._life.withdraw)

    def stop(self) -> None:
        """Let `run` finish."""
        self._stopped.set()
        self._woken.set()

    def _wake(self, partitions: Collection[int]) -> None:
        self._committed.update(partitions)
        if not partitions:
            self._look_at = 0.0
        self._woken.set()

    async def _turn(self) -> float:
        """Drain once; returns the seconds to wait before the next turn."""
        committed, self._committed = self._committed, set()
        looks_everywhere = not committed or time.monotonic() >= self._look_at
        try:
            drained = await self._drain(() if looks_everywhere else committed)
            await self._clean()
            await self._give_sign()
        except PublishFailed as error:
            return await self._outage("broker", error)
        except Exception as error:
            # Each driver has its own words for a database that is down.
            return await self._outage("database", error)
        if self._failures:
            logger.info("the relay goes on")
            self._failures = 0
        if looks_everywhere or drained.is_more or drained.is_contended:
            self._look_at = time.monotonic() + self._pause_after(drained)
        return max(0.0, self._look_at - time.monotonic())

    async def _drain(self, partitions: Collection[int]) -> Drained:
        drained = await drain(self._database.engine, self._broker, self._batch_size, partitions)
        for refusal in drained.refusals:
            logger.error(
                "the broker refuses `%s` %s, which is tried again in %s; what follows of its key waits: %s",
                refusal.row.type,
                refusal.row.id,
                refusal.delay,
                refusal.error,
            )
        return drained

    async def _clean(self) -> None:
        """Now and then remove what was published long ago."""
        if time.monotonic() >= self._clean_at:
            is_more = await clean_outbox(self._database.engine)
            self._clean_at = time.monotonic() + (0 if is_more else CLEAN_SECONDS)

    async def _give_sign(self) -> None:
        """Now and then say that this relay is at work."""
        if time.monotonic() >= self._sign_at:
            await self._tell(self._life.give)
            self._sign_at = time.monotonic() + SIGN_SECONDS

    async def _tell(self, words: Callable[[AsyncEngine], Awaitable[None]]) -> None:
        """Only for people to see: where it cannot be told, the events go on all the same."""
        try:
            await words(self._database.engine)
        except Exception as error:
            logger.debug("the relay cannot tell of itself: %s", error)

    def _pause_after(self, drained: Drained) -> float:
        if drained.is_more:
            return 0
        return _CONTENDED_SECONDS if drained.is_contended else self._poll_seconds

    async def _outage(self, dependency: str, error: Exception) -> float:
        """Wait while it is down, as far as that can be told; returns the seconds to wait besides."""
        if not self._failures:
            reason = next(iter(str(error).splitlines()), "")
            logger.warning("the relay waits for the %s: %s: %s", dependency, type(error).__name__, reason)
        delay = _OUTAGE_SECONDS[min(self._failures, len(_OUTAGE_SECONDS) - 1)]
        self._failures += 1
        self._look_at = 0.0
        return 0.0 if await self._was_down(dependency) else delay

    async def _was_down(self, dependency: str) -> bool:
        """Whether it did not answer; this returns as soon as it does."""
        checked = self._checks.get(dependency)
        pauses = 0
        while checked is not None and not self._stopped.is_set() and await checked.failure() is not None:
            await self._pause(_PROBE_SECONDS[min(pauses, len(_PROBE_SECONDS) - 1)])
            pauses += 1
        return pauses > 0

    async def _pause(self, seconds: float) -> None:
        # While something is down, a commit is no reason to try at once.
        event = self._stopped if self._failures else self._woken
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()
