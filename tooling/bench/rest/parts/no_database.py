"""Everything but the database: the cost of the request itself, with sessions that do nothing."""

from __future__ import annotations

from typing import Final

from tooling.bench.report import Bar, Part
from tooling.bench.rest import parity
from tooling.bench.rest.parts import frameworks
from tooling.bench.rest.project import environment, make_backend
from tooling.bench.rest.rounds import measure as measure_rounds
from tooling.bench.rest.servers import Subject, generated, uvicorn
from tooling.bench.rest.stage import Stage
from tooling.bench.rest.tables import AGAIN, CASES, READ, TWIN, baseline, floors, rows

NAME: Final = "no database"
OURS: Final = "generated"
PLAIN: Final = "generated, but served by uvicorn as it comes"
EXPERT: Final = "an expert's, without dependencies"
CONNECTIONS: Final = 16

_MAIN: Final = "services.backend.src.main:app"

OVER_TWIN: Final = (3.2, 2.3, 3.0)
OVER_EXPERT: Final = (1.6, 1.4, 1.6)
BEHIND: Final = (frameworks.LITESTAR, frameworks.NINJA)
AHEAD: Final = (1.0, 1.0, 1.0)


def measure(stage: Stage) -> Part:
    """Measure the generated service, the twin, the expert's version and, if they are asked for, the peers."""
    project = make_backend(stage.folder / "memory", "memory")
    inherited = environment(project, REDIS_URL=stage.redis_url)
    apps = "tooling.bench.rest.in_memory"
    commands = {
        TWIN: uvicorn(f"{apps}:create_twin", "--factory"),
        AGAIN: uvicorn(f"{apps}:create_twin", "--factory"),
        EXPERT: uvicorn(f"{apps}:create_expert", "--factory"),
        OURS: generated(_MAIN),
        PLAIN: uvicorn(_MAIN),
    }
    subjects = [Subject(name, command, project, inherited) for name, command in commands.items()]
    peers = [*frameworks.subjects(stage.folder)] if stage.options.peers else []
    twin, *others = [stage.start(subject, CASES[READ].path) for subject in (*subjects, *peers)]
    ours = others[: len(others) - len(peers)]
    parity.check(twin, ours, [*parity.ANSWERED, *parity.REFUSED])
    parity.check(twin, others, parity.ANSWERED)
    measured = measure_rounds(twin, others, CASES, CONNECTIONS, stage.options.rounds)
    stage.believe(measured.doubts(CASES, AGAIN))
    names = [other.name for other in others]
    bars: list[Bar] = [
        *floors(NAME, measured, OURS, TWIN, OVER_TWIN),
        *floors(NAME, measured, OURS, EXPERT, OVER_EXPERT),
        *(bar for peer in BEHIND if peers for bar in floors(NAME, measured, OURS, peer, AHEAD)),
    ]
    return Part([*rows(NAME, measured, names)], bars, [baseline(NAME, measured, CONNECTIONS)])
