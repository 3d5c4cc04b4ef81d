"""What a consumer holds at the moment: entries in or before their handling, and those to be acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import Set
from dataclasses import dataclass

from framework.runtime.redis_streams.group import Entry, Key
from framework.runtime.redis_streams.handling import Outcome


@dataclass(slots=True)
class Counts:
    """What the consumer has done since its start, in entries."""

    handled: int = 0
    suppressed: int = 0
    """Delivered again after having been handled."""
    failed: int = 0
    """By the fault of the handler or the event."""
    dead: int = 0
    """Of these, written to the dead letters."""
    claimed: int = 0
    """Delivered again: after the end of a lease or of a retry's delay, or given back by another."""
    released: int = 0
    """Given back unfinished at a stop."""
    lost: int = 0
    """Handled here after another process had taken them over."""

    def add(self, outcome: Outcome) -> None:
        """Count what came of one entry."""
        if outcome is Outcome.HANDLED:
            self.handled += 1
        else:
            self.suppressed += 1


@dataclass(slots=True, eq=False)
class Held:
    """An entry under our lease."""

    entry: Entry
    key: Key
    task: asyncio.Task[None] | None = None
    runs: bool = False
    """Whether the handler is at work now, or what came of it is being told to Redis."""
    is_taken: bool = False
    """Whether another process has taken it over, since our lease had ended."""


class Holdings:
    """The entries of one consumer."""

    def __init__(self) -> None:
        self.counts = Counts()
        self.handled: set[Key] = set()
        """What waits to be acknowledged."""
        self.changed = asyncio.Event()
        """Set when the last entry has been let go of, and when entries have been acknowledged."""
        self.to_acknowledge = asyncio.Event()
        self.settled = 0
        """How many entries have been let go of since the start."""
        self._held: dict[Key, Held] = {}
        self._limit = -1
        self._has_room = asyncio.Event()

    async def room(self, limit: int) -> None:
        """Wait until no more than so many are held."""
        if len(self._held) > limit:
            self._limit = limit
            self._has_room.clear()
            await self._has_room.wait()
            self._limit = -1

    def let_in(self) -> None:
        """Let who waits for room go on without it."""
        self._has_room.set()

    @property
    def count(self) -> int:
        """How many entries are being handled or wait for it."""
        return len(self._held)

    @property
    def count_claimed(self) -> int:
        """How many of them had been delivered before."""
        return sum(held.entry.deliveries > 1 for held in self._held.values())

    def add(self, entry: Entry) -> Held | None:
        """Hold an entry; None if it is held already."""
        key = entry.key
        if key in self._held or key in self.handled:
            return None
        held = self._held[key] = Held(entry, key)
        return held

    @property
    def is_empty(self) -> bool:
        """Whether nothing is pending on this consumer, as far as it knows."""
        return not self._held and not self.handled

    def handle(self, held: Held) -> None:
        """Note that an entry has been handled, and is to be acknowledged."""
        if not self.handled:
            self.to_acknowledge.set()
        self.handled.add(held.key)

    def acknowledge(self, keys: Set[Key]) -> None:
        """Note that entries have been acknowledged."""
        self.handled -= keys
        self.changed.set()

    def remove(self, held: Held) -> bool:
        """Forget an entry; False if it has been settled meanwhile."""
        was_held = self._held.pop(held.key, None) is not None
        self.settled += was_held
        if len(self._held) == self._limit:
            self._has_room.set()
        if not self._held:
            self.changed.set()
        return was_held

    def give_up(self, key: Key) -> bool:
        """Note that another process has taken an entry over; False if it is not held here any more."""
        held = self._held.get(key)
        if held is None:
            return False
        held.is_taken = True
        return True

    def keys(self) -> set[Key]:
        """Everything that is not to be taken over by ourselves."""
        return self._held.keys() | self.handled

    def to_renew(self) -> set[Key]:
        """Everything whose lease is still ours."""
        return {key for key, held in self._held.items() if not held.is_taken} | self.handled

    def waiting(self) -> list[Held]:
        """What no handler is at work on."""
        return [held for held in self._held.values() if not held.runs]

    def running(self) -> list[Held]:
        """What a handler is at work on."""
        return [held for held in self._held.values() if held.runs]

    def all(self) -> list[Held]:
        """Everything that is not handled yet."""
        return list(self._held.values())
