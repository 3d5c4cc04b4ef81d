"""The protocol: shots in turn, each compared with the shots at the baseline just before and just after it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import geometric_mean, median
from typing import Final

from tooling.bench.rest.load import Case, Shot, shoot
from tooling.bench.rest.servers import Server

_BETWEEN: Final = 2
"""Subjects between two shots at the baseline."""
LEAST, MOST = 0.95, 1.05
"""What the same server may cost against itself in a run that is believed."""


@dataclass(slots=True)
class Found:
    """What the rounds found of one subject in one case."""

    shots: list[Shot] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    """How many times cheaper than the baseline around it, by processor time of a request."""
    waits: list[float] = field(default_factory=list)
    """Its p99 latency, times that of the baseline around it."""

    @property
    def ratio(self) -> float:
        """The median."""
        return median(self.ratios)

    @property
    def wait(self) -> float:
        """The median."""
        return median(self.waits)

    @property
    def processor(self) -> float:
        """The median, in seconds."""
        return median(shot.processor for shot in self.shots)

    @property
    def p99(self) -> float:
        """The median, in seconds."""
        return median(shot.p99 for shot in self.shots)

    @property
    def rate(self) -> float:
        """The median, in requests a second."""
        return median(shot.rate for shot in self.shots)


class Measured:
    """What the rounds found, by case and subject."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Found] = {}

    def of(self, case: str, subject: str) -> Found:
        """One subject in one case."""
        return self._found.setdefault((case, subject), Found())

    def times(self, case: str, subject: str, other: str) -> float:
        """How many times cheaper than another a subject is: the median over the rounds."""
        pairs = zip(self.of(case, subject).ratios, self.of(case, other).ratios, strict=True)
        return median(one / two for one, two in pairs)

    def doubts(self, cases: Iterable[str], again: str) -> Iterator[str]:
        """Where the baseline, started again, did not cost what it costs: such a run is thrown away."""
        for case in cases:
            found = self.of(case, again).ratio
            if not LEAST <= found <= MOST:
                yield f"{again} ({case}): {found:.3f} times cheaper than itself"


def measure(
    baseline: Server, others: Sequence[Server], cases: Mapping[str, Case], connections: int, rounds: int
) -> Measured:
    """Measure the others against the baseline, round after round, cases and subjects in changing order."""
    measured = Measured()
    order = random.Random(0)  # noqa: S311
    for case in cases.values():
        for server in (baseline, *others):
            shoot(server.pid, server.url, case, connections)  # warms up
    for _ in range(rounds):
        for name, case in order.sample(list(cases.items()), len(cases)):
            _round(measured, name, case, baseline, order.sample(others, len(others)), connections)
    return measured


def _round(
    measured: Measured, name: str, case: Case, baseline: Server, others: Sequence[Server], connections: int
) -> None:
    def shot(server: Server) -> Shot:
        taken = shoot(server.pid, server.url, case, connections)
        measured.of(name, server.name).shots.append(taken)
        return taken

    before = shot(baseline)
    for begin in range(0, len(others), _BETWEEN):
        group = [(server, shot(server)) for server in others[begin : begin + _BETWEEN]]
        after = shot(baseline)
        for server, taken in group:
            found = measured.of(name, server.name)
            found.ratios.append(geometric_mean((before.processor, after.processor)) / taken.processor)
            found.waits.append(taken.p99 / geometric_mean((before.p99, after.p99)))
        before = after
