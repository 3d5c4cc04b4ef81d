"""Run the rig: `python -m tooling.chaos`; `--mutations` proves that it sees what breaks."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from random import SystemRandom

from framework.chaos.report import Report
from framework.chaos.rig import Options, run
from framework.dev.errors import DevelopmentError
from framework.dev.project import open_project
from framework.servers.process import ServerError
from tooling.chaos.audit import Audit
from tooling.chaos.scene import ROOT, environment, make_project

DOMAINS = ("orders",)


def main() -> int:
    """0 when every promise was kept; with `--mutations`, when every mutation was caught."""
    args = _parser().parse_args()
    try:
        if args.mutations is not None:
            from tooling.chaos.mutations import prove

            return prove(args.mutations, args.project)
        make_project(args.project)
        report = hurt(args.project, _options(args))
    except (DevelopmentError, ServerError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(report.to_json() if args.json else report.to_text())
    return 0 if report.is_clean else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tooling.chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=25, help="how long the load and the blows go on")
    parser.add_argument("--minutes", type=float, help="the same in minutes")
    parser.add_argument("--seed", type=int, help="repeats the choices of a run; chosen and told if not given")
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="postgres")
    parser.add_argument("--rate", type=float, default=25, help="requests per second, over all")
    parser.add_argument(
        "--project", type=_absolute, default=ROOT / "build" / "chaos", help="where the project is made"
    )
    parser.add_argument("--json", action="store_true", help="print the account as JSON")
    parser.add_argument(
        "--mutations", nargs="*", metavar="NAME", help="break the runtime, in every way or these"
    )
    return parser


def _absolute(path: str) -> Path:
    return Path(path).absolute()


def _options(args: argparse.Namespace) -> Options:
    return Options(
        seconds=args.minutes * 60 if args.minutes else args.seconds,
        seed=SystemRandom().randrange(10_000) if args.seed is None else args.seed,
        database=args.db,
        rate=args.rate,
        domains=DOMAINS,
        environment=environment(args.project),
    )


def hurt(project: Path, options: Options) -> Report:
    """One run on the project, with the account of its own tables. Raises what `run` raises."""
    audit = Audit()
    return run(open_project(project), options, is_poison=audit.is_poison, inspect=audit.inspect)


if __name__ == "__main__":
    sys.exit(main())
