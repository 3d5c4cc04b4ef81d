"""What of the pending entries is to be delivered again: which lie where, and for how long they must."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import ceil

from framework.runtime.redis_streams.group import Group, Key, Member, Waiting
from framework.runtime.redis_streams.places import retries_at


class Redelivery:
    """Finds the entries of a group that are due: left by the dead, given back, or parked for long enough."""

    def __init__(self, group: Group, lease: float, delays: Mapping[str, Sequence[float]]) -> None:
        """`lease` in seconds; `delays` by stream, in seconds, from each failure to the next delivery."""
        self._group = group
        self._lease = lease
        self._delays = delays
        self._looked_until: dict[tuple[str, str], bytes] = {}

    async def due(self, members: Iterable[Member], limit: int, own: Collection[Key]) -> list[Waiting]:
        """Up to `limit` entries pending on `members`, except those of `own`.

        Asked for consumer by consumer: a page over the whole group could be full of what one of them holds.
        """
        holders = [member for member in members if member.pending]
        random.shuffle(holders)
        due: list[Waiting] = []
        for holder in holders:
            due += await self._due_on(holder, limit - len(due), own)
            if len(due) >= limit:
                break
        return due

    async def _due_on(self, holder: Member, limit: int, own: Collection[Key]) -> list[Waiting]:
        """Go on where the previous look ended: from the oldest each time it might never get further."""
        place = (holder.stream, holder.name)
        after = self._looked_until.pop(place, b"-")
        found = await self._group.idle(holder, self._patience_ms(holder), limit + len(own), after)
        due = [each for each in found if (each.stream, each.id) not in own][:limit]
        if len(due) == limit:
            self._looked_until[place] = b"(" + due[-1].id
        return due

    def _patience_ms(self, holder: Member) -> int:
        """How long an entry must lie idle there; at a place of retries until its delay is over."""
        retries = retries_at(holder.name)
        if retries is None:
            return ceil(self._lease * 1000)
        failures, origin = retries
        return ceil(self._delay(origin or holder.stream, failures) * 1000)

    def _delay(self, stream: str, failures: int) -> float:
        # Parked by a process whose spec had more delays: the last one holds for what lies beyond.
        delays = self._delays.get(stream)
        return delays[min(failures, len(delays)) - 1] if delays else 0
