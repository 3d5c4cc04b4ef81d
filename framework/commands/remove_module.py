"""`framework remove-module`: remove a service that came from the template."""

from __future__ import annotations

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("name", nargs="?", default="", help="the service")
    parser.add_argument(
        "--to", choices=["latest"], help="bring the project to the newest version of the template first"
    )
    parser.add_argument("--yes", action="store_true", help="do it without asking")


def run(args: argparse.Namespace) -> int:
    """Remove; 0 if all is well, 1 if it cannot be done or leaves something to do."""
    # All of it at once: the files that these modules are read from are among those that change.
    from framework.project.errors import ProjectError
    from framework.project.modules import remove_module

    try:
        return remove_module(args.root, args.name, latest=args.to == "latest", yes=args.yes)
    except ProjectError as error:
        print(f"{error}\n\nNothing was changed.", file=sys.stderr)
        return 1
