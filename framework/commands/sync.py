"""`framework sync [--check]`: make the services that services.yml lists and that have no code yet."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framework.scaffold.sync import Sync


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail, and tell it, if something is missing"
    )


def run(args: argparse.Namespace) -> int:
    """Make what is missing; 1, with nothing written, if that cannot be, or if `--check` finds something."""
    from framework.commands.report import report
    from framework.output import told_refused
    from framework.scaffold.sync import compare, synchronize

    try:
        found = compare(args.root) if args.check else synchronize(args.root)
    except OSError as error:
        print(f"Nothing was written: {error}", file=sys.stderr)
        return 1
    report(found.diagnostics, "text")
    if not found.is_sound:
        for line in (*told_refused(found.changes), "Nothing was written."):
            print(line, file=sys.stderr)
        return 1
    return _told_missing(found) if args.check else _told_made(found)


def _told_missing(found: Sync) -> int:
    for service in found.new:
        print(f"services/{service.name} is missing: a {service.type.value} service.")
    if found.changes.changes:
        print(f"Files differ ({found.changes.counts}): run `make sync-services`.", file=sys.stderr)
        return 1
    print("Every service of services.yml has its code.")
    return 0


def _told_made(found: Sync) -> int:
    for path in found.lost:
        print(f"{path}: warning: what was written here by hand is overwritten", file=sys.stderr)
    for service in found.new:
        print(
            f"services/{service.name} is made: {service.type.value}, port {service.port}. From now on yours:"
        )
        for path in found.written(service):
            print(f"  {path}")
    stubs = {path for service in found.new for path in found.written(service)}
    others = [change for change in found.changes.changes if change.path not in stubs]
    if others:
        deleted = sum(change.after is None for change in others)
        print(f"Generated files written: {len(others) - deleted}, deleted: {deleted}.")
    if not found.changes.changes:
        print("Every service of services.yml has its code.")
    return 0
