"""Waiting for what a service cannot work without: one line when it is gone, one when it is back."""

from __future__ import annotations

import asyncio
import logging
import time

from framework.runtime.transport import Probe

logger = logging.getLogger(__name__)

PROBE_TIMEOUT = 5.0
"""Seconds after which a probe that does not end counts as failed."""
_LONGEST_PAUSE = 1.0


class Dependency:
    """A server that is looked at by a probe."""

    def __init__(self, name: str, probe: Probe) -> None:
        self.name = name
        self.is_down = False
        """Whether it failed when it was last looked at, and is being waited for."""
        self._probe = probe
        self._waiting = asyncio.Lock()

    async def failure(self) -> Exception | None:
        """Look now: None if it works, else what went wrong."""
        try:
            async with asyncio.timeout(PROBE_TIMEOUT):
                await self._probe()
        except TimeoutError:
            return TimeoutError(f"no answer within {PROBE_TIMEOUT:.0f} s")
        except Exception as error:
            return error
        return None

    async def wait(self) -> None:
        """Return once it works; the many who wait at one time ask and tell as one."""
        async with self._waiting:
            failure = await self.failure()
            if failure is not None:
                await self._wait_out(failure)
            self.is_down = False

    async def _wait_out(self, failure: Exception) -> None:
        if not self.is_down:
            logger.warning("%s is down, waiting for it: %s", self.name, _first_line(failure))
        self.is_down = True
        begin, pause = time.monotonic(), 0.05
        while await self.failure() is not None:
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
        logger.info("%s is back after %.1f s", self.name, time.monotonic() - begin)


def _first_line(failure: Exception) -> str:
    return (str(failure).strip() or type(failure).__name__).splitlines()[0]
