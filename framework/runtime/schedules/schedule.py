"""When a scheduled operation is due: at the times of a cron expression, or at equal distances."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from cronsim import CronSim

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
_LONGEST_REPEAT: Final = timedelta(hours=3)
"""At least what any zone repeats of its local time when its clocks go back."""


class Schedule(Protocol):
    """The ticks of a clock. Moments are aware, those given back in UTC."""

    @property
    def definition(self) -> str:
        """The schedule in words; another one is another schedule."""

    def last(self, now: datetime) -> datetime:
        """The last tick that is not after `now`."""

    def next(self, now: datetime) -> datetime:
        """The first tick after `now`."""


@dataclass(frozen=True, slots=True)
class Every:
    """Ticks at equal distances, counted from 1970 in UTC, so that all processes count alike."""

    interval: timedelta

    @property
    def definition(self) -> str:
        """`every 30 s`."""
        return f"every {self.interval.total_seconds():g} s"

    def last(self, now: datetime) -> datetime:
        """The last tick that is not after `now`."""
        return _EPOCH + (now - _EPOCH) // self.interval * self.interval

    def next(self, now: datetime) -> datetime:
        """The first tick after `now`."""
        return self.last(now) + self.interval


@dataclass(frozen=True)
class Cron:
    """Ticks at the times of a cron expression of five fields, in the local time of a zone.

    When clocks go forward, what is due at a skipped time is due at the next time that there is; when they go
    back, what is due at a repeated time is due the first time only. Where minutes or hours begin with `*` it
    is neither: such a schedule follows real time, and the hour that is skipped or repeated is as it is. Where
    clocks are set by half an hour (Lord Howe alone), such a schedule may on that day be half an hour late, or
    leave out a tick.
    """

    expression: str
    timezone: str = "UTC"
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_zone", ZoneInfo(self.timezone))

    @property
    def definition(self) -> str:
        """`cron 0 3 * * * Europe/Berlin`."""
        return f"cron {self.expression} {self.timezone}"

    def last(self, now: datetime) -> datetime:
        """The last tick that is not after `now`."""
        start = now.replace(microsecond=0) + _SECOND
        if start.astimezone(self._zone).fold:
            # The search goes by local time, and in the repeated hour it would not see what was due before.
            start += _LONGEST_REPEAT
        ticks = (tick.astimezone(UTC) for tick in CronSim(self.expression, self._local(start), reverse=True))
        return next(tick for tick in ticks if tick <= now)

    def next(self, now: datetime) -> datetime:
        """The first tick after `now`."""
        ticks = (tick.astimezone(UTC) for tick in CronSim(self.expression, self._local(now)))
        return next(tick for tick in ticks if tick > now)

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._zone)
