"""A service that has grown to 1000 operations: its last route, and its start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final

from tooling.bench.report import Bar, Part
from tooling.bench.rest import parity
from tooling.bench.rest.cores import processor_seconds
from tooling.bench.rest.load import Case
from tooling.bench.rest.many import PER_RESOURCE, make_by_hand, make_generated
from tooling.bench.rest.parity import Question
from tooling.bench.rest.project import environment
from tooling.bench.rest.rounds import measure as measure_rounds
from tooling.bench.rest.servers import Subject, generated, uvicorn
from tooling.bench.rest.stage import Stage

MANY: Final = 1000
FEW: Final = 10
TWIN: Final = "included routers"
AGAIN: Final = "included routers, started again"
OURS: Final = "generated"
FIRST: Final = f"generated, the first of {FEW}"
CONNECTIONS: Final = 8

OVER_TWIN: Final = 20.0
OF_FIRST: Final = 1.15
START: Final = 1.25
"""Processor time until the last route has answered, times that of the twin."""

_FIRST: Final = "/things0"
_LAST: Final = f"/things{MANY // PER_RESOURCE - 1}"
_ROUTE: Final = {"route": Case("route", "/7")}
_QUESTIONS: Final = (
    Question("GET", "/7"),
    Question("GET", "?after=3"),
    Question("GET", "/x"),
    Question("DELETE", "/7"),
    Question("PATCH", "/7", b'{"colour": "blue"}'),
    Question("PATCH", "/7", b'{"colour": "pink"}'),
)


def measure(stage: Stage) -> Part:
    """Measure the last of many routes against included routers and the first of few; then starts."""
    twin, again, ours, few = _subjects(stage)
    servers = [stage.start(subject, subject.prefix + "/7") for subject in (twin, again, ours, few)]
    parity.check(servers[0], servers[1:], _QUESTIONS)
    measured = measure_rounds(servers[0], servers[1:], _ROUTE, CONNECTIONS, stage.options.rounds)
    stage.believe(measured.doubts(_ROUTE, AGAIN))
    for server in servers:
        server.stop()
    starts = _starts(stage, [twin, ours])
    start = median(one / other for one, other in zip(starts[OURS], starts[TWIN], strict=True))
    found = {name: measured.of("route", name) for name in (TWIN, AGAIN, OURS, FIRST)}
    last = f"the last of {MANY} routes"
    rows = [
        (f"{last}: {TWIN}", f"{found[TWIN].processor * 1e6:,.0f} µs", "", ""),
        *(
            (f"{last}: {name}", f"{found[name].processor * 1e6:,.0f} µs, {found[name].ratio:.2f} ×", "", "")
            for name in (AGAIN, OURS, FIRST)
        ),
        (f"start with {MANY} operations: {TWIN}", f"{median(starts[TWIN]):.2f} s", "", ""),
        (f"start with {MANY} operations: {OURS}", f"{median(starts[OURS]):.2f} s, {start:.2f} of it", "", ""),
    ]
    bars = [
        Bar(f"{last}: {OURS}, times cheaper than {TWIN}", found[OURS].ratio, OVER_TWIN, at_least=True),
        Bar(f"{last}, times the first of {FEW}", measured.times("route", FIRST, OURS), OF_FIRST),
        Bar(f"start with {MANY} operations, times that of the twin", start, START),
    ]
    return Part(rows, bars)


def _subjects(stage: Stage) -> tuple[Subject, Subject, Subject, Subject]:
    by_hand = make_by_hand(stage.folder / "by-hand", MANY)
    many, few = (make_generated(stage.folder / f"things-{count}", count) for count in (MANY, FEW))
    settings = {"REDIS_URL": stage.redis_url}
    plain, ours = uvicorn("main:app"), generated("services.backend.src.main:app")
    alone = {**environment(by_hand), "PYTHONPATH": str(by_hand)}
    return (
        Subject(TWIN, plain, by_hand, alone, _LAST),
        Subject(AGAIN, plain, by_hand, alone, _LAST),
        Subject(OURS, ours, many, environment(many, **settings), _LAST),
        Subject(FIRST, ours, few, environment(few, **settings), _FIRST),
    )


def _starts(stage: Stage, subjects: Sequence[Subject]) -> Mapping[str, Sequence[float]]:
    """Seconds of processor time until the last route has answered, of one start after the other, by turns.

    The first request is part of it: an application builds what it includes when it is first asked.
    """
    found: dict[str, list[float]] = {subject.name: [] for subject in subjects}
    for _ in range(max(3, stage.options.rounds // 2)):
        for subject in subjects:
            server = stage.start(subject, subject.prefix + "/7")
            found[subject.name].append(processor_seconds(server.pid))
            server.stop()
    return found
