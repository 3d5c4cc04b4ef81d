"""What was measured as rows of a report, and what was promised as bars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tooling.bench.report import Bar
from tooling.bench.rest.load import Case
from tooling.bench.rest.rounds import Measured

TWIN: Final = "idiomatic FastAPI"
AGAIN: Final = "idiomatic FastAPI, started again"

READ, LIST, WRITE = "read", "list of 20", "write"
CASES: Final = {
    READ: Case(READ, "/users/500"),
    LIST: Case(LIST, "/users?limit=20"),
    WRITE: Case(WRITE, "/users", creates=True),
}
HEADINGS: Final = ("what", *CASES)

Floors = tuple[float, float, float]
"""The least that is promised, in the order of the cases."""


def rows(part: str, measured: Measured, others: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Processor time of a request, and how many times cheaper than the twin each of the others is."""
    yield (f"{part}: {TWIN}", *(_microseconds(measured.of(case, TWIN).processor) for case in CASES))
    for name in others:
        found = [measured.of(case, name) for case in CASES]
        yield f"{part}: {name}", *(f"{_microseconds(each.processor)}, {each.ratio:.2f} ×" for each in found)


def waits(part: str, measured: Measured, others: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The p99 of the latency, and what share of the twin's it is."""
    yield (f"{part}, p99: {TWIN}", *(_milliseconds(measured.of(case, TWIN).p99) for case in CASES))
    for name in others:
        found = [measured.of(case, name) for case in CASES]
        yield f"{part}, p99: {name}", *(f"{_milliseconds(each.p99)}, {each.wait:.2f} ×" for each in found)


def floors(part: str, measured: Measured, subject: str, against: str, least: Floors) -> Iterator[Bar]:
    """What was promised of a subject against another, or against the twin."""
    for case, bar in zip(CASES, least, strict=True):
        figure = (
            measured.of(case, subject).ratio if against == TWIN else measured.times(case, subject, against)
        )
        yield Bar(f"{part}, {case}: {subject}, times cheaper than {against}", figure, bar, at_least=True)


def baseline(part: str, measured: Measured, connections: int) -> str:
    """How fast the twin was at all."""
    rates: Mapping[str, float] = {case: measured.of(case, TWIN).rate for case in CASES}
    told = ", ".join(f"{rate:,.0f} ({case})" for case, rate in rates.items())
    return f"{part}, {connections} connections: {TWIN} answered {told} requests a second."


def _microseconds(seconds: float) -> str:
    return f"{seconds * 1e6:,.0f} µs"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.1f} ms"
