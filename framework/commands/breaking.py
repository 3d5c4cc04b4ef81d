"""`framework breaking`: whom the specs break who was built against those of a git reference."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from framework.breaking.revision import RevisionError, extract
from framework.breaking.version import Version, compare, read_version
from framework.catalogue import Severity
from framework.catalogue.compatibility import COMPATIBILITY
from framework.commands.arguments import add_format, remarks
from framework.commands.report import report
from framework.diagnostics import did_you_mean
from framework.exits import MISUSE
from framework.renderings import text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    add_format(parser)
    parser.add_argument(
        "--against",
        required=True,
        metavar="REF",
        help="the commit, branch or tag that others were built against, such as origin/main",
    )
    parser.add_argument(
        "--ignore",
        action="append",
        default=[],
        type=_ignored,
        metavar="CODE[:NAME]",
        help="allow a break on purpose: all of a code, or that of one name, such as "
        "operation-removed:backend.list_users or request-field-removed:User.email; may be repeated",
    )


def run(args: argparse.Namespace) -> int:
    """Compare; 1 if something breaks or the specs have errors, 2 if there is nothing to compare with."""
    new = read_version(args.root)
    if new.diagnostics.has_errors:
        report(new.diagnostics, args.format)
        return 1
    try:
        old = _before(args.root, args.against)
    except RevisionError as error:
        print(f"{args.against}: {error}", file=sys.stderr)
        return MISUSE
    diagnostics = compare(old, new, frozenset(args.ignore))
    report(diagnostics, args.format)
    if not len(diagnostics):
        print(f"Nothing breaks that was built against {args.against}.", file=remarks(args.format))
    return 1 if diagnostics.has_errors else 0


def _before(root: Path, revision: str) -> Version:
    with tempfile.TemporaryDirectory() as folder:
        extract(root, revision, Path(folder))
        version = read_version(Path(folder))
    errors = [found for found in version.diagnostics if found.severity is Severity.ERROR]
    if errors:
        raise RevisionError(
            "the specs there are not sound by the language of today, so that nothing can be compared:\n"
            + text.render(errors)
        )
    return version


def _ignored(argument: str) -> str:
    code = argument.partition(":")[0]
    if code not in COMPATIBILITY:
        hint = did_you_mean(code, COMPATIBILITY)
        raise argparse.ArgumentTypeError(f"no code {code!r}{'; ' if hint else ''}{hint}")
    return argument
