"""`framework fuzz`: ask the services what their OpenAPI documents allow and forbid."""

from __future__ import annotations

import argparse
import sys
from random import SystemRandom

from framework.commands.arguments import count


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("--service", help="one service alone; all that answer HTTP if not given")
    parser.add_argument(
        "--examples", type=count, default=50, help="made-up requests for each operation, 50 if not given"
    )
    parser.add_argument("--seed", type=int, help="repeats the requests of a run; made up if not given")
    parser.add_argument(
        "--db",
        choices=["sqlite", "postgres"],
        default="postgres",
        help="what the services keep their data in",
    )


def run(args: argparse.Namespace) -> int:
    """Run once; 0 when no fault was found."""
    from framework.dev.errors import DevelopmentError
    from framework.dev.project import open_project
    from framework.fuzzing.examination import Depth
    from framework.fuzzing.rig import Options
    from framework.fuzzing.rig import run as examine
    from framework.servers.process import ServerError

    seed = SystemRandom().randrange(10_000) if args.seed is None else args.seed
    options = Options(args.service, Depth(args.examples, seed), args.db)
    try:
        is_sound = examine(open_project(args.root), options, lambda line: print(line, flush=True))
    except (DevelopmentError, ServerError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if is_sound else 1
