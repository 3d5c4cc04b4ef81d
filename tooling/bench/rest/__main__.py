"""What a request costs: `python -m tooling.bench.rest`, or `make bench name=rest`.

Servers are judged by the processor time that a request takes them, as the scheduler counts it, each against
the same service written by hand, shot by shot.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Final

from framework.servers.process import ServerError
from tooling.bench.measurement import BenchError
from tooling.bench.report import Part, Report
from tooling.bench.rest import cores, load
from tooling.bench.rest.parts import no_database, postgres, routes
from tooling.bench.rest.stage import Options, Stage, staged
from tooling.bench.rest.tables import HEADINGS

PARTS: Final[Mapping[str, Callable[[Stage], Part]]] = {
    "no-database": no_database.measure,
    "postgres": postgres.measure,
    "routes": routes.measure,
}
_LIBRARIES: Final = ("fastapi", "starlette", "uvicorn", "pydantic", "sqlalchemy", "asyncpg")


def main() -> int:
    """Measure, and print what was found; 1 if a bar does not hold, 2 if something could not be measured."""
    args = _arguments()
    try:
        cores.check()
        load.wrk()
        with tempfile.TemporaryDirectory(prefix="bench-rest-") as folder:
            report = _run(Path(folder), args)
    except (BenchError, ServerError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 2
    print(report.json() if args.json else report.markdown())
    return 0 if report.holds else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tooling.bench.rest", description=__doc__)
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--rounds", type=_rounds, default=5, help="how often each subject is measured")
    parser.add_argument("--part", action="append", choices=list(PARTS), help="only this; may be repeated")
    parser.add_argument(
        "--peers", action="store_true", help="other frameworks too, installed into build/bench-rest-peers"
    )
    parser.add_argument(
        "--anyway", action="store_true", help="show what was found even if the run is thrown away"
    )
    return parser.parse_args()


def _rounds(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} rounds are none")
    return number


def _run(folder: Path, args: argparse.Namespace) -> Report:
    options = Options(args.rounds, args.peers, args.anyway)
    load_before = os.getloadavg()[0]
    parts = []
    for name, measure in PARTS.items():
        if not args.part or name in args.part:
            with staged(folder / name, options) as stage:
                parts.append(measure(stage))
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return Report(
        HEADINGS,
        [row for part in parts for row in part.rows],
        [bar for part in parts for bar in part.bars],
        [
            "Processor time of the server for a request, medians; ratios are medians over the rounds.",
            *(note for part in parts for note in part.notes),
            f"Python {platform.python_version()}, {libraries}; {args.rounds} rounds; load average "
            f"{load_before:.1f} before, {os.getloadavg()[0]:.1f} after.",
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
