"""`framework generate`: write what the specs ask for, or with `--check` tell what would be written."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from framework.commands.arguments import add_format, remarks
from framework.fingerprint import is_current, record

if TYPE_CHECKING:
    from framework.output import Changes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    add_format(parser)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail with a diff if something would be written"
    )


def run(args: argparse.Namespace) -> int:
    """Generate; 1, with nothing written, if the specs have errors or a file of the user is in the way."""
    output = remarks(args.format)
    if args.format == "text" and not args.check and is_current(args.root):
        print("Nothing has changed.", file=output)
        return 0
    try:
        return _generate(args, output)
    except OSError as error:  # a disk that is full, a folder that cannot be read, ruff that is not installed
        print(f"Nothing was written: {error}", file=sys.stderr)
        return 1


def _generate(args: argparse.Namespace, output: TextIO) -> int:
    # Imported only now: they take longer than everything that an unchanged project needs.
    from framework.commands.report import report
    from framework.output import reconcile
    from framework.plan import plan

    planned = plan(args.root)
    report(planned.diagnostics, args.format)
    if planned.diagnostics.has_errors:
        print("Nothing was written.", file=sys.stderr)
        return 1
    changes = reconcile(args.root, planned.files, planned.kept)
    if changes.refused:
        return _refuse(changes)
    if args.check:
        return _check(changes, output)
    _write(args.root, changes, output)
    record(args.root, (file.path for file in planned.files))
    return 0


def _check(changes: Changes, output: TextIO) -> int:
    from framework.output import diff

    if not changes.changes:
        return 0
    print(diff(changes), end="", file=output)
    print("Generated files differ from the specs: run `make generate-from-spec`.", file=sys.stderr)
    return 1


def _write(root: Path, changes: Changes, output: TextIO) -> None:
    from framework.output import apply

    apply(root, changes)
    written = sum(change.after is not None for change in changes.changes)
    print(f"Files written: {written}, deleted: {len(changes.changes) - written}.", file=output)


def _refuse(changes: Changes) -> int:
    for path in changes.refused:
        print(f"{path}: this file was not generated, and a generated one belongs here", file=sys.stderr)
    print(
        "Nothing was written: move these files, or name them under custom: in services.yml.", file=sys.stderr
    )
    return 1
