"""Consumer groups as an operator sees them: how far each has got, which are dead, what is to be run again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any, Final, Protocol

SILENCE_SECONDS: Final = 60
"""After how long without a sign of life a consumer counts as gone."""
SCHEDULES: Final = "schedule:"
"""Begins the names of the events that are ticks of a schedule."""


class GroupNotFound(LookupError):
    """There is no such group on any stream."""


class GroupIsAlive(Exception):
    """The group has consumers, which would make it anew and be given everything from the beginning."""


@dataclass(frozen=True, slots=True)
class GroupState:
    """How far one group has got in one stream."""

    group: str
    stream: str
    """The name of the event, or of the group's redrive stream."""
    lag: int | None
    """How many entries it has not been given yet; None if Redis has lost count."""
    pending: int
    """How many it was given and has not acknowledged."""
    parked: int
    """Of these, how many wait to be tried again."""
    oldest: datetime | None
    """When the oldest entry was written that it has not acknowledged."""
    consumers: tuple[str, ...]
    """The processes that read for it, as far as they have been heard of lately."""
    last_delivered: datetime | None
    """When the newest entry was written that it has been given."""

    def as_json(self) -> dict[str, Any]:
        """The same, ready for JSON."""
        return {
            "group": self.group,
            "stream": self.stream,
            "lag": self.lag,
            "pending": self.pending,
            "parked": self.parked,
            "oldest": self.oldest.isoformat() if self.oldest else None,
            "consumers": list(self.consumers),
            "last_delivered": self.last_delivered.isoformat() if self.last_delivered else None,
        }


@dataclass(frozen=True, slots=True)
class Past:
    """Which of the events that a group has handled are meant."""

    since: datetime
    event: str | None = None
    """A name, or a pattern such as `user.*`; all but the ticks of schedules if it is None."""

    def fits(self, event: str) -> bool:
        """Whether events of this name are meant."""
        if self.event is None:
            return not event.startswith(SCHEDULES)
        return fnmatchcase(event, self.event)


class Groups(Protocol):
    """All groups on one broker.

    Every method raises `BrokerUnavailable` if the broker is down, and `BrokerRefused` if it will not.
    """

    async def states(self) -> list[GroupState]:
        """Each group on each stream, by name."""

    async def remove(self, group: str) -> None:
        """Remove a group from all streams, and what was to be run again by it; its dead letters stay.

        Raises `GroupNotFound`, or `GroupIsAlive` with the names of its consumers; then it still is on the
        streams that those read.
        """

    async def count(self, group: str, past: Past) -> int:
        """How many events `replay` would send. Raises `GroupNotFound`."""

    async def replay(self, group: str, past: Past, again: datetime | None) -> int:
        """Send to a group once more, and to nobody else, what it has acknowledged; returns how many events.

        What its inbox knows is suppressed, unless that was recorded before `again`. Raises `GroupNotFound`.
        """
