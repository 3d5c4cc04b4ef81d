"""A circuit breaker: a service that keeps failing is left alone for a while, and then tried with care.

It is ours because none of the libraries serves: they count every exception or none, let all waiting callers
through at once when they try again, or have not been looked after for years.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Final

logger = logging.getLogger(__name__)

FAILURES: Final = 10
"""In a row, and of the service: so many open the circuit."""
OPEN_SECONDS: Final = 5.0
"""For how long nothing is tried then."""


class CircuitState(Enum):
    """What becomes of a try."""

    CLOSED = "closed"
    """It is made."""
    OPEN = "open"
    """It is refused."""
    HALF_OPEN = "half-open"
    """One is made to see how the service is, all others are refused."""


class CircuitOpen(Exception):
    """Nothing was tried: the service has failed too often."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"it has failed {FAILURES} times in a row and is left alone for {seconds:.1f} s")


class Attempt:
    """One try; unless it says that the service did well or failed, the breaker learns nothing from it."""

    def __init__(self) -> None:
        self.is_success: bool | None = None

    def succeeded(self) -> None:
        """The service has answered, if only by refusing."""
        self.is_success = True

    def failed(self) -> None:
        """It was the service that failed."""
        self.is_success = False


class CircuitBreaker:
    """The circuit to one service."""

    def __init__(self, service: str, clock: Callable[[], float] = time.monotonic) -> None:
        """`service` is named in the log."""
        self._service = service
        self._clock = clock
        self._failures = 0
        self._open_until: float | None = None
        self._is_probed = False

    @property
    def state(self) -> CircuitState:
        """What would become of a try now."""
        if self._open_until is None:
            return CircuitState.CLOSED
        return CircuitState.OPEN if self._clock() < self._open_until else CircuitState.HALF_OPEN

    @contextmanager
    def trying(self) -> Iterator[Attempt]:
        """Stand around one try.

        Raises:
            CircuitOpen: it must not be made.
        """
        is_probe = self._begin()
        attempt = Attempt()
        try:
            yield attempt
        finally:
            if is_probe:
                self._is_probed = False
            self._learn(attempt.is_success, is_probe)

    def _begin(self) -> bool:
        """Whether the try decides if the circuit is closed again."""
        if self._open_until is None:
            return False
        left = self._open_until - self._clock()
        if left > 0 or self._is_probed:
            raise CircuitOpen(max(left, 0.0))
        self._is_probed = True
        return True

    def _learn(self, is_success: bool | None, is_probe: bool) -> None:
        if self._open_until is not None and not is_probe:
            return  # it was begun before the circuit opened
        if is_success:
            if is_probe:
                logger.info("%s answers again", self._service)
            self._failures, self._open_until = 0, None
        elif is_success is False:
            self._failures += 1
            if is_probe or self._failures >= FAILURES:
                self._open_until = self._clock() + OPEN_SECONDS
                logger.warning(
                    "%s has failed %d times in a row: it is not called for %.0f s",
                    self._service,
                    self._failures,
                    OPEN_SECONDS,
                )
