"""The whole service on PostgreSQL: the request, the repository, the event in the same transaction."""

from __future__ import annotations

from typing import Final

from tooling.bench.report import Bar, Part
from tooling.bench.rest import parity
from tooling.bench.rest.project import environment, make_backend
from tooling.bench.rest.rounds import measure as measure_rounds
from tooling.bench.rest.seeding import make_database
from tooling.bench.rest.servers import Subject, generated, uvicorn
from tooling.bench.rest.stage import Stage
from tooling.bench.rest.tables import AGAIN, CASES, READ, TWIN, WRITE, baseline, floors, rows, waits

NAME: Final = "PostgreSQL"
ORM: Final = "generated, unchanged ORM repository"
SHIPPED: Final = "generated, the template's repository"
BARE: Final = "bare ASGI on asyncpg"
CONNECTIONS: Final = 8

ORM_OVER_TWIN: Final = (1.4, 1.4, 1.4)
SHIPPED_OVER_TWIN: Final = (2.4, 1.8, 2.0)
ONE_STATEMENT_OVER_TWIN: Final = 3.5
"""The template's repository writes an insert and the event of its operation so."""
OF_BARE: Final = (0.35, 0.35, 0.35)
WAIT: Final = 0.4
"""The p99 latency of a request, times the twin's."""


def measure(stage: Stage) -> Part:
    """Measure generated services on two repositories, the twin and the floor, each on its own database."""
    postgres = stage.start_postgres()
    orm, shipped = (make_backend(stage.folder / name, overlay) for name, overlay in _PROJECTS)
    twins, ours = uvicorn("tooling.bench.rest.twin.main:create_app", "--factory"), generated(_MAIN)
    commands = {
        TWIN: (twins, shipped),
        AGAIN: (twins, shipped),
        ORM: (ours, orm),
        SHIPPED: (ours, shipped),
        BARE: (uvicorn("tooling.bench.rest.bare:app"), shipped),
    }
    subjects = [
        Subject(
            name,
            command,
            project,
            environment(
                project,
                REDIS_URL=stage.redis_url,
                DATABASE_URL=make_database(postgres, f"subject_{number}"),
                OUTBOX_RELAY="off",  # the twin's worker is another process, too
            ),
        )
        for number, (name, (command, project)) in enumerate(commands.items())
    ]
    twin, *others = [stage.start(subject, CASES[READ].path) for subject in subjects]
    *whole, floor = others
    parity.check(twin, whole, [*parity.ANSWERED, *parity.REFUSED, *parity.REFUSED_BY_BUSINESS])
    parity.check(twin, [floor], parity.READS)
    measured = measure_rounds(twin, others, CASES, CONNECTIONS, stage.options.rounds)
    stage.believe(measured.doubts(CASES, AGAIN))
    bars: list[Bar] = [
        *floors(NAME, measured, ORM, TWIN, ORM_OVER_TWIN),
        *floors(NAME, measured, SHIPPED, TWIN, SHIPPED_OVER_TWIN),
        Bar(
            f"{NAME}: create with its event in one statement, times cheaper than {TWIN}",
            measured.of(WRITE, SHIPPED).ratio,
            ONE_STATEMENT_OVER_TWIN,
            at_least=True,
        ),
        *floors(NAME, measured, SHIPPED, BARE, OF_BARE),
        *(
            Bar(f"{NAME}, {case}: p99, times the twin's", measured.of(case, SHIPPED).wait, WAIT)
            for case in CASES
        ),
    ]
    names = [other.name for other in others]
    return Part(
        [*rows(NAME, measured, names), *waits(NAME, measured, names)],
        bars,
        [baseline(NAME, measured, CONNECTIONS)],
    )


_MAIN: Final = "services.backend.src.main:app"
_PROJECTS: Final = (("orm", "orm"), ("shipped", None))
