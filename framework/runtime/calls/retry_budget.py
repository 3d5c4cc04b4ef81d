"""How many calls may be repeated: few, in proportion to those that are made.

Without it a service that is slow from too many calls would get several times as many.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

CALLS: Final = 5
"""Calls that pay for one repetition."""
PER_SECOND: Final = 1.0
"""Repetitions that are possible without many calls."""
MOST: Final = 10
"""Repetitions that can be saved up."""


class RetryBudget:
    """The repetitions left for one service, counted in calls; a full one to begin with."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left: float = MOST * CALLS
        self._filled_at = clock()

    def earn(self) -> None:
        """Note that a call is made."""
        self._left += 1

    def spend(self) -> bool:
        """Take one repetition, if there is one."""
        now = self._clock()
        self._left += (now - self._filled_at) * PER_SECOND * CALLS
        self._left = min(self._left, MOST * CALLS)
        self._filled_at = now
        if self._left < CALLS:
            return False
        self._left -= CALLS
        return True
