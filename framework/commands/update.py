"""`framework update`: bring the project to a newer version of its template."""

from __future__ import annotations

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument(
        "--to",
        metavar="VERSION",
        help="a version, branch or commit of the template; by default the newest release",
    )


def run(args: argparse.Namespace) -> int:
    """Update; 0 if all is well, 1 if it cannot be done or leaves something to do."""
    # All of it at once: the files that these modules are read from are among those that change.
    from framework.project.errors import ProjectError
    from framework.project.update import update

    try:
        return update(args.root, args.to)
    except ProjectError as error:
        print(f"{error}\n\nNothing was changed.", file=sys.stderr)
        return 1
