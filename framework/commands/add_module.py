"""`framework add-module`: add a service that the template has."""

from __future__ import annotations

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("name", nargs="?", default="", help="the service")
    parser.add_argument(
        "--to", choices=["latest"], help="bring the project to the newest version of the template first"
    )


def run(args: argparse.Namespace) -> int:
    """Add; 0 if all is well, 1 if it cannot be done or leaves something to do."""
    # All of it at once: the files that these modules are read from are among those that change.
    from framework.project.errors import ProjectError
    from framework.project.modules import add_module

    try:
        return add_module(args.root, args.name, latest=args.to == "latest")
    except ProjectError as error:
        print(f"{error}\n\nNothing was changed.", file=sys.stderr)
        return 1
