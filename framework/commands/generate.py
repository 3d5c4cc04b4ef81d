"""`framework generate`: write what the specs ask for, once or after every save; or tell what it is."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from framework.commands.arguments import add_format, remarks
from framework.fingerprint import is_current

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from pathlib import Path
    from typing import TextIO

    from framework.plan import Plan


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    add_format(parser)
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument(
        "--check", action="store_true", help="write nothing; fail with a diff if something would be written"
    )
    ways.add_argument(
        "--list",
        action="store_true",
        help="write nothing; print each planned file: `generated` or, if it is the user's once it is there, "
        "`stub`, a tab, and the path",
    )
    ways.add_argument(
        "--watch",
        action="store_true",
        help="generate now and after every save of a spec, until Ctrl-C",
    )


def run(args: argparse.Namespace) -> int:
    """Generate; 1, with nothing written, if the specs have errors or a file of the user is in the way."""
    if args.watch:
        return _watch(args.root)
    output = remarks(args.format)
    if args.check:
        return _unless_refused(lambda: _check(args, output))
    if args.list:
        return _unless_refused(lambda: _list(args))
    if args.format == "text" and is_current(args.root):
        print("Nothing has changed.")
        return 0
    return generate(args.root, args.format)


def generate(root: Path, format_: str = "text") -> int:
    """Generate, although nothing may have changed; the exit status is that of the command."""
    return _unless_refused(lambda: _generate(root, format_))


def _unless_refused(run: Callable[[], int]) -> int:
    try:
        return run()
    except BrokenPipeError:
        raise
    except OSError as error:  # a disk that is full, a folder that cannot be read, ruff that is not installed
        print(f"Nothing was written: {error}", file=sys.stderr)
        return 1


def _generate(root: Path, format_: str) -> int:
    # Imported only now: it takes longer than everything that an unchanged project needs.
    from framework.commands.report import report
    from framework.generation import generate_files
    from framework.output import told_refused

    outcome = generate_files(root)
    report(outcome.diagnostics, format_)
    for line in outcome.warnings:
        print(line, file=sys.stderr)
    if outcome.is_done:
        print(outcome.summary, file=remarks(format_))
        return 0
    for line in (*told_refused(outcome.changes), "Nothing was written."):
        print(line, file=sys.stderr)
    return 1


def _check(args: argparse.Namespace, output: TextIO) -> int:
    from framework.output import diff, reconcile, told_refused

    planned = _planned(args)
    if planned.diagnostics.has_errors:
        return 1
    changes = reconcile(args.root, planned.files, planned.kept)
    for line in told_refused(changes):
        print(line, file=sys.stderr)
    if not changes.changes:
        return 0
    print(diff(changes), end="", file=output)
    print(
        f"Generated files differ from the specs ({changes.counts}): run `make generate-from-spec`.",
        file=sys.stderr,
    )
    return 1


def _list(args: argparse.Namespace) -> int:
    planned = _planned(args)
    for file in planned.files:
        print("stub" if file.once else "generated", file.path, sep="\t")
    return int(planned.diagnostics.has_errors)


def _planned(args: argparse.Namespace) -> Plan:
    from framework.commands.report import report
    from framework.plan import plan

    planned = plan(args.root)
    report(planned.diagnostics, args.format)
    return planned


def _watch(root: Path) -> int:
    import asyncio
    from functools import partial

    from framework.watching import regenerate_on_save

    print("Watching the specs; Ctrl-C ends it.", flush=True)
    asyncio.run(regenerate_on_save(root, partial(print, flush=True)))
    return 0
