"""`framework docs`: the OpenAPI and AsyncAPI documents of the services; `--check` tells of a drift."""

from __future__ import annotations

import argparse
import sys

from framework.commands.report import report
from framework.docs.documents import documents
from framework.load import load
from framework.output import Changes, apply, diff, reconcile
from framework.places import DOCUMENTS
from framework.resolve import resolve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail with a diff if something would be written"
    )


def run(args: argparse.Namespace) -> int:
    """Write them; 1, with nothing written, if the specs have errors or a service cannot be imported."""
    root = args.root.resolve()
    specs, diagnostics = load(root)
    system = resolve(specs, diagnostics)
    if diagnostics.has_errors:
        report(diagnostics, "text")
        return _failed()
    if not (root / "shared/shared/generated").is_dir():
        print("The code is not generated: run `make generate-from-spec`.", file=sys.stderr)
        return _failed()
    files, errors = documents(root, system)
    for error in errors:
        print(error, file=sys.stderr)
    if errors:
        return _failed()
    try:
        changes = reconcile(root, files, places=DOCUMENTS)
        for path in changes.refused:
            print(f"{path}: this file was not generated, and a generated one belongs here", file=sys.stderr)
        if changes.refused:
            return _failed()
        if args.check:
            return _check(changes)
        apply(root, changes)
    except OSError as error:
        print(error, file=sys.stderr)
        return _failed()
    written = sum(change.after is not None for change in changes.changes)
    print(f"Documents written: {written}, deleted: {len(changes.changes) - written}, all: {len(files)}.")
    return 0


def _failed() -> int:
    print("Nothing was written.", file=sys.stderr)
    return 1


def _check(changes: Changes) -> int:
    if not changes.changes:
        return 0
    print(diff(changes), end="")
    print("The documents differ from what the services offer: run `make docs`.", file=sys.stderr)
    return 1
