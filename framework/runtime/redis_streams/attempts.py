"""What lies behind a pending entry, kept in the one number that Redis keeps for it: its delivery counter.

Redis counts deliveries: 1 for the first, one more each time the entry is claimed. Read in decimal digits, the
counter of an entry that nobody handles is `sssfffccc`: the handler failed `fff` times, for the first time
`sss` seconds after the entry was written, and `ccc` deliveries ended without a word. While it is handled the
counter is one higher: if that word never comes, the delivery is counted as a crash by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Self

_FAILURE: Final = 1_000
_SECOND: Final = 1_000_000
_MOST: Final = 999


@dataclass(frozen=True, slots=True)
class Attempts:
    """The deliveries of an entry that have ended."""

    failures: int = 0
    """Ended by the handler's own failure."""
    crashes: int = 0
    """Ended by the death of the process, or by a pause longer than its lease."""
    first_failure: int = 0
    """Seconds from the writing of the entry to the first failure, if there was one."""

    @classmethod
    def read(cls, counter: int) -> Self:
        """Read the counter of an entry that nobody handles any more."""
        seconds, rest = divmod(counter, _SECOND)
        failures, crashes = divmod(rest, _FAILURE)
        return cls(failures, crashes, seconds)

    @property
    def counter(self) -> int:
        """The delivery counter that says all this."""
        return self.first_failure * _SECOND + self.failures * _FAILURE + self.crashes

    def failed(self, age: float) -> Self:
        """With one failure more, of an entry written `age` seconds ago."""
        first = self.first_failure if self.failures else max(0, int(age))
        return replace(self, failures=min(self.failures + 1, _MOST), first_failure=first)


NONE: Final = Attempts()
"""Behind an entry that is delivered for the first time."""
