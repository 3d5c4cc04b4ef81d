"""`framework lint`: everything that is wrong with the project, and nothing written or imported of it."""

from __future__ import annotations

import argparse
import sys

from framework.commands.arguments import add_format
from framework.commands.report import report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    """Read specs and code and tell what was found; 1 if there are errors."""
    from framework.lint import lint

    try:
        diagnostics = lint(args.root)
    except OSError as error:  # a folder that cannot be read, ruff that is not installed
        print(f"The project cannot be checked: {error}", file=sys.stderr)
        return 1
    report(diagnostics, args.format)
    if diagnostics.has_errors:
        return 1
    if args.format == "text":
        print("Specs, generated code and your code agree.")
    return 0
