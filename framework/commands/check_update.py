"""`framework check-update`: tell whether the template has a newer version, and what it would bring."""

from __future__ import annotations

import argparse
import json
import sys

NEWER = 2
"""The exit status that says that there is a newer version."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument(
        "--to",
        metavar="VERSION",
        help="a version, branch or commit of the template; by default the newest release",
    )
    parser.add_argument("--json", action="store_true", help="for machines")


def run(args: argparse.Namespace) -> int:
    """Look; 0 if the project is up to date, 2 if something newer is there, 1 if that cannot be told."""
    from framework.project.errors import ProjectError
    from framework.project.report import told_changes
    from framework.project.update import check, told_standing

    try:
        found = check(args.root, args.to)
    except ProjectError as error:
        print(error, file=sys.stderr)
        return 1
    outcome = found.outcome
    if args.json:
        changes = {
            key: getattr(outcome, key) for key in ("added", "changed", "removed", "merged", "lost") if outcome
        }
        torn = [f"{conflict.path}:{conflict.line}" for conflict in outcome.conflicts] if outcome else []
        version = {"current": found.before, "newest": found.after, "update_available": outcome is not None}
        print(json.dumps({**version, **changes, "conflicts": torn}, indent=2))
    elif outcome is None:
        print(told_standing(found))
    else:
        print(f"`make update` would bring this project from {found.before} to {found.after}:\n")
        print(*told_changes(outcome), sep="\n")
    return NEWER if outcome else 0
