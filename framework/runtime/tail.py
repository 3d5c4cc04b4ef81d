"""Looking on: events as they were published, for whoever takes nothing from any group."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Protocol

from framework.runtime.envelope import CloudEvent

Position = tuple[tuple[int, int], ...]
"""How far one who looks on has seen: for each event, in their order, two numbers that grow."""

_PLACE: Final = re.compile(r"(\d{1,19})-(\d{1,19})")


@dataclass(frozen=True, slots=True)
class Seen:
    """An event that was published, and where one stands who has seen it and all before it."""

    event: CloudEvent
    position: Position


class Tail(Protocol):
    """The events of some names, from any place on, as long as the broker keeps them."""

    async def end(self) -> Position:
        """Where one stands who has seen everything. Raises `BrokerUnavailable`."""

    async def before(self, newest: int) -> Position:
        """Where one stands who has the newest of each event, so many, still to see.

        Raises `BrokerUnavailable`.
        """

    async def after(self, position: Position, count: int, wait: float = 0) -> tuple[list[Seen], Position]:
        """At most `count` of each event behind `position`, and where one stands who has seen those.

        Waits up to `wait` seconds if there is none. Those of one event come as they were published, those of
        several by time. Raises `BrokerUnavailable`.
        """


def written(position: Position) -> str:
    """A position as text, for clients to keep: `1700000000000-0,1700000000001-2`."""
    return ",".join(f"{first}-{second}" for first, second in position)


def read(text: str, events: int) -> Position | None:
    """The position that `text` is, if it is one of so many events."""
    places = [_PLACE.fullmatch(part) for part in text.split(",", events)]
    found = tuple((int(place[1]), int(place[2])) for place in places if place)
    return found if len(places) == len(found) == events else None
