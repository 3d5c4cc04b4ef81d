"""`framework chaos`: kill and stop the services at random, then account for every event."""

from __future__ import annotations

import argparse
import sys
from random import SystemRandom


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("--seconds", type=float, default=25, help="how long the load and the blows go on")
    parser.add_argument("--minutes", type=float, help="the same in minutes")
    parser.add_argument("--seed", type=int, help="repeats the choices of a run; chosen and told if not given")
    parser.add_argument(
        "--db",
        choices=["sqlite", "postgres"],
        default="postgres",
        help="what the services keep their data in",
    )
    parser.add_argument("--rate", type=float, default=25, help="requests per second, over all")
    parser.add_argument("--json", action="store_true", help="print the account as JSON")


def run(args: argparse.Namespace) -> int:
    """Run once; 0 when every promise was kept."""
    from framework.chaos.rig import Options
    from framework.chaos.rig import run as play
    from framework.dev.errors import DevelopmentError
    from framework.dev.project import open_project
    from framework.servers.process import ServerError

    options = Options(
        seconds=args.minutes * 60 if args.minutes else args.seconds,
        seed=SystemRandom().randrange(10_000) if args.seed is None else args.seed,
        database=args.db,
        rate=args.rate,
    )
    try:
        report = play(open_project(args.root), options)
    except (DevelopmentError, ServerError) as error:
        print(error, file=sys.stderr)
        return 1
    print(report.to_json() if args.json else report.to_text())
    return 0 if report.is_clean else 1
