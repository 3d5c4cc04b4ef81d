"""When whom is hit, and how: decided before the run, by its seed alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

INTERVAL: Final = 1.5
"""Seconds from one strike to the next, on average."""


class Blow(StrEnum):
    """What is done to a process."""

    KILL = "kill"
    """SIGKILL; it is started again after the pause."""
    STOP = "stop"
    """SIGSTOP, and SIGCONT after the pause, which is longer than a lease."""
    END = "end"
    """SIGTERM; it is started again when it has ended."""


@dataclass(frozen=True, slots=True)
class Target:
    """A process that may be hit, and by what."""

    name: str
    blows: Sequence[Blow]


@dataclass(frozen=True, slots=True)
class Strike:
    """One blow, so many seconds `after` the one before; its victim is brought back after `pause` seconds."""

    after: float
    victim: str
    blow: Blow
    pause: float


Pauses = Mapping[Blow, tuple[float, float]]
"""Between how many seconds and how many a blow keeps its victim down."""


def pauses(lease: float) -> Pauses:
    """Short ones, but stops that outlast a lease."""
    return {Blow.KILL: (0, 0.6), Blow.END: (0, 0.6), Blow.STOP: (1.2 * lease, 1.8 * lease)}


def plan(seed: int, targets: Sequence[Target], lasting: Pauses) -> Iterator[Strike]:
    """Strikes without end; every target takes each of its blows once before any takes one twice."""
    random = Random(seed)  # noqa: S311
    every = [(target.name, blow) for target in targets for blow in target.blows]
    while True:
        random.shuffle(every)
        for name, blow in every:
            after = INTERVAL * random.uniform(0.5, 1.5)
            yield Strike(after, name, blow, random.uniform(*lasting[blow]))
